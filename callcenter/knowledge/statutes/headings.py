"""Parts, chapters and sections as they nest."""

import re

_BETWEEN_SINGLE = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff]$)")
_SPACES = re.compile(r"\s+")


class Headings:
    def __init__(self, parts: list[str]) -> None:
        self._parts = [clean(part) for part in parts]
        self._open: dict[int, str] = {}
        self.kept = ""
        """Path of the article at hand: a heading behind it belongs to the next one."""

    def add(self, level: int, title: str) -> None:
        self._open = {depth: name for depth, name in self._open.items() if depth < level}
        if title.strip():
            self._open[level] = clean(title)

    def keep(self) -> None:
        self.kept = " > ".join((*self._parts, *(self._open[depth] for depth in sorted(self._open))))


def clean(title: str) -> str:
    """`第一章　总　则` -> `第一章 总则`."""
    return _BETWEEN_SINGLE.sub("", _SPACES.sub(" ", title.strip().strip("*")))

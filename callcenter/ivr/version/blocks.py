"""The lines of a flow's text that belong to each node: only they change when a node is edited.

Written anew as a whole, a text would lose comments: the parser hangs those before a node onto the last field of the one
before it, and they would go with that field.
"""

from dataclasses import dataclass
from typing import Any

INDENT = 2
"""Spaces by which the writer indents a node."""


@dataclass(frozen=True, slots=True)
class Blocks:
    lines: list[str]
    """With their ends."""
    places: dict[str, tuple[int, int]]
    """Node -> its first line, and the line after its last one. Empty lines and comments after it are not its own."""

    @staticmethod
    def of(text: str, nodes: Any) -> "Blocks | None":
        """None: nodes share lines (`nodes: {a: …, b: …}`), so that none can be changed alone."""
        lines = text.splitlines(keepends=True)
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        if nodes.fa.flow_style():
            return None
        starts = [(nodes.lc.key(key)[0], nodes.lc.key(key)[1], str(key)) for key in nodes]
        column = starts[0][1] if starts else 0
        places: dict[str, tuple[int, int]] = {}
        for index, (start, _, name) in enumerate(starts):
            end = starts[index + 1][0] if index + 1 < len(starts) else _end(lines, start, column)
            if end <= start:
                return None
            while end > start + 1 and _says_nothing(lines[end - 1]):
                end -= 1
            places[name] = (start, end)
        return Blocks(lines, places) if places and column > 0 else None

    def alone(self, node: str) -> str:
        """A text with this node only."""
        start, end = self.places[node]
        return "nodes:\n" + "".join(self.lines[start:end])

    def replaced(self, node: str, text: str) -> str:
        """`text`: as of `alone`; without a node this one is taken out, with the empty lines that set it off."""
        start, end = self.places[node]
        is_last = (start, end) == self._last()
        fresh = self._shifted(text)
        if not fresh:
            while end < len(self.lines) and not self.lines[end].strip():
                end += 1
            while is_last and not self.lines[start - 1].strip():
                start -= 1
        return "".join([*self.lines[:start], *fresh, *self.lines[end:]])

    def appended(self, text: str) -> str:
        """After the last node; set off by an empty line when the others are."""
        end = self._last()[1]
        before = [self.lines[start - 1] for start, _ in sorted(self.places.values())[1:]]
        gap = ["\n"] if any(not line.strip() for line in before) else []
        return "".join([*self.lines[:end], *gap, *self._shifted(text), *self.lines[end:]])

    def _last(self) -> tuple[int, int]:
        return max(self.places.values())

    def _shifted(self, text: str) -> list[str]:
        """Without `nodes:`, as far to the right as the other nodes are."""
        start, _ = next(iter(self.places.values()))
        wanted = len(self.lines[start]) - len(self.lines[start].lstrip())
        _, *block = text.splitlines(keepends=True)
        written = len(block[0]) - len(block[0].lstrip()) if block else INDENT
        more = wanted - written
        return [" " * more + line if more >= 0 else line[-more:] for line in block]


def _end(lines: list[str], start: int, column: int) -> int:
    """Line after the last node: where something stands further to the left."""
    for index in range(start + 1, len(lines)):
        line = lines[index]
        if line.strip() and not line.lstrip().startswith("#") and len(line) - len(line.lstrip()) < column:
            return index
    return len(lines)


def _says_nothing(line: str) -> bool:
    return not line.strip() or line.lstrip().startswith("#")

"""How words are pronounced. pypinyin takes half a second to load: what it said once is kept beside the index."""

import json
import os
from pathlib import Path


def syllables(text: str) -> list[str]:
    """Pinyin without tones; one syllable for each character of a Chinese text."""
    from pypinyin import lazy_pinyin

    found: list[str] = lazy_pinyin(text)
    return found


class Sounds:
    def __init__(self, kept: Path | None = None) -> None:
        self._path = kept
        self._known: dict[str, list[str]] = {}
        self._new = False
        if kept is not None:
            try:
                self._known = json.loads(kept.read_text(encoding="utf-8"))
            except (OSError, ValueError):
                self._known = {}  # not there yet, or cut short

    def of(self, word: str) -> tuple[str, ...]:
        if word not in self._known:
            self._known[word] = syllables(word)
            self._new = True
        return tuple(self._known[word])

    def keep(self) -> None:
        if self._path is None or not self._new:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        aside = self._path.with_name(f"{self._path.name}.{os.getpid()}")
        aside.write_text(json.dumps(self._known, ensure_ascii=False), encoding="utf-8")
        aside.replace(self._path)
        self._new = False

"""The part of a text that shows why it was found, and where in it the words are. Plain text: nothing is marked up."""

import re
from collections.abc import Iterable

from callcenter.knowledge.search.text import is_han, pieces

LENGTH = 120
"""Characters."""
MARKS_MAX = 30
PLACES_MAX = 80


def snippet(text: str, words: Iterable[str]) -> tuple[str, list[tuple[int, int]]]:
    """(part of `text` on one line, [start, end) of each word in it)."""
    line = re.sub(r"\s+", " ", text).strip()
    places = sorted({place for word in words for place in _places(line, word)})[:PLACES_MAX]
    start = _best_start(line, places)
    end = min(len(line), start + LENGTH)
    shown = ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
    shift = start - (1 if start else 0)
    marks = [(a - shift, b - shift) for a, b in places if a >= start and b <= end]
    return shown, _joined(marks)[:MARKS_MAX]


def _places(line: str, word: str) -> list[tuple[int, int]]:
    exact = _all(line, word)
    if exact or len(word) < 3 or not is_han(word):
        return exact
    return [place for pair in pieces(word) for place in _all(line, pair)]


def _all(line: str, word: str) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    at = line.find(word)
    while at >= 0 and len(found) < MARKS_MAX:
        found.append((at, at + len(word)))
        at = line.find(word, at + len(word))
    return found


def _best_start(line: str, places: list[tuple[int, int]]) -> int:
    """Where the window holds the most: begun a little before a find, at the start of its clause if that is near."""
    if len(line) <= LENGTH or not places:
        return 0
    best, most = 0, 0
    for start, _ in places:
        begin = max(0, min(_clause(line, start), len(line) - LENGTH))
        inside = sum(b - a for a, b in places if a >= begin and b <= begin + LENGTH)
        if inside > most:
            best, most = begin, inside
    return best


def _clause(line: str, at: int) -> int:
    for back in range(at, max(0, at - 20), -1):
        if line[back - 1] in "。；，：、 ":
            return back
    return max(0, at - 10)


def _joined(marks: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in marks:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined

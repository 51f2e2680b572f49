"""How much of a query one of an entry's questions has."""

from collections.abc import Sequence

from rapidfuzz import fuzz

from callcenter.knowledge.search.plan import Plan
from callcenter.knowledge.search.text import is_mongolian, stems

SLIP = 75.0
"""rapidfuzz's likeness, of 100, from which a word is taken for a mistyped one: one wrong character of four."""
SLIP_FROM = 4
"""Characters of the shortest word in which a slip is forgiven."""


def shared(asked: Plan, questions: Sequence[str]) -> float:
    """Share of the query's own words, by length, that the likest of the questions has; a slip in one is forgiven."""
    words = [names[0] for names in asked.words]
    whole = sum(len(word) for word in words)
    if not whole:
        return 0.0
    return max(
        sum(len(word) for word in words if word in question or _slip(word, question)) / whole for question in questions
    )


def _slip(word: str, question: str) -> bool:
    """The same word with one wrong character, or, in Mongolian, with another ending."""
    if is_mongolian(word):
        return any(stem in question for stem in stems(word))
    return len(word) >= SLIP_FROM and fuzz.partial_ratio(word, question) >= SLIP

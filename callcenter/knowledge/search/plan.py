"""What a query asks for: pure, from the words and the lexicon, before any index is touched."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import rjieba

from callcenter.knowledge.search.lexicon import Lexicon
from callcenter.knowledge.search.reference import LawNames, Reference, read_reference
from callcenter.knowledge.search.text import clean, is_han, runs
from callcenter.knowledge.search.words import Words

MATTERS_MAX = 6
"""Of the matters that a query matches, the longest expressions count: they are the most particular."""
WORDS_MAX = 40
TYPED_MAX = 60
"""Characters up to which slips of the pen are mended: what is longer was pasted."""
WHOLE_FROM, WHOLE_TO = 3, 8
"""Characters of a query that is also looked for as it is."""
_LETTERS = re.compile(r"[a-z][a-z ']*[a-z]")


@dataclass(frozen=True, slots=True)
class Plan:
    text: str
    """The query as understood: simplified, pinyin spelt out, mistakes mended."""
    reference: Reference
    wording: tuple[tuple[str, float], ...]
    """Phrases of the statutes, with weights up to 1."""
    laws: tuple[tuple[str, float], ...]
    """Statutes in which the matter is most likely found."""
    words: tuple[tuple[str, ...], ...]
    """The query's own words, each with what it may be called otherwise."""
    topics: tuple[str, ...]
    """Of the matters recognised, the likeliest first."""

    @property
    def empty(self) -> bool:
        return not (self.words or self.wording or self.laws or self.reference.article)


def plan(query: str, words: Words, lexicon: Lexicon, names: LawNames, known: Callable[[str], bool]) -> Plan:
    text = clean(query)
    reference = read_reference(text, names)
    rest = _spelt_out(reference.rest, lexicon, known)
    if len(rest) <= TYPED_MAX:
        rest = lexicon.corrected(rest, known)
    matched = words.matching(rest)[:MATTERS_MAX]
    longest = matched[0][0] if matched else 1
    wording: dict[str, float] = {}
    laws: dict[str, float] = {}
    topics: dict[str, None] = {}
    for length, matter in matched:
        weight = length / longest
        for phrase in matter.law:
            for part in phrase.split():
                wording[part] = max(wording.get(part, 0.0), weight)
        for law in matter.within:
            laws[law] = max(laws.get(law, 0.0), weight)
        topics[matter.topic] = None
    if reference.law:
        laws[reference.law] = 1.0
    return Plan(rest, reference, tuple(wording.items()), tuple(laws.items()), _words(rest, words), tuple(topics))


def _spelt_out(text: str, lexicon: Lexicon, known: Callable[[str], bool]) -> str:
    def meant(match: re.Match[str]) -> str:
        typed = match[0]
        joined = re.sub(r"[ ']", "", typed)
        if known(joined):
            return typed
        found = lexicon.typed_in_pinyin(joined)
        return " ".join(found) if found else typed

    return _LETTERS.sub(meant, text)


def _words(text: str, words: Words) -> tuple[tuple[str, ...], ...]:
    found: dict[str, None] = {}
    for run in runs(text):
        if not is_han(run):
            found[run] = None
            continue
        cut = [word for word in rjieba.cut(run) if word not in words.ignored]
        if WHOLE_FROM <= len(run) <= WHOLE_TO and len(cut) > 1:
            found[run] = None  # what was typed as one may be one: the dictionary does not know 支付令
        found |= dict.fromkeys(word for word in cut if len(word) > 1 or word in words.synonyms)
    if not found:  # a query of nothing but everyday words: better those than nothing
        found = dict.fromkeys(runs(text))
    return tuple((word, *words.synonyms.get(word, ())) for word in list(found)[:WORDS_MAX])

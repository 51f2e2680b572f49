"""The search itself: one immutable `Snapshot` of words, entries and statutes answers; a new state is a new snapshot."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import rjieba
import tantivy

from callcenter.knowledge.entry.model import EVERYWHERE, SECTIONS, Entry, Front
from callcenter.knowledge.entry.topics import Topics
from callcenter.knowledge.search import entry_index, query, statute_index, telling_index
from callcenter.knowledge.search.lexicon import Lexicon
from callcenter.knowledge.search.likeness import shared as shared_words
from callcenter.knowledge.search.meaning import Meanings
from callcenter.knowledge.search.model import Cited, Found, Hit, Wanted, entry_validity, validity
from callcenter.knowledge.search.plan import Plan, plan
from callcenter.knowledge.search.reference import LawNames
from callcenter.knowledge.search.snippet import snippet
from callcenter.knowledge.search.sounds import Sounds
from callcenter.knowledge.search.text import pieces, runs
from callcenter.knowledge.search.words import Words
from callcenter.knowledge.statutes.numerals import spoken

ENTRY_SHARE = 0.6
"""Of the results at most so many are entries before the first article: a lawyer wants to see both."""
AGREE_WITH = 12
"""Articles that an entry may agree with, the best first."""
ENTRIES_LOOKED_AT = 24
AGREE_SURELY = 3
"""Citing one of the first so many is enough for an entry to be shown."""
LIKE_QUESTION, SAME_QUESTION = 0.34, 0.66
"""Share of the query's words that one of an entry's questions has: a sign, and proof enough."""
SOME_WORDS = 0.2
"""Share that is enough when no matter was recognised: then the articles found are guesses, and agree with nothing."""
TOLD = 0.7
"""What a likeness to an entry's tellings is worth beside the score of its texts."""
EVERYDAY_LAW = 4.0
"""Added for an article of a statute that topics.yaml names: of 1,400 statutes callers ask about some eighty."""
CITED_BY_ENTRY = 1.3
"""An article that a fitting entry cites was found twice."""
ARTICLES_LOOKED_AT = 30
LAW_NAME_TYPED = 12
"""Characters of the longest name of a statute that somebody types in pinyin."""

Article = tuple[float, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Indexed:
    entry: Entry
    chinese: Front
    """Of the Chinese version, which has the citations, the dates and the groups."""
    cites: frozenset[tuple[str, str]]
    asked: tuple[str, ...]
    """Title, questions, keywords and, of the Chinese version, everyday tellings."""

    @staticmethod
    def of(entry: Entry, chinese: Front) -> "Indexed":
        cites = frozenset((citation.law, citation.article) for citation in chinese.laws)
        front = entry.front
        told = front.asked_as if isinstance(front, Front) else ()
        return Indexed(entry, chinese, cites, (front.title, *front.questions, *front.keywords, *told))


@dataclass(frozen=True)
class Snapshot:
    words: Words
    lexicon: Lexicon
    names: LawNames
    topics: Topics
    entries: tuple[Indexed, ...]
    entry_searcher: tantivy.Searcher
    telling_searcher: tantivy.Searcher
    meanings: Meanings
    everyday: frozenset[str]
    """Statutes that topics.yaml names."""
    statutes: tantivy.Searcher | None
    """None: no statutes are imported."""

    @staticmethod
    def of(
        words: Words,
        topics: Topics,
        entries: Sequence[Entry],
        laws: Sequence[str],
        statutes: tantivy.Index | None,
        sounds: Sounds,
        cache: Path,
    ) -> "Snapshot":
        """`cache`: the folder where what entries mean is kept."""
        chinese = {entry.id: entry.front for entry in entries if isinstance(entry.front, Front)}
        whole = tuple(Indexed.of(entry, chinese[entry.id]) for entry in entries if entry.id in chinese)
        keywords = [word for front in chinese.values() for word in front.keywords]
        short = [law for law in laws if len(law) <= LAW_NAME_TYPED]
        return Snapshot(
            words=words,
            lexicon=Lexicon.of(
                [*words.terms, *keywords, *short], [*words.legal, *keywords, *short], words.ignored, sounds
            ),
            names=LawNames(list(laws), words.aliases),
            topics=topics,
            entries=whole,
            entry_searcher=entry_index.build((one.entry, one.chinese) for one in whole).searcher(),
            telling_searcher=telling_index.build(one.asked for one in whole).searcher(),
            meanings=Meanings.of((one.asked for one in whole), cache),
            everyday=frozenset(topics.laws),
            statutes=statutes.searcher() if statutes is not None else None,
        )

    def warm(self, today: date) -> None:
        """Make what the libraries make on first use: dictionaries, mapped files."""
        self.find("老闆 qianxin 劳动合同法第四十七条", Wanted(limit=1), today)
        self.find("老板拖欠工资怎么办", Wanted(limit=1), today)

    def find(self, typed: str, wanted: Wanted, today: date) -> Found:
        started = time.perf_counter()
        asked = plan(typed, self.words, self.lexicon, self.names, self._known)
        hits: list[Hit] = []
        if not asked.empty:
            articles = self._articles(asked, wanted, today)
            entries = self._entries(asked, wanted, today, articles)
            hits = self._together(asked, entries, articles, wanted, today)
        took = (time.perf_counter() - started) * 1000
        return Found(query=typed, understood=asked.text, took_ms=round(took, 3), hits=hits)

    def _known(self, word: str) -> bool:
        """Whether a word is in the dictionary or in a statute: then it is no mistake."""
        if rjieba.has_word(word):
            return True
        if self.statutes is None:
            return False
        parts = [part for run in runs(word) for part in pieces(run)]
        if any(self.statutes.doc_freq("text", part) == 0 for part in parts):
            return False
        exact = tantivy.Query.phrase_query(statute_index.schema(), "text", list(parts)) if len(parts) > 1 else None
        return exact is None or self.statutes.search(exact, 1, count=False).hits != []

    # -- statutes

    def _articles(self, asked: Plan, wanted: Wanted, today: date) -> list[Article]:
        """Current ones first, then those to come; those that are no longer law only behind all others."""
        if self.statutes is None:
            return []
        schema = _STATUTES
        base = query.statute_query(schema, asked)
        if asked.reference.article:
            base = query.referenced(schema, base, asked.reference.law, asked.reference.article)
        if wanted.topic:
            laws = [law for topic in self.topics.of(wanted.topic) for law in topic.laws]
            base = query.only_laws(schema, base, laws)
        found: list[Article] = []
        for state in _STATES:
            if wanted.valid in ("", state) and len(found) < wanted.limit:
                limited = query.valid_on(schema, base, today.toordinal(), state)
                found += self._search(limited, max(ARTICLES_LOOKED_AT if state == "current" else 0, wanted.limit))
        return found

    def _search(self, asked: tantivy.Query, limit: int) -> list[Article]:
        assert self.statutes is not None  # noqa: S101
        result = self.statutes.search(asked, limit, count=False, weight_by_field=statute_index.WEIGHT)
        return [(score, self.statutes.doc(address).to_dict()) for score, address in result.hits]

    # -- entries

    def _entries(
        self, asked: Plan, wanted: Wanted, today: date, articles: Sequence[Article]
    ) -> list[tuple[float, int]]:
        """(how sure, place in `entries`) of those that answer the question, the surest first."""
        best = [_key(article) for article in articles[:AGREE_WITH]]
        found = self.entry_searcher.search(query.entry_query(_ENTRIES, asked, best), ENTRIES_LOOKED_AT, count=False)
        told = telling_index.told(self.telling_searcher, self.meanings, asked)
        likest = telling_index.likest(told)
        scores = dict.fromkeys(told, 0.0)
        scores |= {self.entry_searcher.doc(address).to_dict()["at"][0]: score for score, address in found.hits}
        fitting: list[tuple[float, int]] = []
        for at, score in scores.items():
            one = self.entries[at]
            if not self._passes(one.entry, one.chinese, wanted, today):
                continue
            shared, cites = shared_words(asked, one.asked), one.cites
            if asked.reference.article is not None:
                fits = not cites.isdisjoint(best)
            else:
                fits = (
                    at in likest
                    or shared >= SAME_QUESTION
                    or not cites.isdisjoint(best[:AGREE_SURELY])
                    or (shared >= LIKE_QUESTION and not cites.isdisjoint(best))
                    or (shared >= SOME_WORDS and not asked.wording)
                )
            if fits:
                fitting.append((score * (1 + shared) + TOLD * told.get(at, 0.0), at))
        return sorted(fitting, key=lambda item: (-item[0], item[1]))

    def _passes(self, entry: Entry, chinese: Front, wanted: Wanted, today: date) -> bool:
        topics = {topic.id for topic in self.topics.of(wanted.topic)} if wanted.topic else {chinese.topic}
        return (
            chinese.topic in topics
            and wanted.group in ("", *chinese.groups)
            and (not wanted.region or EVERYWHERE in chinese.region or wanted.region in chinese.region)
            and wanted.language in ("", entry.language)
            and wanted.valid in ("", entry_validity(today, chinese))
        )

    # -- both

    def _together(
        self, asked: Plan, entries: list[tuple[float, int]], articles: list[Article], wanted: Wanted, today: date
    ) -> list[Hit]:
        limit = max(1, wanted.limit)
        first = max(1, round(limit * ENTRY_SHARE)) if articles else limit
        cited = {citation for _, at in entries[:first] for citation in self.entries[at].cites}
        articles = sorted(articles, key=lambda article: -_worth(article, cited, self.everyday, today))
        marks = _marks(asked)
        hits = [self._entry_hit(at, marks, today) for _, at in entries[:first]]
        hits += [_article_hit(article, marks, today) for article in articles[: limit - len(hits)]]
        hits += [self._entry_hit(at, marks, today) for _, at in entries[first : first + limit - len(hits)]]
        return hits

    def _entry_hit(self, at: int, marks: Sequence[str], today: date) -> Hit:
        entry, chinese = self.entries[at].entry, self.entries[at].chinese
        text, places = snippet(entry.sections[SECTIONS[0]], marks)
        return Hit(
            kind="entry",
            id=entry.id,
            title=entry.front.title,
            valid=entry_validity(today, chinese),
            citations=tuple(Cited(citation.law, citation.article) for citation in chinese.laws),
            snippet=text,
            highlights=places,
            topic=chinese.topic,
            language=entry.language,
            status=entry.front.status,
            valid_from=chinese.valid_from,
            valid_until=chinese.valid_until,
        )


_STATUTES = statute_index.schema()
_ENTRIES = entry_index.schema()
_STATES: tuple[query.Validity, ...] = ("current", "future", "expired")


def _key(article: Article) -> tuple[str, str]:
    return article[1]["name"][0], article[1]["number"][0]


def _worth(article: Article, cited: set[tuple[str, str]], everyday: frozenset[str], today: date) -> float:
    score, stored = article
    worth = score * (CITED_BY_ENTRY if _key(article) in cited else 1.0)
    worth += EVERYDAY_LAW if stored["name"][0] in everyday else 0.0
    valid = validity(today, date.fromordinal(stored["since"][0]), date.fromordinal(stored["until"][0]))
    return worth if valid == "current" else worth / 1_000 if valid == "future" else worth / 1_000_000


def _marks(asked: Plan) -> list[str]:
    return [phrase for phrase, _ in asked.wording] + [name for names in asked.words for name in names]


def _article_hit(article: Article, marks: Sequence[str], today: date) -> Hit:
    stored = article[1]
    law, number = _key(article)
    version = bytes(stored["version"][0]).decode()
    since, until = date.fromordinal(stored["since"][0]), date.fromordinal(stored["until"][0])
    text, places = snippet(bytes(stored["body"][0]).decode(), marks)
    return Hit(
        kind="article",
        id=f"{law}@{version}#{number}",
        title=f"{law} {spoken(number)}",
        valid=validity(today, since, until),
        citations=(Cited(law, number),),
        snippet=text,
        highlights=places,
        law=law,
        article=number,
        version=date.fromisoformat(version),
        heading=bytes(stored["path"][0]).decode(),
        valid_from=since,
        valid_until=None if until == statute_index.FOREVER else until,
    )


Reload = Callable[[], Snapshot]

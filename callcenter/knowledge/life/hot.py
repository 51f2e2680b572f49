"""The hot questions of a month: what callers asked, whether an entry answers it, and what nobody wrote yet."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from rapidfuzz import fuzz

from callcenter.errors import BadInput
from callcenter.instants import CHINA
from callcenter.knowledge.search.model import Found

LOOKED_AT = 300
"""Different questions that are searched for: a search takes some 5 ms, and somebody waits."""
ASKED_MAX = 120
"""Characters of a question that are looked at."""
ALIKE = 62.0
"""rapidfuzz's likeness, of 100, from which two questions are one."""
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Asked:
    words: str
    source: str
    """record | search | gap"""


@dataclass
class Question:
    words: str
    """As it was put most often."""
    times: int
    sources: dict[str, int] = field(default_factory=dict)
    entry: str | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Hot:
    month: str
    topics: list[tuple[str, int]]
    """Topic code of the case records -> records, the most first."""
    questions: list[Question]
    """With an entry that answers, the most asked first."""
    missing: list[Question]
    """Without."""
    asked: int
    looked_at: int
    """Questions in all, and how many different ones were searched for."""


def month_of(text: str) -> tuple[datetime, datetime]:
    """`2026-11` -> its first instant and the one after its last, in China's time. Raises BadInput."""
    try:
        first = date.fromisoformat(f"{text}-01")
    except ValueError:
        raise BadInput(f"month: {text[:20]!r} is not a month like 2026-11", fields=["month"]) from None
    after = (first + timedelta(days=31)).replace(day=1)
    return datetime.combine(first, time(), CHINA), datetime.combine(after, time(), CHINA)


def hot(month: str, topics: list[tuple[str, int]], asked: Sequence[Asked], find: Callable[[str], Found]) -> Hot:
    """A gap is a lawyer's word that nothing fitted: it is never counted as answered."""
    times: Counter[str] = Counter()
    sources: dict[str, Counter[str]] = {}
    for one in asked:
        words = " ".join(one.words.split())[:ASKED_MAX]
        if words:
            times[words] += 1
            sources.setdefault(words, Counter())[one.source] += 1
    looked_at = times.most_common(LOOKED_AT)
    answered: dict[str, Question] = {}
    missing: list[Question] = []
    for words, count in looked_at:
        first = next((hit for hit in find(words).hits if hit.kind == "entry"), None)
        gap = sources[words]["gap"] > 0
        if first is not None and not gap:
            held = answered.setdefault(first.id, Question(words, 0, {}, first.id, first.title))
        else:
            held = next((one for one in missing if fuzz.ratio(one.words, words) >= ALIKE), None) or Question(words, 0)
            if held.times == 0:
                missing.append(held)
        held.times += count
        for source, part in sources[words].items():
            held.sources[source] = held.sources.get(source, 0) + part
    return Hot(
        month=month,
        topics=topics,
        questions=sorted(answered.values(), key=lambda one: -one.times)[:SHOWN],
        missing=sorted(missing, key=lambda one: -one.times)[:SHOWN],
        asked=sum(times.values()),
        looked_at=len(looked_at),
    )

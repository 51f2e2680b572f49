"""What is asked of the search and what it answers."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from callcenter.knowledge.entry.model import Front

Valid = Literal["current", "expired", "future"]

LIMIT_MAX = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Filters; empty: any."""

    topic: str = ""
    """Id of topics.yaml or code of a case record."""
    group: str = ""
    region: str = ""
    language: str = ""
    valid: str = ""
    """current | expired | future"""
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Cited:
    law: str
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    kind: Literal["entry", "article"]
    id: str
    """An entry's id; an article's `law@version#number`."""
    title: str
    valid: Valid
    citations: tuple[Cited, ...]
    snippet: str
    highlights: list[tuple[int, int]]
    """[start, end) in `snippet`."""
    law: str | None = None
    article: str | None = None
    version: date | None = None
    heading: str = ""
    topic: str = ""
    language: str = "zh"
    status: str = ""
    valid_from: date | None = None
    valid_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    query: str
    understood: str
    """The query after spelling: simplified, pinyin written out, mistakes mended."""
    took_ms: float
    hits: list[Hit] = field(default_factory=list)


def validity(today: date, since: date, until: date | None) -> Valid:
    if until is not None and until <= today:
        return "expired"
    return "future" if since > today else "current"


def entry_validity(today: date, front: Front) -> Valid:
    """Of an entry; a retired one is no longer valid, whatever its dates say."""
    return "expired" if front.status == "retired" else validity(today, front.valid_from, front.valid_until)

"""The case record of an answered call (话务工单), and the catalogue its fields choose from."""

from dataclasses import dataclass, field
from datetime import datetime

IDENTITY_MAX = 64
TEXT_MAX = 10_000
NEEDED_TO_CLOSE = ("topic", "reply", "outcome")
"""DB32/T 3837-2020 3.5: a record without category and reply is not finished."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One choice of the catalogue. `id` is stored and stays; names are for the screen."""

    id: str
    name: dict[str, str]
    children: tuple["Entry", ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Where callers' matters may lie, by the site's settings."""

    entries: tuple[Entry, ...] = ()
    own: str = ""
    """A record that nobody has saved yet begins with it; its call has no place until then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    version: int
    topics: tuple[Entry, ...]
    outcomes: tuple[Entry, ...]
    groups: tuple[Entry, ...]
    end_reasons: tuple[Entry, ...]
    """Why a seat may end a talk after two warnings."""

    @property
    def topic_ids(self) -> frozenset[str]:
        return frozenset(e.id for parent in self.topics for e in (parent, *parent.children))


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What the seat has written so far."""

    topic: str = ""
    place: str = ""
    identity: str = ""
    groups: tuple[str, ...] = ()
    request: str = ""
    reply: str = ""
    outcome: str = ""

    @property
    def missing_to_close(self) -> list[str]:
        return [name for name in NEEDED_TO_CLOSE if not getattr(self, name).strip()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    call: str
    seat: str
    opened_at: datetime
    saved_at: datetime | None
    closed_at: datetime | None
    version: int
    """Counts the saves; whoever saves names the one he read."""
    order_no: str | None = None
    """What the caller keys in to hear how it stands."""
    draft: Draft = field(default_factory=Draft)

"""A return visit, what is registered of it, and what a site decides about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

WORDS_MAX = 2_000


class Kind(StrEnum):
    """Why there is a visit. One of each kind per call."""

    DISSATISFIED = "dissatisfied"
    COMPLAINT = "complaint"
    DRAW = "draw"
    """Drawn at random among the closed matters of a week or month."""


class VisitState(StrEnum):
    """open -> assigned -> closed; assigned -> assigned (to somebody else). Nothing leads out of `closed`."""

    OPEN = "open"
    ASSIGNED = "assigned"
    CLOSED = "closed"


class Result(StrEnum):
    """What the caller says now, or why he says nothing."""

    SETTLED = "settled"
    EXPLAINED = "explained"
    """He accepts the explanation."""
    STILL_DISSATISFIED = "still-dissatisfied"
    DECLINED = "declined"
    """Reached, and does not want to talk about it."""
    NOT_REACHED = "not-reached"


class Cause(StrEnum):
    """Why he was dissatisfied, as the visitor found."""

    ATTITUDE = "attitude"
    ADVICE = "advice"
    WAITING = "waiting"
    CONNECTION = "connection"
    OUTSIDE = "outside"
    """Asks for what no hotline may do."""
    MISTAKE = "mistake"
    """Pressed the wrong key, meant somebody else."""
    NONE = "none"
    """Nothing was wrong; of a drawn visit."""
    UNKNOWN = "unknown"
    """He could not be asked."""
    OTHER = "other"


class How(StrEnum):
    TELEPHONE = "telephone"
    """Called by the hotline, from the task."""
    OTHER_TELEPHONE = "other-telephone"
    MESSAGE = "message"
    IN_PERSON = "in-person"


class Calendar(Protocol):
    """`callcenter.ivr.hours.Hours`."""

    def kind_of(self, day: date) -> str:
        """`workday`, `weekend` or `holiday`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRules:
    dissatisfied: frozenset[int]
    """Grades that ask for a visit; 5 is the worst."""
    days: Mapping[Kind, int]
    """Working days until a visit has to be closed."""
    attempts: int
    """So many have to be on record before a visit may be closed without having reached him."""
    calendar: Calendar


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    result: Result
    cause: Cause
    correction: str
    """What was put right, or is to be."""


class Due(StrEnum):
    FINE = "fine"
    WARN = "warn"
    OVERDUE = "overdue"


def due(state: str, warn_at: datetime, due_at: datetime, closed_at: datetime | None, now: datetime) -> Due:
    """Of a closed one: whether it was closed in time."""
    at = closed_at if state == VisitState.CLOSED and closed_at is not None else now
    if at >= due_at:
        return Due.OVERDUE
    return Due.WARN if at >= warn_at and state != VisitState.CLOSED else Due.FINE

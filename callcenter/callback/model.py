"""A request to be called back, and what a site decides about it (`site/callbacks.yaml`)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

CHANNEL = "cb-"
"""Begin of an attempt's id, which is its channel's Uniqueid and its call's linkedid."""


class RequestState(StrEnum):
    """Where a request stands. Values are stored, `open` also by menus and by the number in the cloud.

    open -> dialling -> served
     ^         |-> open (again after a pause) | given_up | cancelled | taken (whoever had it called has it again)
     '---------'
    open -> taken -> done                 (a person deals with it: messages, and callbacks that need one)
    open -> cancelled | merged | given_up; refused: never open
    """

    OPEN = "open"
    """Waits, until `due_at` and for a seat of its line."""
    DIALLING = "dialling"
    TAKEN = "taken"
    SERVED = "served"
    DONE = "done"
    GIVEN_UP = "given_up"
    CANCELLED = "cancelled"
    MERGED = "merged"
    REFUSED = "refused"

    @property
    def over(self) -> bool:
        return self not in (RequestState.OPEN, RequestState.DIALLING, RequestState.TAKEN)


class First(StrEnum):
    """Whose telephone rings first. Values are those of `site/callbacks.yaml`."""

    CALLER = "caller"
    """He confirms with 1, then he waits for a seat at the head of his line."""
    SEAT = "seat"
    """A seat takes the request, and hears the citizen's telephone ring: for lines with few lawyers."""


class Result(StrEnum):
    """How an attempt ended."""

    SERVED = "served"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    UNCONFIRMED = "unconfirmed"
    """Something answered and nobody pressed 1: a carrier's voicemail, perhaps."""
    LEFT = "left"
    """Pressed 1 and hung up before a seat answered."""
    DECLINED = "declined"
    """Pressed 2: needs no call any more."""
    LOST = "lost"
    """Nobody can say: the engine died, and Asterisk knows of no such call. Counts as a try, he may have been rung."""
    NOT_SENT = "not_sent"
    """Asterisk was away or refused: the caller's telephone did not ring. Counts as no try."""
    NO_SEAT = "no_seat"
    """The seat that took the request did not answer its own telephone; the caller's did not ring. Counts as no try."""


class AttemptState(StrEnum):
    """ordered -> claimed -> dialling -> confirmed -> over; claimed -> unknown -> dialling | over.
    When a seat is rung first: claimed -> seat_rings -> dialling.

    `claimed` stands in the database before anything is sent to Asterisk."""

    ORDERED = "ordered"
    """A person wants it at once; the engine has not seen it yet."""
    CLAIMED = "claimed"
    UNKNOWN = "unknown"
    """Sent, and the answer is lost: it is looked for in Asterisk and never simply sent again."""
    SEAT_RINGS = "seat_rings"
    DIALLING = "dialling"
    """The citizen's telephone."""
    CONFIRMED = "confirmed"
    """He pressed 1, or talks with the seat that calls him."""
    OVER = "over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """Of one line. `pauses`: before the second attempt, the third and so on; the last one repeats."""

    first: First = First.CALLER
    attempts: int = 3
    pauses: tuple[timedelta, ...] = (timedelta(minutes=5), timedelta(minutes=30))
    ring_s: int = 30
    confirm_s: int = 60
    """So long after the answer a caller who has not pressed 1 is let go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policies:
    lines: Mapping[str, Policy] = field(default_factory=dict)

    def of(self, line: str) -> Policy:
        return self.lines.get(line, Policy())


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`call` is the one in which it was asked for; `at` its arrival there, which is its place in the line."""

    call: str
    kind: str
    at: datetime
    line: str
    state: RequestState = RequestState.OPEN
    due_at: datetime | None = None
    """Not before; None: at once."""
    tries: int = 0
    reason: str = ""
    ended_at: datetime | None = None


class Refused(StrEnum):
    """Why a number is not called back."""

    NO_NUMBER = "no-number"
    FOREIGN = "foreign-number"
    NOT_A_TELEPHONE = "not-a-telephone"
    DO_NOT_CALL = "do-not-call"


_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0[1-9]\d{8,10}")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_COUNTRY = re.compile(r"(\+|00)86")


def dialable(number: str) -> str | Refused:
    """The number as a Chinese carrier takes it, or why it cannot be called. Mobile numbers, landlines with area code,
    and local ones of seven or eight digits; a hotline's or a service number is nobody's telephone."""
    bare = number.strip()
    if not bare:
        return Refused.NO_NUMBER
    national = _COUNTRY.sub("", bare, count=1) if _COUNTRY.match(bare) else bare
    if national != bare and not _MOBILE.fullmatch(national) and not national.startswith("0"):
        national = f"0{national}"
    if national.startswith(("+", "00")):
        return Refused.FOREIGN
    if any(form.fullmatch(national) for form in (_MOBILE, _LANDLINE, _LOCAL)):
        return national
    return Refused.NOT_A_TELEPHONE

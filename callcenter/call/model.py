"""A call's record: the fold of its domain events. One call, one record."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from callcenter.ids import Linkedid, PersonId, SeatId, Uniqueid


class Outcome(StrEnum):
    """How a call ended, for the figures. Decided by the fold only. Values as in the call history CSV."""

    ANSWERED = "answered"
    ABANDONED_IVR = "abandoned_ivr"
    ABANDONED_QUEUE = "abandoned_queue"
    QUEUE_TIMEOUT = "queue_timeout"
    VOICEMAIL = "voicemail"
    CALLBACK_REQUESTED = "callback_requested"
    BLOCKED = "blocked"
    SYSTEM_FAILURE = "system_failure"
    TRANSFERRED_OUT = "transferred_out"


class EndedBy(StrEnum):
    CALLER = "caller"
    SEAT = "seat"
    SYSTEM = "system"


class Source(StrEnum):
    DIRECT = "direct"
    HOTLINE_12345 = "12345"
    EMERGENCY_110 = "110"
    WEB = "web"
    TEST = "test"
    """The test number, which plays drafts: in no figure."""
    CALLBACK = "callback"
    """We called back a citizen who had asked for it: counted with the callbacks, never with those who called us."""


NOT_INBOUND = frozenset({Source.TEST, Source.CALLBACK})
"""Nobody called the hotline: in no figure of callers."""


class RingResult(StrEnum):
    RINGING = "ringing"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"
    UNCONFIRMED = "unconfirmed"
    """A place outside answered and did not press 1: a voicemail, perhaps."""
    CALLER_LEFT = "caller_left"
    """The caller gave up, or another seat took the call."""


class CallState(StrEnum):
    """Where a live call is.

    ivr -> queued -> ringing -> talking <-> holding -> survey -> ended
     |       ^__________| ^
     '--------------------' (whom a seat calls back waits in no queue)
    Every state may go to `ended`; `queued` may go back to `ivr` (queue timed out, the flow goes on), and a talk to
    `queued` (handed on to a line, or the seat never came back).
    """

    IVR = "ivr"
    QUEUED = "queued"
    RINGING = "ringing"
    TALKING = "talking"
    HOLDING = "holding"
    SURVEY = "survey"
    ENDED = "ended"


class ListenMode(StrEnum):
    """How a supervisor is at a talk: hears it; speaks to the seat alone; one of three; in the seat's place."""

    LISTEN = "listen"
    WHISPER = "whisper"
    BARGE = "barge"
    TAKE_OVER = "take_over"

    @property
    def is_open(self) -> bool:
        """The caller hears him."""
        return self in (ListenMode.BARGE, ListenMode.TAKE_OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listener:
    """A supervisor at a talk. One at most; who was there stands in the event log and in the audit trail."""

    person: PersonId
    mode: ListenMode
    seat: SeatId | None
    """Whose talk he came to."""
    channel: Uniqueid


HOP = "hop-"


@dataclass(frozen=True, slots=True)
class Ring:
    """One seat rung for this call, or a place of `site/destinations.yaml` after nobody of the line took it: its name
    stands in the seat's place. `channel` tells repeated rings apart: the seat's channel; of a place `hop-<number>`."""

    seat: SeatId
    channel: Uniqueid
    at: datetime
    result: RingResult = RingResult.RINGING
    ended_at: datetime | None = None

    @property
    def outside(self) -> bool:
        return self.channel.startswith(HOP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Somebody besides the caller and the seat that took the call from the queue: called into its talk."""

    channel: Uniqueid
    seat: SeatId | None
    """None: a number outside."""
    place: str = ""
    """Name in `site/destinations.yaml` of the number outside."""
    called_at: datetime
    joined_at: datetime | None = None
    """None: did not answer (yet)."""
    left_at: datetime | None = None
    """The end of its part, also of one that did not answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """All clocks aware UTC. Empty means: did not happen (yet)."""

    linkedid: Linkedid
    caller: str = field(default="", repr=False)
    """The number in clear; empty when withheld. Encrypted at rest, masked on its way out."""
    source: Source = Source.DIRECT
    line: str | None = None
    language: str | None = None
    topic: str | None = None
    priority: str | None = None
    """Why the caller goes first (`site/lines.yaml`, head_start_s)."""
    state: CallState = CallState.IVR
    started_at: datetime
    queued_at: datetime | None = None
    first_ring_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    """End of the talk where there was one, otherwise of the call; KPI talk time ends here, not after the survey."""
    left_at: datetime | None = None
    """The caller's channel is gone. None while the call lives."""
    wrap_up_ended_at: datetime | None = None
    hold: timedelta = timedelta(0)
    hold_since: datetime | None = None
    ended_by: EndedBy | None = None
    end_reason: str | None = None
    """Why the seat ended the talk after warnings (catalogue, `end_reasons`)."""
    outcome: Outcome | None = None
    seat: SeatId | None = None
    """The seat that answered."""
    rings: tuple[Ring, ...] = ()
    parties: tuple[Party, ...] = ()
    """In the order in which they were called."""
    listener: Listener | None = None
    """Now, not then: None as soon as he has left."""
    survey_offered: bool = False
    survey_via: str | None = None
    """`web`: asked for by a message after the call. None: on the telephone, or not at all."""
    grade: int | None = None
    """1 very satisfied ... 5 very dissatisfied; None: not rated."""
    flow: str | None = None
    """The flow it began with and its version: `main@3`; of the test number `main@draft`."""
    recording: str | None = None
    """File stem under the recordings folder."""

    @property
    def live(self) -> bool:
        return self.left_at is None

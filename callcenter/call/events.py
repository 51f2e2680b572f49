"""What happened to a call, in our words, past tense. Stored in the event log; everything else is folded from it."""

from dataclasses import dataclass, field
from datetime import datetime

from callcenter.call.model import EndedBy, Outcome, RingResult, Source
from callcenter.ids import Linkedid, PersonId, SeatId, Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEvent:
    at: datetime
    call: Linkedid


@dataclass(frozen=True, slots=True, kw_only=True)
class CallStarted(CallEvent):
    caller: str = field(repr=False)
    source: Source
    channel: Uniqueid | None = None
    """The caller's own, where it is not the one that names the call: a seat was rung before he was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowBegan(CallEvent):
    """The caller came into a flow, as it was published then. He stays in this version."""

    flow: str
    version: int
    """0: the draft, played by the test number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IvrNodeEntered(CallEvent):
    node: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPressed(CallEvent):
    node: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChosen(CallEvent):
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicChosen(CallEvent):
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriorityGiven(CallEvent):
    """Why this caller goes first."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceNamed(CallEvent):
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class CallQueued(CallEvent):
    line: str
    channel: Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeftUnanswered(CallEvent):
    """The queue gave the caller back to the dialplan (timed out); the caller is still there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeDecided(CallEvent):
    """The dialplan or the menu said how this call will end. On record at once: an engine may die before the caller
    leaves."""

    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRang(CallEvent):
    seat: SeatId
    channel: Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class RingEnded(CallEvent):
    seat: SeatId
    channel: Uniqueid
    result: RingResult


@dataclass(frozen=True, slots=True, kw_only=True)
class CallAnswered(CallEvent):
    seat: SeatId
    channel: Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class CallHeld(CallEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class CallResumed(CallEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyEvent(CallEvent):
    """Of somebody besides the caller and the seat that answered: a second seat, a department outside."""

    seat: SeatId | None
    """None: a number outside."""
    channel: Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyCalled(PartyEvent):
    place: str = ""
    """Name in `site/destinations.yaml` of the number outside."""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyUnreached(PartyEvent):
    """Did not answer, is busy, has no phone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyJoined(PartyEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyLeft(PartyEvent):
    """Also of the seat that answered, when the talk goes on without it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndReasonGiven(CallEvent):
    """The seat is about to end the talk against the caller's will, after it has warned him."""

    seat: SeatId
    reason: str
    """Id in the catalogue of the consultation record."""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorEvent(CallEvent):
    """Of a supervisor at a talk. Each is a line of the audit trail as well."""

    seat: SeatId | None
    """Whose talk it is."""
    person: PersonId
    channel: Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorListened(SupervisorEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorWhispered(SupervisorEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorJoined(SupervisorEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorTookOver(SupervisorEvent):
    """The seat has left; the caller talks on with him."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorLeft(SupervisorEvent):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TalkEnded(CallEvent):
    by: EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingStarted(CallEvent):
    file: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyOffered(CallEvent):
    via: str = ""
    """`web`: by a message that invites to a page. Empty: on the telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAnswered(CallEvent):
    grade: int
    via: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded(CallEvent):
    """The caller's channel is gone."""

    outcome: Outcome
    by: EndedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUpEnded(CallEvent):
    """The seat's work after the talk is done (saved, or at its cap)."""

    seat: SeatId

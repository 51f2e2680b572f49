"""A day's differences between the witnesses, and why each is there when that is known."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

CLOSE = timedelta(milliseconds=500)
"""AMI and CEL stamp one moment some milliseconds apart; a loaded machine takes a little longer."""
WHOLE_SECOND = timedelta(seconds=1)
"""queue_log names the second in which a thing happened, not the moment."""
SETTLING = timedelta(seconds=15)
"""The witnesses write one after the other. What is younger may still come."""


class Witness(StrEnum):
    RECORD = "record"
    EVENTS = "events"
    """The event log, folded anew."""
    CEL = "cel"
    """Asterisk's CEL file, folded anew."""
    QUEUE_LOG = "queue_log"
    RECORDING = "recording"
    """The row of a conversation's sound."""
    FILE = "file"


class Kind(StrEnum):
    """Stable: other programs count by them."""

    NO_RECORD = "no-record"
    """A witness knows a call of which there is no record."""
    NO_EVENTS = "no-events"
    NO_CEL = "no-cel"
    NO_QUEUE_LOG = "no-queue-log"
    NO_END_ON_RECORD = "no-end-on-record"
    NO_END_IN_CEL = "no-end-in-cel"
    NO_END_IN_QUEUE_LOG = "no-end-in-queue-log"
    NO_END = "no-end"
    """Live on record though Asterisk has been started anew since."""
    EVENTS_DIFFER = "events-differ"
    EVENTS_UNREADABLE = "events-unreadable"
    CEL_DIFFERS = "cel-differs"
    QUEUE_LOG_DIFFERS = "queue-log-differs"
    CEL_UNREADABLE = "cel-unreadable"
    QUEUE_LOG_UNREADABLE = "queue-log-unreadable"
    NO_RECORDING_ROW = "no-recording-row"
    RECORDING_WITHOUT_CALL = "recording-without-call"
    RECORDING_UNSEALED = "recording-unsealed"
    RECORDING_MISSING = "recording-missing"
    RECORDING_BROKEN = "recording-broken"
    NO_RECORDING_FILE = "no-recording-file"
    RECORDING_SIZE = "recording-size"
    RECORDING_CHECKSUM = "recording-checksum"
    ORPHAN_FILE = "orphan-file"


class Reason(StrEnum):
    """Why a difference is there, where the product knows. Stable."""

    UNKNOWN = ""
    IN_PROGRESS = "in-progress"
    ASTERISK_STOPPED = "asterisk-stopped"
    ENGINE_BEHIND = "engine-behind"
    TORN_LINE = "torn-line"
    NEVER_JOINED = "never-joined"
    TOO_SHORT = "too-short"
    NO_PARTY = "no-party"
    BOTH_HUNG_UP = "both-hung-up"
    ENDED_BY_STOP = "ended-by-stop"
    LEFT_MENU = "left-menu"
    HELD_UP = "held-up"


WORDS = {
    Reason.UNKNOWN: "",
    Reason.IN_PROGRESS: "only seconds old: the witnesses write one after the other",
    Reason.ASTERISK_STOPPED: "Asterisk stopped during this call and wrote no end of it",
    Reason.ENGINE_BEHIND: "the engine has not read the CEL file so far yet; it will when it starts",
    Reason.TORN_LINE: "Asterisk stopped while it wrote this line",
    Reason.NEVER_JOINED: "the call was never joined to a seat: the file holds no sound",
    Reason.TOO_SHORT: "the talk lasted less than a second: there was no sound to keep",
    Reason.NO_PARTY: "neither side hung up, both were ended from outside: which of them went first is a guess",
    Reason.BOTH_HUNG_UP: "both hung up in the same moment: Asterisk's own two logs name different ones of them",
    Reason.ENDED_BY_STOP: "neither side hung up, Asterisk was stopped and ended both: which of them it names is chance",
    Reason.LEFT_MENU: "chosen in the engine's menu; the caller left before Asterisk could note it",
    Reason.HELD_UP: "Asterisk was held up for a moment: two witnesses agree, the third noted the step before or after",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    call: str
    """Empty: it belongs to no call."""
    kind: Kind
    said: dict[Witness, str]
    """What each witness says, in words; a caller's number only masked."""
    field: str = ""
    """Of the record, where one field is meant."""
    reason: Reason = Reason.UNKNOWN
    tolerance: timedelta = timedelta(0)
    """Times nearer to each other than this are taken to be the same."""

    @property
    def explained(self) -> bool:
        return self.reason is not Reason.UNKNOWN


@dataclass(slots=True, kw_only=True)
class Report:
    day: date
    """In China."""
    node: str
    at: datetime
    compared: dict[Witness, int] = field(default_factory=dict)
    """How many calls each witness knows; for `file` the sound files looked at."""
    not_compared: dict[str, int] = field(default_factory=dict)
    """Calls on record without another witness here: `imported` history, calls of `other_nodes`."""
    differences: list[Difference] = field(default_factory=list)
    repaired: list[str] = field(default_factory=list)
    """Calls that were put right before this comparison."""

    @property
    def unexplained(self) -> int:
        return sum(1 for difference in self.differences if not difference.explained)

    def summary(self) -> list[tuple[Kind, int, int]]:
        """(kind, explained, unexplained), in the order of the kinds."""
        counted = Counter((difference.kind, difference.explained) for difference in self.differences)
        return [
            (kind, counted[kind, True], counted[kind, False])
            for kind in Kind
            if counted[kind, True] or counted[kind, False]
        ]

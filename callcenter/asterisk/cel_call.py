"""What `callcenter.asterisk.cel_story` remembers of a live call from line to line of the CEL file."""

from dataclasses import dataclass, field

from callcenter.asterisk.cel_line import CelLine
from callcenter.ids import Interface, Linkedid, QueueName, SeatId, Uniqueid

BUSY, NO_ANSWER, CANCEL, UNREACHABLE = "BUSY", "NOANSWER", "CANCEL", "CHANUNAVAIL"
STATUS_OF_CAUSE = {
    **dict.fromkeys((17, 21), BUSY),
    **dict.fromkeys((18, 19), NO_ANSWER),
    26: CANCEL,  # answered elsewhere
    **dict.fromkeys((1, 3, 20, 27, 31, 34, 38, 41, 42, 44, 58, 88, 102, 127), UNREACHABLE),
}
"""Q.850 cause of a phone that was not answered -> DialEnd's status. Others (0, 16) tell nothing by themselves."""


@dataclass(slots=True)
class StorySeat:
    uniqueid: Uniqueid
    channel: str
    interface: Interface
    seat: SeatId
    rings: bool = True
    talks: bool = False


@dataclass(slots=True)
class StoryCall:
    linkedid: Linkedid
    caller: Uniqueid
    channel: str = ""
    """The caller's channel, once a line has named it."""
    out: dict[str, CelLine] = field(default_factory=dict)
    """By channel (Uniqueid): its last BRIDGE_EXIT, while it is in no other bridge."""
    queue: QueueName | None = None
    served: bool = False
    """A seat was bridged to the caller in this queue."""
    seats: dict[str, StorySeat] = field(default_factory=dict)
    first_out: str = ""
    """The channel that left the talk's bridge first."""
    unclear: list[tuple[CelLine, StorySeat]] = field(default_factory=list)
    """Phones that stopped ringing; why shows in the next lines."""
    left: CelLine | None = None
    """The end of Queue, unserved; why shows in the next line."""


def on_the_way(call: StoryCall, line: CelLine) -> bool:
    """To a seat's mobile: what its Local channel, which is the seat, has behind it."""
    behind = line.channel.endswith(";2") or line.channel.startswith("PJSIP/trunk-")
    mobiles = any(seat.interface.startswith("Local/") for seat in call.seats.values())
    return behind and mobiles and line.uniqueid != call.caller


def ends_there(line: CelLine, out: CelLine) -> bool:
    """The channel that left a bridge with `out` ends where it was in the dialplan. A caller has no application then."""
    return (line.context, line.exten) == (out.context, out.exten) and line.app in ("", out.app)

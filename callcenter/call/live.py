"""What is known of a live call: what the listeners of `callcenter.call.apply` and its parts read and write."""

from dataclasses import dataclass, field
from datetime import datetime

from callcenter.asterisk import events as t
from callcenter.call.model import CallRecord, Outcome, RingResult
from callcenter.ids import PersonId, SeatId, Uniqueid


@dataclass(slots=True)
class LiveCall:
    """Its record, and what is known of it that no record needs."""

    record: CallRecord
    channel: Uniqueid
    """The caller's own channel. When it is gone, the call is over."""
    caller_hung_up: bool = False
    seat_hung_up: datetime | None = None
    """When the seat that talks put the phone down, unless the caller had done so before."""
    seat_was_first: bool = False
    """The caller put the phone down in the same moment, after the seat."""
    abandoned: bool = False
    left_queue: bool = False
    decided: Outcome | None = None
    """What the dialplan said of the way out."""
    seat_gone: datetime | None = None
    """When the answering seat's channel ended; SeatCompleted may come after it, or not at all."""
    menu_told: datetime | None = None
    """Up to when the way through the menu is on record already. The event log on file tells it once more, and late."""
    parties: dict[Uniqueid, SeatId | None] = field(default_factory=dict)
    """Channels in the room besides the caller's; None: a number outside."""
    gone: set[Uniqueid] = field(default_factory=set)
    """Channels of seats that had answered and left a talk which went on."""
    in_wait: bool = False
    """The caller hears music outside of the room."""
    called: tuple[Uniqueid, SeatId | None] | None = None
    """Who is being called into the room."""
    handing_on: bool = False
    """The caller has been sent to a line and has not arrived there yet."""
    returning: SeatId | None = None
    """The seat whose phone vanished in the talk and is expected back."""
    plan: str = ""
    """`fetch`: the caller talks as soon as somebody has joined. In memory only: the caller's wait ends by itself."""
    overseer_called: Uniqueid | None = None
    """The supervisor's phone that is being called to this talk. In memory only: it is taken within seconds."""
    overseer_asked: PersonId | None = None
    """Who is being called there."""
    told: list[t.Fact] = field(default_factory=list)
    """Facts heard, so that the same one from the other source is not taken for a second one."""

    @property
    def seat_channel(self) -> Uniqueid | None:
        """Of the seat that answered last."""
        answered = (ring.channel for ring in reversed(self.record.rings) if ring.result is RingResult.ANSWERED)
        return next(answered, None)

    def channel_of(self, seat: SeatId) -> Uniqueid | None:
        """The phone by which a seat takes part in the talk."""
        joined = next((channel for channel, party in self.parties.items() if party == seat), None)
        answered = (r.channel for r in reversed(self.record.rings) if (r.seat, r.result) == (seat, RingResult.ANSWERED))
        return joined or next(answered, None)

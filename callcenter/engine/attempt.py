"""One attempt to reach a citizen, as Asterisk tells of it."""

from dataclasses import dataclass, field
from datetime import datetime

from callcenter.asterisk import events as t
from callcenter.asterisk.snapshot import NodeSnapshot
from callcenter.call.model import CallRecord
from callcenter.callback.model import AttemptState, Result
from callcenter.callback.service import Attempt
from callcenter.callback.state import result_of_cause

TRUNK = "PJSIP/trunk-"
"""Begin of the name of a citizen's channel."""
UNREACHED = {1: Result.NO_ANSWER, 3: Result.NO_ANSWER, 5: Result.BUSY}
"""OriginateResponse's reason, a control frame (`include/asterisk/frame.h`): hung up, still ringing, busy. Of a refused
call it is 0, whatever the telephone said; the cause of the channel's end knows."""


@dataclass(slots=True)
class LiveAttempt:
    attempt: Attempt
    known: bool = True
    """False: something may have happened that nobody heard; Asterisk and the records must be asked."""
    gone_since: datetime | None = None
    """Since when Asterisk is known to have none of its channels any more, where that was not heard."""
    citizen: str | None = None
    """Uniqueid of his channel. When a seat is rung first: None until he is."""
    channels: set[str] = field(default_factory=set)
    """His and the seat's, as far as Asterisk has made them and not ended them."""
    answered: bool = False
    confirmed: bool = False
    cause: int = 0
    """Q.850, as his telephone said it; Asterisk's own word at the end of the channel is less exact."""
    unreached: Result | None = None
    """How his telephone did not answer."""
    result: Result | None = None
    """Decided already, though a channel still lives."""

    def __post_init__(self) -> None:
        if self.attempt.seat is None:
            self.citizen = self.attempt.id

    def hear(self, event: t.TelephonyEvent) -> AttemptState | Result | None:
        """What follows for the database: the next state, or how it ended. None: nothing, or it has to be looked up."""
        match event:
            case t.ChannelStarted():
                return self._started(event)
            case t.Fact(name="source"):
                self.answered = True
            case t.Fact(name="callback", value="confirmed"):
                self.answered = self.confirmed = True
                return AttemptState.CONFIRMED
            case t.Fact(name="callback", value="declined"):
                self.result = Result.DECLINED
            case t.Fact(name="seat"):
                self.confirmed, self.result = True, Result.SERVED
                return AttemptState.CONFIRMED
            case t.SeatAnswered():
                self.result = Result.SERVED
            case t.HangupRequested() if event.uniqueid == self.citizen:
                self.cause = event.cause
            case t.ChannelEnded():
                return self._ended(event)
            case t.PartyUnreached() if self.channels:
                self.unreached = UNREACHED.get(event.reason) if self.attempt.seat is None else None
            case t.PartyUnreached():
                return self._unreached(Result.UNREACHABLE)
        return None

    def _started(self, event: t.ChannelStarted) -> AttemptState | None:
        of_seat = self.attempt.seat is not None and event.uniqueid == self.attempt.id
        if self.citizen is None and not of_seat and event.channel.startswith(TRUNK):
            self.citizen = event.uniqueid
        if not of_seat and event.uniqueid != self.citizen:
            return None  # a seat that the queue rings
        self.channels.add(event.uniqueid)
        return AttemptState.SEAT_RINGS if of_seat else AttemptState.DIALLING

    def _ended(self, event: t.ChannelEnded) -> Result | None:
        if event.uniqueid == self.citizen and self.unreached is None:
            self.unreached = result_of_cause(self.cause or event.cause)
        if event.uniqueid not in self.channels:
            return None
        self.channels.discard(event.uniqueid)
        return None if self.channels or not self.known else self.outcome()

    def outcome(self) -> Result:
        """Now that all of it has been heard."""
        if self.result is not None:
            return self.result
        if self.answered:
            return Result.LEFT if self.confirmed or self.attempt.seat is not None else Result.UNCONFIRMED
        return self._unreached(Result.NO_ANSWER)

    def _unreached(self, otherwise: Result) -> Result:
        return Result.NO_SEAT if self.citizen is None else self.unreached or otherwise

    def seen(self, snapshot: NodeSnapshot, record: CallRecord | None) -> bool:
        """Whether Asterisk has a channel of it; what is seen and on record is taken over."""
        own = self.attempt.id
        there = [it for it in snapshot.channels.values() if own in (it.uniqueid, it.linkedid)]
        seat_first = self.attempt.seat is not None  # otherwise his is `own`; a mobile seat has one of the trunk, too
        of_both = [it for it in there if it.uniqueid == own or (seat_first and it.channel.startswith(TRUNK))]
        self.channels = {it.uniqueid for it in of_both}
        for channel in of_both:
            if self.attempt.seat is None or channel.uniqueid != own:
                self.citizen = channel.uniqueid
                self.answered = self.answered or channel.up
        if record is not None:
            talked = record.answered_at is not None
            self.confirmed = self.confirmed or talked or record.queued_at is not None
            if talked:
                self.result = Result.SERVED
        return bool(of_both)

"""app_queue's events. `uniqueid` is the waiting caller's channel, `seat_uniqueid` the phone that rings."""

from dataclasses import dataclass, field

from callcenter.asterisk.events.base import TelephonyEvent
from callcenter.ids import Interface, Linkedid, QueueName, SeatId, Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueEvent(TelephonyEvent):
    uniqueid: Uniqueid
    linkedid: Linkedid
    queue: QueueName


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueJoined(QueueEvent):
    """AMI QueueCallerJoin, CEL APP_START of Queue."""

    position: int
    """1 is the head. 0: not known (CEL)."""
    caller_number: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueLeft(QueueEvent):
    """AMI QueueCallerLeave (for whatever reason: answered, abandoned, timed out), CEL APP_END of Queue unanswered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueAbandoned(QueueEvent):
    """AMI QueueCallerAbandon: the caller hung up while waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatEvent(QueueEvent):
    interface: Interface
    seat: SeatId
    seat_uniqueid: Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCalled(SeatEvent):
    """AMI AgentCalled: the queue rings this seat for this call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatRingEnded(SeatEvent):
    """AMI AgentRingNoAnswer: the seat did not take it (let it ring, refused, phone gone)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAnswered(SeatEvent):
    """AMI AgentConnect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatCompleted(SeatEvent):
    """AMI AgentComplete: the talk is over."""

    ended_by: str
    """`caller`, `seat` or `system` (AMI Reason caller | agent | transfer)."""

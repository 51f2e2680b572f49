from dataclasses import dataclass

from callcenter.asterisk.events.base import TelephonyEvent
from callcenter.ids import Interface, QueueName, SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChanged(TelephonyEvent):
    """AMI QueueMemberAdded, -Status, -Pause, -Penalty: the whole member as app_queue sees it now."""

    queue: QueueName
    interface: Interface
    seat: SeatId
    device: int
    """Device state: 1 not in use, 2 in use, 3 busy, 4 invalid, 5 unavailable, 6 ringing, 7 ring+in use, 8 on hold."""
    paused: bool
    reason: str
    penalty: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRemoved(TelephonyEvent):
    queue: QueueName
    interface: Interface
    seat: SeatId

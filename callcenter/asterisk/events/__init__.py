"""What Asterisk tells, as frozen values. Past this package there are no headers.

Two sources make them: AMI messages (`asterisk/decode.py`) while the engine listens, and Asterisk's own CEL file
(`asterisk/cel.py`) for what it missed. The fold in `callcenter/call/apply.py` cannot tell them apart.
"""

from callcenter.asterisk.events.base import TelephonyEvent
from callcenter.asterisk.events.bridge import BridgeEntered, BridgeLeft
from callcenter.asterisk.events.channel import (
    ChannelEnded,
    ChannelStarted,
    DialEnded,
    HangupRequested,
    Held,
    Unheld,
)
from callcenter.asterisk.events.fact import Fact
from callcenter.asterisk.events.member import MemberChanged, MemberRemoved
from callcenter.asterisk.events.queue import (
    QueueAbandoned,
    QueueJoined,
    QueueLeft,
    SeatAnswered,
    SeatCalled,
    SeatCompleted,
    SeatRingEnded,
)
from callcenter.asterisk.events.room import OverseerUnreached, PartyUnreached, RoomJoined, RoomLeft, SpyStarted
from callcenter.asterisk.events.system import TRUNK, ContactChanged, FullyBooted, LinkLost, Shutdown

__all__ = [
    "TRUNK",
    "BridgeEntered",
    "BridgeLeft",
    "ChannelEnded",
    "ChannelStarted",
    "ContactChanged",
    "DialEnded",
    "Fact",
    "FullyBooted",
    "HangupRequested",
    "Held",
    "LinkLost",
    "MemberChanged",
    "MemberRemoved",
    "OverseerUnreached",
    "PartyUnreached",
    "QueueAbandoned",
    "QueueJoined",
    "QueueLeft",
    "RoomJoined",
    "RoomLeft",
    "SeatAnswered",
    "SeatCalled",
    "SeatCompleted",
    "SeatRingEnded",
    "Shutdown",
    "SpyStarted",
    "TelephonyEvent",
    "Unheld",
]

"""A room is a ConfBridge whose name is the call's linkedid: a talk of more than two, or one whose seat comes back."""

from dataclasses import dataclass

from callcenter.asterisk.events.base import TelephonyEvent
from callcenter.ids import Linkedid, Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomEvent(TelephonyEvent):
    linkedid: Linkedid
    """Of the call whose room it is; the channel's own may be another."""
    channel: str
    uniqueid: Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomJoined(RoomEvent):
    """AMI ConfbridgeJoin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomLeft(RoomEvent):
    """AMI ConfbridgeLeave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpyStarted(RoomEvent):
    """AMI ChanSpyStart: a supervisor hears a seat's talk from now on, or hears it in another way."""

    spied: str
    """Name of the seat's channel; empty: not known here."""
    whisper: bool
    """The seat hears the supervisor, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverseerUnreached(TelephonyEvent):
    """AMI OriginateResponse with Failure: the supervisor's own phone was not taken."""

    linkedid: Linkedid
    """Of the call that he wanted to hear."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PartyUnreached(TelephonyEvent):
    """AMI OriginateResponse with Failure: whom we called into a room did not come."""

    linkedid: Linkedid
    reason: int
    """0 no such phone, 3 no answer, 5 busy, 8 congested (Asterisk's control frames)."""

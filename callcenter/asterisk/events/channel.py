from dataclasses import dataclass, field

from callcenter.asterisk.events.base import TelephonyEvent
from callcenter.ids import Linkedid, Uniqueid


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEvent(TelephonyEvent):
    channel: str
    """Asterisk's channel name, e.g. `PJSIP/trunk-00000007`."""
    uniqueid: Uniqueid
    linkedid: Linkedid


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelStarted(ChannelEvent):
    """AMI Newchannel, CEL CHAN_START."""

    caller_number: str = field(repr=False)
    """Empty when withheld."""
    context: str
    exten: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HangupRequested(ChannelEvent):
    """AMI HangupRequest: the party at this channel put the phone down. Not sent for a channel that we end."""

    cause: int = 0
    """Q.850: 17 is the refusal of a ringing phone, which app_queue does not tell from one that is not taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelEnded(ChannelEvent):
    """AMI Hangup, CEL HANGUP."""

    cause: int
    """Q.850, e.g. 16 normal, 17 busy, 19 no answer, 26 answered elsewhere."""
    by_party: bool | None = None
    """CEL only: the party at this channel hung up (`hangupsource` is the channel itself). None: not known here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DialEnded(TelephonyEvent):
    """AMI DialEnd of one dialled phone. `uniqueid` is the dialled channel, `linkedid` the call."""

    uniqueid: Uniqueid
    linkedid: Linkedid
    status: str
    """ANSWER, BUSY, NOANSWER, CANCEL, CHANUNAVAIL, CONGESTION ..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held(ChannelEvent):
    """AMI Hold: the phone at this channel put the other side on hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unheld(ChannelEvent):
    """AMI Unhold."""

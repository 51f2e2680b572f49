from dataclasses import dataclass

from callcenter.asterisk.events.channel import ChannelEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeEntered(ChannelEvent):
    """AMI BridgeEnter, CEL BRIDGE_ENTER."""

    bridge: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeLeft(ChannelEvent):
    """AMI BridgeLeave, CEL BRIDGE_EXIT."""

    bridge: str

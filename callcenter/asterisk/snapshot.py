"""What Asterisk says is true now: the ground on which the engine stands after each connection.

Three lists, taken one beside the other, not in one instant: an event that comes meanwhile is applied after it.
"""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from callcenter.asterisk.actions import Action, CoreShowChannels, PJSIPShowContacts, PJSIPShowEndpoint, QueueStatus
from callcenter.asterisk.decode_channels import GONE_CONTACT
from callcenter.asterisk.decoders import seat_of
from callcenter.asterisk.events import TRUNK
from callcenter.asterisk.headers import Headers
from callcenter.ids import Interface, Linkedid, QueueName, SeatId, Uniqueid

UP = 6
"""Channel state of an answered channel (`AST_STATE_UP`)."""


class Asks(Protocol):
    async def collect(self, action: Action) -> list[Headers]:
        """The items of a list reply; see `AmiLink.collect`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelSeen:
    channel: str
    uniqueid: Uniqueid
    linkedid: Linkedid
    state: int
    """Asterisk's channel state: 4 ring, 5 ringing, 6 up."""
    caller_number: str = field(repr=False)
    """Empty when withheld."""
    application: str
    data: str
    context: str
    exten: str
    bridge: str
    """Empty when in none."""
    age: timedelta
    """Since the channel was made; whole seconds."""

    @property
    def up(self) -> bool:
        return self.state == UP


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberSeen:
    queue: QueueName
    interface: Interface
    seat: SeatId
    device: int
    """As in `MemberChanged`."""
    paused: bool
    reason: str
    penalty: int
    in_call: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingSeen:
    queue: QueueName
    uniqueid: Uniqueid
    channel: str
    position: int
    wait: timedelta
    """Whole seconds."""


@dataclass(frozen=True, slots=True)
class NodeSnapshot:
    channels: Mapping[Uniqueid, ChannelSeen]
    queues: frozenset[QueueName]
    members: Sequence[MemberSeen]
    waiting: Sequence[WaitingSeen]
    contacts: Mapping[str, bool]
    """Endpoint -> whether one of its phones can be reached. An endpoint without a phone is not here."""

    def calls(self) -> frozenset[Linkedid]:
        """The calls that live in Asterisk."""
        return frozenset(channel.linkedid for channel in self.channels.values())


async def take(link: Asks) -> NodeSnapshot:
    """Raises as `AmiLink.collect`, and DecodeError when Asterisk's answer lacks something."""
    channels, queues, contacts = await asyncio.gather(
        link.collect(CoreShowChannels()), link.collect(QueueStatus()), link.collect(PJSIPShowContacts())
    )
    seen = [_channel(h) for h in channels if h.name == "CoreShowChannel"]
    return NodeSnapshot(
        channels={channel.uniqueid: channel for channel in seen},
        queues=frozenset(QueueName(h.text("Queue")) for h in queues if h.name == "QueueParams"),
        members=[_member(h) for h in queues if h.name == "QueueMember"],
        waiting=[_waiting(h) for h in queues if h.name == "QueueEntry"],
        contacts=_contacts(h for h in contacts if h.name == "ContactList"),
    )


async def trunk_answers(link: Asks) -> bool | None:
    """Whether the carrier's gateway answers, as Asterisk last saw; None: it does not know yet. The list of contacts
    has phones only. Raises as `AmiLink.collect`."""
    told = [h.text("Status") for h in await link.collect(PJSIPShowEndpoint(TRUNK)) if h.name == "ContactStatusDetail"]
    known = [status for status in told if status != "Unknown"]
    return any(status not in GONE_CONTACT for status in known) if known else None


def _channel(h: Headers) -> ChannelSeen:
    return ChannelSeen(
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        state=h.integer("ChannelState"),
        caller_number=h.number("CallerIDNum"),
        application=h.text("Application", ""),
        data=h.text("ApplicationData", ""),
        context=h.text("Context", ""),
        exten=h.text("Exten", ""),
        bridge=h.text("BridgeId", ""),
        age=h.seconds("Duration") if h.fields.get("Duration") else timedelta(0),
    )


def _member(h: Headers) -> MemberSeen:
    return MemberSeen(
        queue=QueueName(h.text("Queue")),
        interface=Interface(h.text("Location")),
        seat=seat_of(h.text("Location"), h.text("Name", "")),
        device=h.integer("Status"),
        paused=h.flag("Paused"),
        reason=h.text("PausedReason", ""),
        penalty=h.integer("Penalty"),
        in_call=h.flag("InCall", False),
    )


def _waiting(h: Headers) -> WaitingSeen:
    return WaitingSeen(
        queue=QueueName(h.text("Queue")),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        channel=h.text("Channel"),
        position=h.integer("Position"),
        wait=h.seconds("Wait"),
    )


def _contacts(items: Iterable[Headers]) -> dict[str, bool]:
    contacts: dict[str, bool] = {}
    for h in items:
        # A contact's object name is `<aor>;@<digest>`; the endpoint is empty for a moment after a registration.
        endpoint = h.text("Endpoint", "") or h.text("ObjectName").partition(";")[0]
        reachable = h.text("Status") not in GONE_CONTACT
        contacts[endpoint] = contacts.get(endpoint, False) or reachable
    return contacts

"""AMI event -> our typed event. The only place that knows Asterisk's header names of events."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from callcenter.asterisk import events as ev
from callcenter.asterisk.headers import Headers
from callcenter.clock import Clock
from callcenter.ids import Interface, Linkedid, QueueName, SeatId, Uniqueid

DecodeOne = Callable[[Headers, datetime], ev.TelephonyEvent | None]
DECODERS: dict[str, DecodeOne] = {}

NAMES_KEPT = 500
"""So many unknown event names are counted one by one; a peer that talks rubbish shall not fill the memory."""

ENDED_BY = {"caller": "caller", "agent": "seat", "transfer": "system"}
"""AgentComplete `Reason` (`apps/app_queue.c`, `send_agent_complete`)."""

GONE_CONTACT = frozenset({"Removed", "Unreachable", "Unknown"})
"""ContactStatus of a phone that cannot be rung. The others are Reachable and NonQualified, which is what Asterisk 22
says of a registered phone that it does not ping (`res/res_pjsip/pjsip_options.c`, `status_map`)."""

PHONE = re.compile(r"[wd]?(\d+)")


def decodes(*names: str) -> Callable[[DecodeOne], DecodeOne]:
    def register(decoder: DecodeOne) -> DecodeOne:
        for name in names:
            DECODERS[name] = decoder
        return decoder

    return register


class Decoder:
    """Decodes and keeps count of what it could not."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.unknown: Counter[str] = Counter()

    def decode(self, headers: Headers) -> ev.TelephonyEvent | None:
        """The typed event, or None when nobody needs this one. Raises DecodeError when a header is missing or wrong."""
        decoder = DECODERS.get(headers.name)
        if decoder is None:
            if headers.name in self.unknown or len(self.unknown) < NAMES_KEPT:
                self.unknown[headers.name] += 1
            return None
        # FullyBooted after a login and Shutdown carry no Timestamp even with timestampevents=yes.
        at = headers.time("Timestamp") if "Timestamp" in headers.fields else self._clock.now()
        return decoder(headers, at)


def seat_of(interface: str, member_name: str = "") -> SeatId:
    """`PJSIP/w1001`, `PJSIP/d1001`, `PJSIP/1001`, `Local/1001@x/n` -> `1001`. A numeric member name wins."""
    if member_name.isascii() and member_name.isdigit():
        return SeatId(member_name)
    device = interface.partition("/")[2] or interface
    device = re.split("[@/;]", device, maxsplit=1)[0]
    phone = PHONE.fullmatch(device)
    return SeatId(phone[1] if phone else device)


@decodes("FullyBooted")
def fully_booted(h: Headers, at: datetime) -> ev.FullyBooted:
    return ev.FullyBooted(at=at)


@decodes("Shutdown")
def shutdown(h: Headers, at: datetime) -> ev.Shutdown:
    return ev.Shutdown(at=at)


@decodes("ContactStatus")
def contact_status(h: Headers, at: datetime) -> ev.ContactChanged:
    endpoint = h.text("EndpointName", "") or h.text("AOR")
    registered = h.text("ContactStatus") not in GONE_CONTACT
    return ev.ContactChanged(at=at, endpoint=endpoint, registered=registered, uri=h.text("URI", ""))


@decodes("Newchannel")
def newchannel(h: Headers, at: datetime) -> ev.ChannelStarted:
    return ev.ChannelStarted(
        at=at,
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        caller_number=h.number("CallerIDNum"),
        context=h.text("Context", ""),
        exten=h.text("Exten", ""),
    )


@decodes("HangupRequest")
def hangup_request(h: Headers, at: datetime) -> ev.HangupRequested:
    return ev.HangupRequested(
        at=at,
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        cause=h.integer("Cause", 0),
    )


@decodes("Hangup")
def hangup(h: Headers, at: datetime) -> ev.ChannelEnded:
    return ev.ChannelEnded(
        at=at,
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        cause=h.integer("Cause"),
    )


@decodes("DialEnd")
def dial_end(h: Headers, at: datetime) -> ev.DialEnded:
    return ev.DialEnded(
        at=at,
        uniqueid=Uniqueid(h.text("DestUniqueid")),
        linkedid=Linkedid(h.text("DestLinkedid")),
        status=h.text("DialStatus"),
    )


@decodes("Hold")
def hold(h: Headers, at: datetime) -> ev.Held:
    return ev.Held(
        at=at,
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
    )


@decodes("Unhold")
def unhold(h: Headers, at: datetime) -> ev.Unheld:
    return ev.Unheld(
        at=at,
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
    )


@decodes("BridgeEnter")
def bridge_enter(h: Headers, at: datetime) -> ev.BridgeEntered:
    return ev.BridgeEntered(
        at=at,
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        bridge=h.text("BridgeUniqueid"),
    )


@decodes("BridgeLeave")
def bridge_leave(h: Headers, at: datetime) -> ev.BridgeLeft:
    return ev.BridgeLeft(
        at=at,
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        bridge=h.text("BridgeUniqueid"),
    )


@decodes("UserEvent")
def user_event(h: Headers, at: datetime) -> ev.Fact | None:
    if h.text("UserEvent") != "CallFact":
        return None
    return ev.Fact(
        at=at,
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        name=h.text("Name"),
        value=h.text("Value"),
    )


@decodes("QueueCallerJoin")
def queue_caller_join(h: Headers, at: datetime) -> ev.QueueJoined:
    return ev.QueueJoined(
        at=at,
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        queue=QueueName(h.text("Queue")),
        position=h.integer("Position"),
        caller_number=h.number("CallerIDNum"),
    )


@decodes("QueueCallerLeave")
def queue_caller_leave(h: Headers, at: datetime) -> ev.QueueLeft:
    return ev.QueueLeft(
        at=at,
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        queue=QueueName(h.text("Queue")),
    )


@decodes("QueueCallerAbandon")
def queue_caller_abandon(h: Headers, at: datetime) -> ev.QueueAbandoned:
    return ev.QueueAbandoned(
        at=at,
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        queue=QueueName(h.text("Queue")),
    )


SeatEventType = TypeVar("SeatEventType", bound=ev.SeatCalled | ev.SeatRingEnded | ev.SeatAnswered)


def _seat_event(kind: type[SeatEventType], h: Headers, at: datetime) -> SeatEventType:
    return kind(
        at=at,
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        queue=QueueName(h.text("Queue")),
        interface=Interface(h.text("Interface")),
        seat=seat_of(h.text("Interface"), h.text("MemberName", "")),
        seat_uniqueid=Uniqueid(h.text("DestUniqueid")),
    )


@decodes("AgentCalled")
def agent_called(h: Headers, at: datetime) -> ev.SeatCalled:
    return _seat_event(ev.SeatCalled, h, at)


@decodes("AgentRingNoAnswer")
def agent_ring_no_answer(h: Headers, at: datetime) -> ev.SeatRingEnded:
    return _seat_event(ev.SeatRingEnded, h, at)


@decodes("AgentConnect")
def agent_connect(h: Headers, at: datetime) -> ev.SeatAnswered:
    return _seat_event(ev.SeatAnswered, h, at)


@decodes("AgentComplete")
def agent_complete(h: Headers, at: datetime) -> ev.SeatCompleted:
    return ev.SeatCompleted(
        at=at,
        uniqueid=Uniqueid(h.text("Uniqueid")),
        linkedid=Linkedid(h.text("Linkedid")),
        queue=QueueName(h.text("Queue")),
        interface=Interface(h.text("Interface")),
        seat=seat_of(h.text("Interface"), h.text("MemberName", "")),
        seat_uniqueid=Uniqueid(h.text("DestUniqueid", "")),
        ended_by=ENDED_BY.get(h.text("Reason"), "system"),
    )


@decodes(
    "QueueMemberAdded",
    "QueueMemberStatus",
    "QueueMemberPause",
    "QueueMemberPenalty",
)
def queue_member(h: Headers, at: datetime) -> ev.MemberChanged:
    return ev.MemberChanged(
        at=at,
        queue=QueueName(h.text("Queue")),
        interface=Interface(h.text("Interface")),
        seat=seat_of(h.text("Interface"), h.text("MemberName", "")),
        device=h.integer("Status"),
        paused=h.flag("Paused"),
        reason=h.text("PausedReason", ""),
        penalty=h.integer("Penalty"),
    )


@decodes("QueueMemberRemoved")
def queue_member_removed(h: Headers, at: datetime) -> ev.MemberRemoved:
    return ev.MemberRemoved(
        at=at,
        queue=QueueName(h.text("Queue")),
        interface=Interface(h.text("Interface")),
        seat=seat_of(h.text("Interface"), h.text("MemberName", "")),
    )


RoomEventType = TypeVar("RoomEventType", bound=ev.RoomJoined | ev.RoomLeft)


def _room_event(kind: type[RoomEventType], h: Headers, at: datetime) -> RoomEventType:
    return kind(
        at=at,
        linkedid=Linkedid(h.text("Conference")),
        channel=h.text("Channel"),
        uniqueid=Uniqueid(h.text("Uniqueid")),
    )


@decodes("ConfbridgeJoin")
def confbridge_join(h: Headers, at: datetime) -> ev.RoomJoined:
    return _room_event(ev.RoomJoined, h, at)


@decodes("ConfbridgeLeave")
def confbridge_leave(h: Headers, at: datetime) -> ev.RoomLeft:
    return _room_event(ev.RoomLeft, h, at)


@decodes("OriginateResponse")
def originate_response(h: Headers, at: datetime) -> ev.PartyUnreached | None:
    if h.text("Response") == "Success" or h.text("Context", "") != "room-party":
        return None
    return ev.PartyUnreached(at=at, linkedid=Linkedid(h.text("Exten")), reason=h.integer("Reason", 0))


WANTED = frozenset(name.encode() for name in DECODERS)
"""Names as they stand in the stream: a message of any other name is thrown away before it is parsed."""

"""AMI events of queues, their members, and rooms."""

from datetime import datetime
from typing import TypeVar

from callcenter.asterisk import events as ev
from callcenter.asterisk.decoders import decodes, leg, member, queued_leg
from callcenter.asterisk.headers import Headers
from callcenter.ids import Linkedid, Uniqueid

CALLED_INTO = ("room-party", "room-ask", "callback-caller")
"""Contexts of those whom the engine calls; the extension is the call."""
ENDED_BY = {"caller": "caller", "agent": "seat", "transfer": "system"}
"""AgentComplete `Reason` (`apps/app_queue.c`, `send_agent_complete`)."""


@decodes("QueueCallerJoin")
def queue_caller_join(h: Headers, at: datetime) -> ev.QueueJoined:
    return ev.QueueJoined(
        at=at,
        **queued_leg(h),
        position=h.integer("Position"),
        caller_number=h.number("CallerIDNum"),
    )


@decodes("QueueCallerLeave")
def queue_caller_leave(h: Headers, at: datetime) -> ev.QueueLeft:
    return ev.QueueLeft(
        at=at,
        **queued_leg(h),
    )


@decodes("QueueCallerAbandon")
def queue_caller_abandon(h: Headers, at: datetime) -> ev.QueueAbandoned:
    return ev.QueueAbandoned(
        at=at,
        **queued_leg(h),
    )


SeatEventType = TypeVar("SeatEventType", bound=ev.SeatCalled | ev.SeatRingEnded | ev.SeatAnswered)


def _seat_event(kind: type[SeatEventType], h: Headers, at: datetime) -> SeatEventType:
    return kind(
        at=at,
        **leg(h),
        **member(h),
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
def agent_complete(h: Headers, at: datetime) -> ev.SeatCompleted | None:
    if "Linkedid" not in h.fields:
        return None  # app_queue came to it when the caller's channel was gone: it does not say of which call
    return ev.SeatCompleted(
        at=at,
        **leg(h),
        **member(h),
        seat_uniqueid=Uniqueid(h.text("DestUniqueid", "")),
        ended_by=ENDED_BY.get(h.text("Reason"), "system"),
    )


@decodes("QueueMemberAdded", "QueueMemberPause", "QueueMemberPenalty")
def queue_member(h: Headers, at: datetime) -> ev.MemberChanged:
    return ev.MemberChanged(
        at=at,
        **member(h),
        device=h.integer("Status"),
        paused=h.flag("Paused"),
        reason=h.text("PausedReason", ""),
        penalty=h.integer("Penalty"),
    )


@decodes("QueueMemberRemoved")
def queue_member_removed(h: Headers, at: datetime) -> ev.MemberRemoved:
    return ev.MemberRemoved(
        at=at,
        **member(h),
    )


SPY_CONTEXTS = frozenset({"spy-listen", "spy-whisper", "spy-join"})
"""Where a supervisor's phone is; the extension is the call (extensions.d/listen.conf)."""


@decodes("ChanSpyStart")
def chan_spy_start(h: Headers, at: datetime) -> ev.SpyStarted | None:
    if h.text("SpyerContext", "") not in SPY_CONTEXTS:
        return None
    return ev.SpyStarted(
        at=at,
        linkedid=Linkedid(h.text("SpyerExten")),
        channel=h.text("SpyerChannel"),
        uniqueid=Uniqueid(h.text("SpyerUniqueid")),
        spied=h.text("SpyeeChannel", ""),
        whisper=h.text("SpyerContext") == "spy-whisper",
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
def originate_response(h: Headers, at: datetime) -> ev.PartyUnreached | ev.OverseerUnreached | None:
    if h.text("Response") != "Success" and h.text("Context", "") in SPY_CONTEXTS:
        return ev.OverseerUnreached(at=at, linkedid=Linkedid(h.text("Exten")))
    if h.text("Response") == "Success" or h.text("Context", "") not in CALLED_INTO:
        return None
    return ev.PartyUnreached(at=at, linkedid=Linkedid(h.text("Exten")), reason=h.integer("Reason", 0))

"""What a room tells of a call (`asterisk_conf/extensions.d/room.conf`): who came, who left, whether the caller waits.

A part of `callcenter.call.apply`, where these listeners are listed.
"""

from collections.abc import Iterator
from datetime import datetime

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call import listen
from callcenter.call.live import LiveCall
from callcenter.call.model import CallState, Source
from callcenter.ids import SeatId, Uniqueid
from callcenter.seat.model import phone_of

CHANNEL = "p-"
"""Begin of the Uniqueid of those whom the engine calls into a room."""


def calls(call: LiveCall, ended: t.ChannelEnded) -> bool:
    """Whether that was the telephone that is being called into this talk."""
    return call.called is not None and call.called[0] == ended.uniqueid


def seat_behind(channel: str) -> SeatId | None:
    """`PJSIP/w1002-0000000a`, `Local/1002@mobile-seat-0000000a;1` -> 1002; None: a number outside."""
    endpoint = channel.partition("/")[2].rpartition("-")[0]
    found = phone_of(endpoint)
    return found[0] if found else None


def on_fact(call: LiveCall, fact: t.Fact) -> Iterator[e.CallEvent]:
    yield from (on_seat_fact if fact.name == "seat" else on_room_fact)(call, fact)


def on_seat_fact(call: LiveCall, fact: t.Fact) -> Iterator[e.CallEvent]:
    """The seat that calls him back, whose channel names the call. It was there before him."""
    at, linkedid = fact.at, call.record.linkedid
    if call.record.source is Source.CALLBACK and call.record.state is CallState.IVR and fact.value:
        seat, channel = SeatId(fact.value), Uniqueid(linkedid)
        yield e.SeatRang(at=at, call=linkedid, seat=seat, channel=channel)
        yield e.CallAnswered(at=at, call=linkedid, seat=seat, channel=channel)


def on_room_fact(call: LiveCall, fact: t.Fact) -> Iterator[e.CallEvent]:
    """The caller himself: `wait` with music, `talk` with whoever is there, `left` without anybody having come back."""
    call.in_wait = fact.value == "wait"
    state, linkedid = call.record.state, call.record.linkedid
    if call.in_wait and state is CallState.TALKING:
        yield e.CallHeld(at=fact.at, call=linkedid)
    elif fact.value == "talk" and state is CallState.HOLDING:
        yield e.CallResumed(at=fact.at, call=linkedid)
    elif fact.value == "left":
        call.plan = ""
        if call.returning is not None:
            seat, call.returning = call.returning, None
            yield e.PartyLeft(at=fact.at, call=linkedid, seat=seat, channel=call.channel)


def on_joined(call: LiveCall, ev: t.RoomJoined) -> Iterator[e.CallEvent]:
    if ev.uniqueid == call.channel or ev.uniqueid in call.parties:
        return
    if (supervisor := listen.person_behind(ev.channel)) is not None:
        yield from listen.on_joined(call, ev, supervisor)
        return
    seat = seat_behind(ev.channel)
    call.parties[ev.uniqueid] = seat
    if call.called is not None and call.called[0] == ev.uniqueid:
        call.called = None  # not when the seat itself comes in, on the way from the talk of two
    if ev.uniqueid == call.seat_channel:
        return
    if seat == call.returning:
        call.returning = None
    yield e.PartyJoined(at=ev.at, call=call.record.linkedid, seat=seat, channel=ev.uniqueid)


def on_left(call: LiveCall, ev: t.RoomLeft) -> Iterator[e.CallEvent]:
    """Of the seat that answered, app_queue tells (SeatCompleted)."""
    if ev.uniqueid not in call.parties:
        return
    seat = call.parties.pop(ev.uniqueid)
    if listen.is_at(call, ev.uniqueid):
        return  # he may only go back to listening; the end of his channel says that he has left
    if ev.uniqueid != call.seat_channel and seat != call.returning:
        yield e.PartyLeft(at=ev.at, call=call.record.linkedid, seat=seat, channel=ev.uniqueid)
        yield from listen.on_seat_left(call, ev.at, ev.uniqueid)


def on_unreached(call: LiveCall, ev: t.PartyUnreached | t.ChannelEnded) -> Iterator[e.CallEvent]:
    """Nobody answered; or somebody did, and hung up instead of pressing 1."""
    if call.called is not None:
        channel, seat = call.called
        call.called = None
        yield e.PartyUnreached(at=ev.at, call=call.record.linkedid, seat=seat, channel=channel)


def seat_left(call: LiveCall, at: datetime, seat: SeatId, channel: Uniqueid) -> Iterator[e.CallEvent]:
    """A seat that had answered is gone, the caller is not: he waits, or talks with somebody else. app_queue says so
    late, or never when the channel was on its way into the room."""
    if seat != call.returning and channel not in call.gone:
        call.gone.add(channel)
        yield e.PartyLeft(at=at, call=call.record.linkedid, seat=seat, channel=channel)
        yield from listen.on_seat_left(call, at, channel)


def goes_on(call: LiveCall) -> bool:
    """The talk does not end with the seat that answered."""
    return call.in_wait or call.handing_on or any(channel != call.seat_channel for channel in call.parties)


def all_leave(call: LiveCall, at: datetime) -> Iterator[e.CallEvent]:
    """The caller is gone: nobody has anything to do here any more."""
    yield from listen.on_gone(call, at)
    gone, call.parties = call.parties, {}
    for channel, seat in gone.items():
        yield e.PartyLeft(at=at, call=call.record.linkedid, seat=seat, channel=channel)
    if call.returning is not None:
        seat, call.returning = call.returning, None
        yield e.PartyLeft(at=at, call=call.record.linkedid, seat=seat, channel=call.channel)

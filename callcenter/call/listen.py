"""What Asterisk tells of a supervisor at a talk (`asterisk_conf/extensions.d/listen.conf`): hearing it, speaking to the
seat alone, or one of the room. He is no seat and no party: the record's figures do not know him.

A part of `callcenter.call.apply`, where these listeners are listed.
"""

from collections.abc import Iterator
from datetime import datetime

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call.live import LiveCall
from callcenter.call.model import ListenMode
from callcenter.ids import PersonId, SeatId, Uniqueid
from callcenter.seat.model import overseer_of, phone_of

CHANNEL = "l-"
"""Beginning of the channel ids that the engine gives to supervisors' phones."""


def endpoint_in(channel: str) -> str:
    """`PJSIP/sw-chen-0000000a` -> `sw-chen`."""
    return channel.partition("/")[2].rpartition("-")[0]


def person_behind(channel: str) -> PersonId | None:
    return overseer_of(endpoint_in(channel))


def is_at(call: LiveCall, channel: Uniqueid) -> bool:
    """That channel is the supervisor's at this call, or is being called for it."""
    there = call.record.listener
    return channel == call.overseer_called or (there is not None and there.channel == channel)


def in_room(call: LiveCall) -> bool:
    """He talks with the caller; without the seat, too."""
    return call.record.listener is not None and call.record.listener.channel in call.parties


def on_spying(call: LiveCall, ev: t.SpyStarted) -> Iterator[e.CallEvent]:
    person, there = person_behind(ev.channel), call.record.listener
    if person is None:
        return
    call.overseer_called = None
    mode = ListenMode.WHISPER if ev.whisper else ListenMode.LISTEN
    if there is not None and (there.channel, there.mode) == (ev.uniqueid, mode):
        return
    found = phone_of(endpoint_in(ev.spied))
    told = e.SupervisorWhispered if ev.whisper else e.SupervisorListened
    seat = found[0] if found else _seat(call)
    yield told(at=ev.at, call=call.record.linkedid, seat=seat, person=person, channel=ev.uniqueid)


def on_joined(call: LiveCall, ev: t.RoomJoined, person: PersonId) -> Iterator[e.CallEvent]:
    call.overseer_called = None
    call.parties[ev.uniqueid] = None
    there = call.record.listener
    if there is None or there.channel != ev.uniqueid or not there.mode.is_open:
        seat = _seat(call)
        yield e.SupervisorJoined(at=ev.at, call=call.record.linkedid, seat=seat, person=person, channel=ev.uniqueid)


def on_unreached(call: LiveCall, ev: t.OverseerUnreached) -> Iterator[e.CallEvent]:
    """His phone was not taken: nobody has heard anything."""
    call.overseer_called = None
    return iter(())


def on_gone(call: LiveCall, at: datetime) -> Iterator[e.CallEvent]:
    """His channel has ended, or the call has."""
    call.overseer_called = None
    there = call.record.listener
    if there is not None:
        call.parties.pop(there.channel, None)
        yield e.SupervisorLeft(
            at=at, call=call.record.linkedid, seat=there.seat, person=there.person, channel=there.channel
        )


def on_seat_left(call: LiveCall, at: datetime, channel: Uniqueid) -> Iterator[e.CallEvent]:
    """The seat is gone, and nobody but the supervisor is left with the caller: now the talk is his."""
    there = call.record.listener
    if there is None or not in_room(call) or there.mode is ListenMode.TAKE_OVER:
        return
    if not [other for other in call.parties if other not in (there.channel, channel)]:
        yield e.SupervisorTookOver(
            at=at, call=call.record.linkedid, seat=there.seat, person=there.person, channel=there.channel
        )


def _seat(call: LiveCall) -> SeatId | None:
    """Whose talk it is, when Asterisk does not name the seat's channel."""
    if call.record.listener is not None:
        return call.record.listener.seat
    channel = call.seat_channel
    return next((ring.seat for ring in call.record.rings if ring.channel == channel), call.record.seat)

"""A supervisor at a talk: hears it, speaks to the seat alone, joins it, takes it over, and changes between these.

His own phone is called into `asterisk_conf/extensions.d/listen.conf` and moved between its contexts. Joining needs the
room: he goes there first, caller and seat follow as soon as he has come. Hearing ends with the seat's channel, without
this engine.
"""

import uuid
from collections.abc import Iterable

from callcenter.asterisk.actions import Action, Hangup, Originate, Redirect, SetVar
from callcenter.call import events as e
from callcenter.call import listen
from callcenter.call.apply import Call
from callcenter.call.model import ListenMode
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.engine.talks import Talks
from callcenter.errors import Conflict
from callcenter.ids import Interface, Linkedid, PersonId, Uniqueid
from callcenter.seat.model import REGISTERING, overseer_endpoint
from callcenter.seat.state import Seat

NAME = "cc-listen"
"""Shown to the supervisor's phone: the page answers by itself (agents_ui/src/phone)."""
SPIED = "CC_SPIED"
CALLED_WITHIN_S = 20
CONTEXTS = {
    ListenMode.LISTEN: "spy-listen",
    ListenMode.WHISPER: "spy-whisper",
    ListenMode.BARGE: "spy-join",
    ListenMode.TAKE_OVER: "spy-join",
}


class ListenedAlready(Conflict):
    code = "listened-already"
    """One supervisor at a talk, and one talk for a supervisor."""


class NobodyListens(Conflict):
    code = "nobody-listens"


class NoPhone(Conflict):
    code = "no-phone"


class SeatGone(Conflict):
    code = "seat-gone"


class Listening:
    def __init__(self, registry: Registry, talks: Talks, hotline: str) -> None:
        self._registry = registry
        self._talks = talks
        self._hotline = hotline
        self._taking: set[Linkedid] = set()
        """Calls whose seat leaves as soon as the supervisor has joined."""

    def ask(self, seat: Seat, mode: ListenMode, person: PersonId) -> Call:
        """Begin, or go over to `mode`. Raises NoTalk, ListenedAlready, NoPhone, SeatGone."""
        self._not_elsewhere(seat, person)
        call = self._talks.call_of(seat)
        own = call.channel_of(seat.view.seat)
        there = call.record.listener
        if call.overseer_called is not None or (there is not None and there.person != person):
            who = there.person if there is not None else "somebody"
            raise ListenedAlready(f"{who} is at this talk already, or is being called; one supervisor at a talk")
        if own is None:
            raise SeatGone(f"seat {seat.view.seat} has no phone in this talk; nothing to hear")
        if there is None:
            self._call_in(call, own, mode, person)
        else:
            self._change(call, there.channel, own, mode)
        return call

    def stop(self, person: PersonId) -> Call:
        """His phone is hung up. In a talk that he has taken over this ends the talk. Raises NobodyListens."""
        for call in self._registry.live_calls():
            there = call.record.listener
            if there is not None and there.person == person:
                self._talks.send(call.record.linkedid, [Hangup(there.channel)])
                return call
            if call.overseer_called is not None and call.overseer_asked == person:
                self._talks.send(call.record.linkedid, [Hangup(call.overseer_called)])
                return call
        raise NobodyListens(f"{person} is at no talk")

    def heard(self, happened: Iterable[DomainEvent]) -> None:
        """After each step of the pump."""
        for event in happened:
            match event:
                case e.SupervisorJoined():
                    self._bring_in(event)
                case e.SupervisorLeft():
                    self._taking.discard(event.call)
                    call = self._registry.calls.get(event.call)
                    if call is None or not call.record.live:
                        self._talks.send(event.call, [Hangup(event.channel)])

    def _not_elsewhere(self, seat: Seat, person: PersonId) -> None:
        for call in self._registry.live_calls():
            there = call.record.listener
            if there is not None and there.person == person and call.record.linkedid != seat.view.call:
                raise ListenedAlready(f"{person} is at a talk of seat {there.seat}; end that first")

    def _call_in(self, call: Call, own: Uniqueid, mode: ListenMode, person: PersonId) -> None:
        channel = Uniqueid(f"{listen.CHANNEL}{uuid.uuid4().hex}")
        action = Originate(
            channel=self._phone(person),
            context=CONTEXTS[mode],
            exten=call.record.linkedid,
            channel_id=channel,
            caller_id=f'"{NAME}" <{self._hotline}>',
            timeout_s=CALLED_WITHIN_S,
            variables={SPIED: own},
        )
        call.overseer_called, call.overseer_asked = channel, person
        self._plan(call, mode)
        self._talks.send(call.record.linkedid, [action])

    def _change(self, call: Call, channel: Uniqueid, own: Uniqueid, mode: ListenMode) -> None:
        linkedid = call.record.linkedid
        self._plan(call, mode)
        if mode.is_open and listen.in_room(call):
            if mode is ListenMode.TAKE_OVER:
                self._talks.send(linkedid, [Hangup(own)])
            return
        move = Redirect(channel=channel, context=CONTEXTS[mode], exten=linkedid)
        self._talks.send(linkedid, [SetVar(channel=channel, variable=SPIED, value=own), move])

    def _plan(self, call: Call, mode: ListenMode) -> None:
        if mode is ListenMode.TAKE_OVER:
            self._taking.add(call.record.linkedid)
        else:
            self._taking.discard(call.record.linkedid)

    def _bring_in(self, event: e.SupervisorJoined) -> None:
        """He is in the room: caller and seat come, or come back from music; then the seat goes if that was asked."""
        call = self._registry.calls.get(event.call)
        seat = self._registry.seats.get(event.seat) if event.seat is not None else None
        if call is None or seat is None:
            return
        own = call.channel_of(seat.view.seat)
        actions: list[Action] = list(self._talks.into_room(call, seat, caller_waits=False))
        if event.call in self._taking and own is not None:
            actions.append(Hangup(own))
        self._taking.discard(event.call)
        self._talks.send(event.call, actions)

    def _phone(self, person: PersonId) -> Interface:
        """The browser's before the desk's."""
        for kind in REGISTERING:
            endpoint = overseer_endpoint(person, kind)
            if endpoint in self._registry.overseer_phones:
                return Interface(f"PJSIP/{endpoint}")
        raise NoPhone(f"no phone of {person} is registered; open the floor in the browser and allow the microphone")

"""What a seat may do with a talk: consult, bring a third in, hand on, leave; and a seat whose phone vanished is fetched
back. A talk of two is app_queue's; for anything more its channels go into a room
(asterisk_conf/extensions.d/room.conf).

Everything here asks Asterisk by channel. What came of it, its events tell; a caller who is left with the music goes on
by himself (`room_wait_s`), whatever becomes of this engine.
"""

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from callcenter.asterisk.actions import Action, Hangup, Originate, Redirect, SetVar
from callcenter.asterisk.link import AmiLink
from callcenter.call import events as e
from callcenter.call import listen, room
from callcenter.call.apply import Call
from callcenter.engine.first_seats import FirstSeats
from callcenter.engine.party import Directory, Party
from callcenter.engine.registry import ENGINE, DomainEvent, Job, Registry
from callcenter.errors import CallCenterError, Conflict
from callcenter.ids import Linkedid, Uniqueid
from callcenter.routing.first_seat import offered
from callcenter.seat.events import SeatPhoneChanged
from callcenter.seat.model import PhoneKind, interface_of
from callcenter.seat.state import Phase, Seat

log = logging.getLogger(__name__)

FETCH = "fetch"
RETURN = "cc-return"
"""Name shown to a phone that is called back into its talk: the page answers by itself (agents_ui/src/phone)."""
INTERPRETER_AFTER_S = 2.0
"""Caller and seat greet each other before the interpreter is called; and their bridge is made by then."""
CALLED_WITHIN_S = 25
"""A second seat or a number outside rings so long."""


class NoTalk(Conflict):
    code = "no-talk"


class NobodyElse(Conflict):
    code = "nobody-else"


class TalkTaken(Conflict):
    code = "talk-taken"
    """Somebody else is in it, or is being called."""


class Talks:
    def __init__(
        self,
        registry: Registry,
        link: AmiLink,
        hotline: str,
        directory: Directory,
        first: FirstSeats,
        later: Callable[[Job], None],
    ) -> None:
        """`later`: something to be done in the pump's order."""
        self._registry = registry
        self._link = link
        self._hotline = hotline
        self._directory = directory
        self._first = first
        self._later = later
        self._asked: set[asyncio.Task[None]] = set()

    # --- what a seat asks for

    def consult(self, seat: Seat, to: Party, by: str, now: datetime, *, caller_waits: bool = True) -> list[DomainEvent]:
        """The caller hears music, the seat talks with somebody else. Without `caller_waits` they talk on, and who is
        called comes into their talk: an interpreter."""
        call = self.call_of(seat)
        if call.called is not None or self._others(call, seat):
            raise TalkTaken("somebody else is in this talk already, or is being called; end that first")
        actions = self.into_room(call, seat, caller_waits=caller_waits)
        return self._call_in(call, to, by, now, actions)

    def join(self, seat: Seat) -> None:
        """All of them talk together."""
        call = self.call_of(seat)
        if not self._others(call, seat):
            raise NobodyElse("nobody else is in this talk; call somebody first")
        self._ask(call, [Redirect(channel=call.channel, context="room-talk", exten=call.record.linkedid)])

    def back(self, seat: Seat) -> None:
        """The others are let go, seat and caller talk on."""
        call = self.call_of(seat)
        others = [Hangup(channel) for channel in self._others(call, seat)]
        if call.called is not None:
            others.append(Hangup(call.called[0]))
        if not others and not call.in_wait:
            raise NobodyElse("nobody else is in this talk")
        self._ask(call, [*others, Redirect(channel=call.channel, context="room-talk", exten=call.record.linkedid)])

    def leave(self, seat: Seat) -> None:
        """The caller talks with the others, without the seat."""
        call = self.call_of(seat)
        own = call.channel_of(seat.view.seat)
        if not self._others(call, seat) or own is None:
            raise NobodyElse("nobody else is in this talk; to end it, hang up")
        actions: list[Action] = []
        if call.in_wait:
            actions.append(Redirect(channel=call.channel, context="room-talk", exten=call.record.linkedid))
        self._ask(call, [*actions, Hangup(own)])

    def hand_on(self, seat: Seat, to: Party, by: str, now: datetime) -> list[DomainEvent]:
        """The caller goes to somebody else; the seat does not wait for it. Nobody answers: he waits in his line."""
        call = self.call_of(seat)
        if call.called is not None:
            raise TalkTaken("somebody is being called already; end that first")
        own = call.channel_of(seat.view.seat)
        actions = self.into_room(call, seat, caller_waits=True)
        call.plan = FETCH
        return self._call_in(call, to, by, now, [*actions, *([Hangup(own)] if own else [])])

    def hand_to_line(self, seat: Seat, line: str, topic: str, now: datetime) -> list[DomainEvent]:
        """The caller waits in a line, from the time at which he first came. With a topic a seat that knows it is
        offered to him first."""
        call = self.call_of(seat)
        call.handing_on, call.plan = True, ""
        offer = offered(self._first.of(line, topic or call.record.topic or ""))
        others = [Hangup(channel) for channel in call.parties]
        self._ask(
            call,
            [
                SetVar(channel=call.channel, variable="CC_LINE", value=line),
                *(SetVar(channel=call.channel, variable=name, value=value) for name, value in offer.items()),
                Redirect(channel=call.channel, context="next-queue", exten="first"),
                *others,
            ],
        )
        told = e.TopicChosen(at=now, call=call.record.linkedid, topic=topic)
        return self._registry.told(call, told) if topic and topic != call.record.topic else []

    def end(self, seat: Seat, reason: str, by: str, now: datetime) -> list[DomainEvent]:
        """The seat ends the talk against the caller's will; the reason is on record before it does."""
        call = self.call_of(seat)
        own = call.channel_of(seat.view.seat)
        if call.called is not None or self._others(call, seat) or own is None:
            raise TalkTaken("somebody else is in this talk; leave it, or let him go first")
        given = e.EndReasonGiven(at=now, call=call.record.linkedid, seat=seat.view.seat, reason=reason, by=by)
        self._ask(call, [Hangup(own)])
        return self._registry.told(call, given)

    # --- what follows from what happened

    def heard(self, happened: Iterable[DomainEvent]) -> None:
        """After each step of the pump."""
        gone: set[Linkedid] = {event.call for event in happened if isinstance(event, e.CallEnded)}
        for event in happened:
            match event:
                case SeatPhoneChanged():
                    self._phone_changed(self._registry.seats[event.seat])
                case e.PartyLeft() if event.call in gone:
                    self.send(event.call, [Hangup(event.channel)])
                case e.CallAnswered():
                    self._speak_for(event)
                case e.PartyJoined():
                    self._fetch(event.call)
                case e.PartyUnreached():
                    self._nobody_came(event.call)

    def _phone_changed(self, seat: Seat) -> None:
        call = self._registry.calls.get(seat.view.call) if seat.view.call else None
        if call is None or not call.record.live:
            return
        if call.returning == seat.view.seat and seat.view.phone is not None:
            self._call_back(call, seat, seat.view.phone)
        elif seat.phase in (Phase.TALKING, Phase.HOLDING) and seat.view.phone is not PhoneKind.WEBRTC:
            browser = interface_of(seat.view.seat, PhoneKind.WEBRTC)
            if any(member.interface == browser for member in seat.members.values()):
                self._vanished(call, seat)

    def _vanished(self, call: Call, seat: Seat) -> None:
        """The page was loaded anew, or its network is gone: the caller hears music until the phone is back."""
        own = call.channel_of(seat.view.seat)
        if own is None or self._others(call, seat) or listen.in_room(call):
            return
        log.info("talk.seat_vanished call=%s seat=%s", call.record.linkedid, seat.view.seat)
        call.returning = seat.view.seat
        self._ask(call, [*self.into_room(call, seat, caller_waits=True), Hangup(own)])

    def _call_back(self, call: Call, seat: Seat, phone: PhoneKind) -> None:
        call.plan = FETCH
        self._ask(call, [self._originate(call, interface_of(seat.view.seat, phone), _new_channel(), RETURN)])

    def _speak_for(self, answered: e.CallAnswered) -> None:
        """A seat that only helps this line has taken the call: the line's interpreter is called in."""
        seat, call = self._registry.seats.get(answered.seat), self._registry.calls.get(answered.call)
        line = call.record.line if call is not None else None
        if seat is None or line is None or line in seat.queues or not self._registry.rules.line(line).interpreter:
            return

        async def call_in() -> list[DomainEvent]:
            try:
                interpreter = self._directory.find("interpreter", line, seat.view.seat)
                now = answered.at + timedelta(seconds=INTERPRETER_AFTER_S)
                return self.consult(seat, interpreter, ENGINE, now, caller_waits=False)
            except CallCenterError as error:
                log.warning("talk.no_interpreter call=%s reason=%s", answered.call, error.message)
                return []

        asyncio.get_running_loop().call_later(INTERPRETER_AFTER_S, self._later, call_in)

    def _fetch(self, linkedid: Linkedid) -> None:
        call = self._registry.calls.get(linkedid)
        if call is not None and call.plan == FETCH:
            call.plan = ""
            self._ask(call, [Redirect(channel=call.channel, context="room-talk", exten=linkedid)])

    def _nobody_came(self, linkedid: Linkedid) -> None:
        call = self._registry.calls.get(linkedid)
        if call is not None and call.plan == FETCH and call.returning is None:
            call.plan, call.handing_on = "", True
            self._ask(call, [Redirect(channel=call.channel, context="next-queue", exten="wait")])

    # --- how

    def call_of(self, seat: Seat) -> Call:
        call = self._registry.calls.get(seat.view.call) if seat.view.call else None
        if call is None or seat.phase not in (Phase.TALKING, Phase.HOLDING) or not call.record.live:
            raise NoTalk(f"seat {seat.view.seat} is in no talk")
        return call

    def _others(self, call: Call, seat: Seat) -> list[Uniqueid]:
        """Without the supervisor, who comes and goes as he likes."""
        parties = call.parties.items()
        return [name for name, party in parties if party != seat.view.seat and not listen.is_at(call, name)]

    def into_room(self, call: Call, seat: Seat, *, caller_waits: bool) -> list[Action]:
        own = call.channel_of(seat.view.seat)
        caller = Redirect(
            channel=call.channel,
            context="room-wait" if caller_waits else "room-talk",
            exten=call.record.linkedid,
            extra_channel=own if own is not None and own not in call.parties else "",
            extra_context="room-party",
        )
        return [caller]

    def _call_in(self, call: Call, to: Party, by: str, now: datetime, first: Sequence[Action]) -> list[DomainEvent]:
        channel = _new_channel()
        call.called = (channel, to.seat)
        self._ask(call, [*first, self._originate(call, to.interface, channel, press_1=to.press_1)])
        event = e.PartyCalled(at=now, call=call.record.linkedid, seat=to.seat, channel=channel, place=to.place, by=by)
        return self._registry.told(call, event)

    def _originate(
        self, call: Call, interface: str, channel: Uniqueid, name: str = "", *, press_1: bool = False
    ) -> Originate:
        return Originate(
            channel=interface,
            context="room-ask" if press_1 else "room-party",
            exten=call.record.linkedid,
            channel_id=channel,
            caller_id=f'"{name}" <{self._hotline}>' if name else self._hotline,
            timeout_s=CALLED_WITHIN_S,
            variables={"CC_LANG": call.record.language or ""} if press_1 else {},
        )

    def _ask(self, call: Call, actions: Sequence[Action]) -> None:
        self.send(call.record.linkedid, actions)

    def send(self, call: Linkedid, actions: Sequence[Action]) -> None:
        task = asyncio.get_running_loop().create_task(self._carry_out(call, actions))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)

    async def _carry_out(self, call: Linkedid, actions: Sequence[Action]) -> None:
        """One after the other. A channel that is gone already is no fault: somebody hung up meanwhile."""
        for action in actions:
            try:
                (await self._link.send(action)).or_raise()
            except CallCenterError as error:
                log.warning("talk.refused call=%s action=%s reason=%s", call, action.name, error.message)


def _new_channel() -> Uniqueid:
    """Given to the channel by us, so that it is known before Asterisk has made it."""
    return Uniqueid(f"{room.CHANNEL}{uuid.uuid4().hex}")

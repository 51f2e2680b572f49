"""The engine's memory: live calls, and seats. A fold of what Asterisk tells, rebuilt at any time from database,
CEL file and snapshot. Only the pump touches it."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call import listen, room
from callcenter.call.apply import Call, begin
from callcenter.call.model import CallRecord, CallState, EndedBy, RingResult, Source
from callcenter.call.state import evolve
from callcenter.callback.model import CHANNEL
from callcenter.engine.busy import keeps_busy
from callcenter.engine.early import EarlyFacts
from callcenter.ids import Linkedid, SeatId
from callcenter.routing.model import Candidate, Rules, reserve
from callcenter.seat.events import SeatEvent
from callcenter.seat.model import Desired, SeatState, overseer_of, phone_of
from callcenter.seat.state import Membership, Phase, Seat

DomainEvent = e.CallEvent | SeatEvent
Job = Callable[[], Awaitable[Iterable[DomainEvent]]]
"""Anything that must happen in order with Asterisk's events: a command, a resync, a tick. Returns what happened."""

MISSED = frozenset({RingResult.NO_ANSWER, RingResult.REJECTED, RingResult.UNREACHABLE})
"""Ring results that count as missed by the seat."""
MISSED_REASON = "missed-calls"
"""Why a seat is paused that did not take several calls in a row."""
ENGINE = "engine"
"""Who asked, where no person did."""
ENDED_KEPT = 10_000
"""More than a day's calls: the CEL file is read again some seconds back at most."""


class Begins(Protocol):
    def starts(self, event: t.ChannelStarted) -> bool:
        """Whether this new channel is a citizen's call."""
        ...


@dataclass(frozen=True, slots=True)
class Inbound:
    """How a channel is known to be a citizen's call: it comes from the trunk, or dialled the hotline's number. A call
    of the number that plays drafts is on record like one; the dialplan marks it (source `test`)."""

    trunk: str = t.TRUNK
    number: str = "12348"
    test: str = "12348*9"

    def starts(self, event: t.ChannelStarted) -> bool:
        if str(event.uniqueid) != event.linkedid or event.uniqueid.startswith(CHANNEL):
            return False
        technology, _, name = event.channel.partition("/")
        return name.startswith(f"{self.trunk}-") or (event.exten in (self.number, self.test) and technology != "Local")


@dataclass(slots=True)
class Registry:
    inbound: Begins = field(default_factory=Inbound)
    rules: Rules = field(default_factory=Rules)
    calls: dict[Linkedid, Call] = field(default_factory=dict)
    """Live calls, and ended ones whose seat is still in wrap-up."""
    seats: dict[SeatId, Seat] = field(default_factory=dict)
    _over: dict[Linkedid, CallRecord] = field(default_factory=dict)
    """Records of calls that ended in this step."""
    ended: dict[Linkedid, None] = field(default_factory=dict)
    """The newest calls that are over: nothing that is told late may begin them anew."""
    dialled: dict[str, str] = field(default_factory=dict, repr=False)
    """Linkedid -> number of those whom we call back; on record they are as soon as they answer."""
    overseer_phones: set[str] = field(default_factory=set)
    """Registered phones of supervisors and managers, who may listen in."""
    trunk_up: bool | None = None
    """Whether the carrier's gateway answers; None: it is not asked (setting `trunk_options_s`)."""
    _early: EarlyFacts = field(default_factory=EarlyFacts)
    _contacts: dict[str, str] = field(default_factory=dict)
    """Endpoint -> address of its newest registration."""

    def hear(self, event: t.TelephonyEvent) -> list[DomainEvent]:
        """Fold one event; everything that follows from it, in order."""
        if isinstance(event, t.MemberChanged | t.MemberRemoved):
            return list(self._member(event))
        if isinstance(event, t.ContactChanged):
            return list(self._contact(event))
        linkedid = self._listened(event) or getattr(event, "linkedid", None)
        if linkedid is None:
            return []
        events: list[e.CallEvent] = []
        if linkedid in self.ended and linkedid not in self.calls:
            return []
        if linkedid not in self.calls and not self._begin(event, linkedid, events):
            self._early.keep(event)
            return []
        call = self.calls[linkedid]
        for heard in (event, *self._early.take(linkedid)):
            events += call.hear(heard)
        return self._with_seats(call, events)

    def close(self, call: Call, at: datetime, failure: bool) -> list[DomainEvent]:
        """The caller is gone, and Asterisk never said so."""
        return self._with_seats(call, call.close(at, EndedBy.SYSTEM, failure))

    def told(self, call: Call, event: e.CallEvent) -> list[DomainEvent]:
        """Something about a call that no event of Asterisk says: folded like the others."""
        call.record = evolve(call.record, event)
        return self._with_seats(call, [event])

    def tick(self, now: datetime) -> list[DomainEvent]:
        due = [(s.next_deadline, s) for s in self.seats.values() if s.next_deadline and s.next_deadline <= now]
        return [event for deadline, seat in due if deadline for event in self.end_wrap_up(seat, deadline)]

    def want(self, seat: Seat, desired: Desired, reason: str, by: str, now: datetime) -> list[DomainEvent]:
        over = self.end_wrap_up(seat, now) if desired is Desired.SIGNED_OUT else []
        return [*over, *seat.want(desired, reason, by, now)]

    def free(self, seat: Seat, now: datetime) -> list[DomainEvent]:
        """The seat is in no call. A call that is really there stays: only the seat is told apart from it."""
        return [*self.end_wrap_up(seat, now), *seat.free(now)]

    def end_wrap_up(self, seat: Seat, at: datetime) -> list[DomainEvent]:
        """The seat's work after the talk is done; the call's record learns it."""
        if seat.phase is not Phase.WRAP_UP:
            return []
        call = self.calls.get(seat.view.call) if seat.view.call else None
        events: list[DomainEvent] = list(seat.end_wrap_up(at))
        if call is not None:
            over = e.WrapUpEnded(at=at, call=call.record.linkedid, seat=seat.view.seat)
            call.record = evolve(call.record, over)
            events.insert(0, over)
            self._forget_if_over(call)
        return events

    def reserve(self) -> list[SeatId]:
        """Decide anew who is kept out of which lines; the seats for which that has changed."""
        known = self.seats.values()
        candidates = [Candidate(s.view.seat, frozenset(s.queues), s.could_ring, s.held_back) for s in known]
        changed = []
        for seat_id, lines in reserve(candidates, self.rules).items():
            if self.seats[seat_id].held_back != lines:
                self.seats[seat_id].held_back = lines
                changed.append(seat_id)
        return changed

    def not_dialled(self, call: Linkedid, at: datetime) -> list[DomainEvent]:
        """Nobody is being called back under this name any more; the seat that only waited for him is free."""
        self.dialled.pop(call, None)
        waiting = [seat for seat in self.seats.values() if seat.view.call == call]
        return [event for seat in waiting for event in seat.ring_over(call, False, at)]

    def record(self, call: Linkedid) -> CallRecord | None:
        """The record as folded so far, also of a call that has just ended."""
        live = self.calls.get(call)
        return live.record if live is not None else self._over.get(call)

    def settle(self) -> None:
        """What ended is written: forget it."""
        self._over.clear()

    def remember_ended(self, calls: Iterable[Linkedid]) -> None:
        self.ended |= dict.fromkeys(calls)
        for oldest in list(self.ended)[: max(0, len(self.ended) - ENDED_KEPT)]:
            del self.ended[oldest]

    def live_calls(self) -> Iterator[Call]:
        return (call for call in self.calls.values() if call.record.live)

    def waiting(self, line: str) -> int:
        """Callers in the queue of a line."""
        states = (CallState.QUEUED, CallState.RINGING)
        return sum(1 for call in self.live_calls() if call.record.line == line and call.record.state in states)

    def ready(self, line: str) -> int:
        """Seats that would be rung for the next caller of a line."""
        serving = (seat for seat in self.seats.values() if seat.view.state is SeatState.READY)
        return sum(1 for seat in serving if line in seat.queues)

    def _listened(self, event: t.TelephonyEvent) -> Linkedid | None:
        """A supervisor's phone has a linkedid of its own while it listens, and one that is called has until it comes
        in; its end belongs to the call."""
        if not isinstance(event, t.ChannelEnded) or not event.uniqueid.startswith((listen.CHANNEL, room.CHANNEL)):
            return None
        known = (call for call in self.live_calls() if listen.is_at(call, event.uniqueid) or room.calls(call, event))
        return next((call.record.linkedid for call in known), None)

    def _begin(self, event: t.TelephonyEvent, linkedid: Linkedid, events: list[e.CallEvent]) -> bool:
        """A citizen's call starts; or one is in a queue and its start was missed: better late than not at all."""
        match event:
            case t.ChannelStarted() if not self.inbound.starts(event):
                return False
            case t.ChannelStarted() | t.QueueJoined():
                number = self.dialled.get(linkedid, event.caller_number)
            case t.Fact(name="source", value=Source.CALLBACK):
                number = self.dialled.get(linkedid, "")
            case _:
                return False
        self.calls[linkedid], begun = begin(linkedid, event.at, number, event.uniqueid)
        events += begun
        return True

    def _with_seats(self, call: Call, events: Sequence[e.CallEvent]) -> list[DomainEvent]:
        followed: list[DomainEvent] = []
        for event in events:
            followed.append(event)
            followed += self._tell_seat(call, event)
        self._forget_if_over(call)
        return followed

    def _tell_seat(self, call: Call, event: e.CallEvent) -> Iterable[DomainEvent]:
        match event:
            case e.CallHeld() | e.CallResumed():
                held, talking = isinstance(event, e.CallHeld), self._talking_in(call)
                return [told for seat in talking for told in seat.holding(event.call, held, event.at)]
            case e.TalkEnded():
                return [told for seat in self._talking_in(call) for told in seat.talk_over(event.call, event.at)]
        named = getattr(event, "seat", None)
        seat = self.seats.get(named) if named else None
        if seat is None:
            return ()
        match event:
            case e.SeatRang():
                # its wrap-up is over if the queue rings it: no engine was there to keep it paused
                return [*self.end_wrap_up(seat, event.at), *seat.ringing(event.call, event.at)]
            case e.RingEnded():
                return self._ring_over(seat, event)
            case e.CallAnswered():
                return seat.talking(event.call, event.at)
            case e.PartyCalled():
                return seat.ringing(event.call, event.at)
            case e.PartyUnreached():
                return seat.ring_over(event.call, False, event.at)
            case e.PartyJoined():
                return [*self.end_wrap_up(seat, event.at), *seat.talking(event.call, event.at)]
            case e.PartyLeft():
                return seat.talk_over(event.call, event.at)
        return ()

    def _talking_in(self, call: Call) -> list[Seat]:
        """More than one after a consultation or a transfer."""
        return [seat for seat in self.seats.values() if seat.view.call == call.record.linkedid]

    def _ring_over(self, seat: Seat, ring: e.RingEnded) -> Iterable[DomainEvent]:
        """Who does not take several calls in a row is not there: callers must not ring him in vain."""
        over = seat.ring_over(ring.call, ring.result in MISSED, ring.at)
        if seat.view.missed < self.rules.missed_rings or seat.view.desired is not Desired.READY:
            return over
        if not self._can_be_spared(seat):
            return over
        return [*over, *seat.want(Desired.PAUSED, MISSED_REASON, ENGINE, ring.at)]

    def _can_be_spared(self, seat: Seat) -> bool:
        """Every line of the seat has another one on duty."""
        others = [s for s in self.seats.values() if s is not seat and s.on_duty]
        return all(any(line in other.queues for other in others) for line in seat.queues)

    def _forget_if_over(self, call: Call) -> None:
        linkedid = call.record.linkedid
        wrapping = any(s.view.call == linkedid and s.phase is Phase.WRAP_UP for s in self.seats.values())
        if not call.record.live and not wrapping:
            self._over[linkedid] = call.record
            self.calls.pop(linkedid, None)
            self.remember_ended([linkedid])

    def _member(self, event: t.MemberChanged | t.MemberRemoved) -> Iterable[DomainEvent]:
        seat = self.seats.get(event.seat)
        if seat is None:
            return ()
        if isinstance(event, t.MemberRemoved):
            held = seat.members.get(event.queue)
            return () if held and held.interface != event.interface else seat.member(event.queue, None, event.at)
        shown = Membership(event.interface, event.paused, event.reason, event.penalty)
        return seat.member(event.queue, shown, event.at)

    def _contact(self, event: t.ContactChanged) -> Iterable[DomainEvent]:
        if event.endpoint == t.TRUNK:
            self.trunk_up = event.registered
            return ()
        found = phone_of(event.endpoint)
        seat = self.seats.get(found[0]) if found else None
        # Of a phone that registers anew from another port Asterisk says first that it came, then that the old one went.
        if event.registered:
            self._contacts[event.endpoint] = event.uri
        elif event.uri != self._contacts.get(event.endpoint, event.uri):
            return ()
        if overseer_of(event.endpoint) is not None:
            (self.overseer_phones.add if event.registered else self.overseer_phones.discard)(event.endpoint)
        return seat.phone(found[1], event.registered, event.at) if seat and found else ()

    def forget_contacts(self) -> None:
        """Phones may have come and gone unheard: what is told from now on counts."""
        self._contacts.clear()
        self.overseer_phones.clear()

    def busy_without_call(self) -> Iterator[Seat]:
        """Seats whose call is over or unknown: after a resync nothing will come that frees them."""
        for seat in self.seats.values():
            call = self.calls.get(seat.view.call) if seat.view.call else None
            if seat.phase in (Phase.RINGING, Phase.TALKING, Phase.HOLDING) and not keeps_busy(seat, call, self.dialled):
                yield seat

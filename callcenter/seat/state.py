"""A seat's state machine. Pure: what is wanted, what Asterisk shows, and `now` go in; events come out.

The state is derived, never set: `desired` (asked for by the person), `phase` (what a call does with the seat), the
registered phones and the memberships that app_queue shows. So a button changes nothing before Asterisk confirms it,
and after a restart the same derivation gives the same state. It follows that no arrow between states is illegal.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from callcenter.errors import Conflict
from callcenter.ids import Interface, Linkedid, QueueName
from callcenter.routing.model import Level
from callcenter.seat.events import (
    SeatDesired,
    SeatEvent,
    SeatMicrophone,
    SeatPhoneChanged,
    SeatPhoneWished,
    SeatStateChanged,
)
from callcenter.seat.model import REGISTERING, Desired, PhoneKind, SeatState, SeatView, interface_of

WRAP_UP_REASON = "wrap-up"
HELD_BACK_REASON = "reserved"
"""In a line the seat is kept out of, to be free for its scarce language."""
UNTRIED_REASON = "microphone"
"""The browser is registered, and nobody knows whether its person would be heard."""


class NoMobile(Conflict):
    code = "no-mobile"


class Phase(StrEnum):
    """What a call does with the seat.

    idle -> ringing -> talking <-> holding -> wrap_up -> idle
              |________________________________________^
    """

    IDLE = "idle"
    RINGING = "ringing"
    TALKING = "talking"
    HOLDING = "holding"
    WRAP_UP = "wrap_up"


IN_CALL = frozenset({Phase.RINGING, Phase.TALKING, Phase.HOLDING})


@dataclass(frozen=True, slots=True)
class Membership:
    """A seat in one queue, as wished or as app_queue shows it."""

    interface: Interface
    paused: bool
    reason: str = ""
    penalty: int = 0
    """A lower one is rung first."""


@dataclass(slots=True)
class Seat:
    view: SeatView
    queues: tuple[QueueName, ...]
    """Lines this seat serves, by its languages."""
    wrap_up_cap: timedelta
    penalties: Mapping[QueueName, int] = field(default_factory=dict)
    """Of the lines it is a member of, also of those it only helps; of a line that is not named: 0."""
    fields: Mapping[str, Level] = field(default_factory=dict)
    """Fields of law with levels (`callcenter.routing.first_seat`)."""
    held_back: frozenset[QueueName] = frozenset()
    """Lines it is kept out of for now (`callcenter.routing.model.reserve`)."""
    phase: Phase = Phase.IDLE
    phones: set[PhoneKind] = field(default_factory=set)
    """Registered now."""
    has_mobile: bool = False
    """Its person's mobile is on file. It rings when she wishes it, and until another one she wishes is there."""
    members: dict[QueueName, Membership] = field(default_factory=dict)
    """As app_queue shows them."""

    # what is wanted

    def want(self, desired: Desired, reason: str, by: str, now: datetime) -> list[SeatEvent]:
        events: list[SeatEvent] = []
        if (desired, reason) != (self.view.desired, self.view.reason):
            events.append(SeatDesired(at=now, seat=self.view.seat, desired=desired, reason=reason, by=by))
            missed = 0 if desired is Desired.READY else self.view.missed
            self.view = replace(self.view, desired=desired, reason=reason, missed=missed)
        return events + self._derive(now)

    def wish_phone(self, phone: PhoneKind, by: str, now: datetime) -> list[SeatEvent]:
        """In a call it comes true afterwards. Raises NoMobile."""
        if phone is PhoneKind.MOBILE and not self.has_mobile:
            raise NoMobile(f"no mobile of seat {self.view.seat} is on file; an administrator can enter it")
        if phone is self.view.wished_phone:
            return []
        self.view = replace(self.view, wished_phone=phone)
        wished = SeatPhoneWished(at=now, seat=self.view.seat, phone=phone, by=by)
        return [wished, *self._choose_phone(now)]

    def microphone(self, tried: bool, now: datetime) -> list[SeatEvent]:
        """Of the page that has the browser phone. A talk goes on; what comes after it, and how, depends on this."""
        if tried is self.view.microphone_tried:
            return []
        self.view = replace(self.view, microphone_tried=tried)
        return [SeatMicrophone(at=now, seat=self.view.seat, tried=tried), *self._choose_phone(now)]

    def end_wrap_up(self, now: datetime) -> list[SeatEvent]:
        return self._enter(Phase.IDLE, None, now) if self.phase is Phase.WRAP_UP else []

    def extend_wrap_up(self, by: timedelta, now: datetime) -> list[SeatEvent]:
        if self.phase is not Phase.WRAP_UP or self.view.wrap_up_ends is None:
            return []
        self.view = replace(self.view, wrap_up_ends=self.view.wrap_up_ends + by)
        return [self._changed(self.view.state, now)]

    def tick(self, now: datetime) -> list[SeatEvent]:
        ends = self.next_deadline
        return self.end_wrap_up(ends) if ends is not None and now >= ends else []

    @property
    def next_deadline(self) -> datetime | None:
        return self.view.wrap_up_ends if self.phase is Phase.WRAP_UP else None

    # what a call does

    def ringing(self, call: Linkedid, now: datetime) -> list[SeatEvent]:
        return self._enter(Phase.RINGING, call, now) if self.phase in (Phase.IDLE, Phase.RINGING) else []

    def ring_over(self, call: Linkedid, missed: bool, now: datetime) -> list[SeatEvent]:
        if self.phase is not Phase.RINGING or self.view.call != call:
            return []
        self.view = replace(self.view, missed=self.view.missed + 1 if missed else self.view.missed)
        return self._enter(Phase.IDLE, None, now)

    def talking(self, call: Linkedid, now: datetime) -> list[SeatEvent]:
        self.view = replace(self.view, missed=0)
        return self._enter(Phase.TALKING, call, now)

    def holding(self, call: Linkedid, on: bool, now: datetime) -> list[SeatEvent]:
        if self.view.call != call or self.phase not in (Phase.TALKING, Phase.HOLDING):
            return []
        return self._enter(Phase.HOLDING if on else Phase.TALKING, call, now)

    def talk_over(self, call: Linkedid, now: datetime) -> list[SeatEvent]:
        if self.view.call != call or self.phase not in (Phase.TALKING, Phase.HOLDING):
            return []
        return self._enter(Phase.WRAP_UP, call, now)

    def free(self, now: datetime) -> list[SeatEvent]:
        """The call it was busy with is gone, and nobody said how (found by a resync)."""
        return self._enter(Phase.IDLE, None, now) if self.phase is not Phase.IDLE else []

    # what Asterisk shows

    def phone(self, kind: PhoneKind, registered: bool, now: datetime) -> list[SeatEvent]:
        (self.phones.add if registered else self.phones.discard)(kind)
        return self._choose_phone(now)

    def phones_are(self, phones: set[PhoneKind], now: datetime) -> list[SeatEvent]:
        self.phones = set(phones)
        return self._choose_phone(now)

    def mobile(self, on_file: bool, now: datetime) -> list[SeatEvent]:
        self.has_mobile = on_file
        return self._choose_phone(now)

    def member(self, queue: QueueName, membership: Membership | None, now: datetime) -> list[SeatEvent]:
        if membership is None:
            self.members.pop(queue, None)
        else:
            self.members[queue] = membership
        return self._derive(now)

    def members_are(self, members: Mapping[QueueName, Membership], now: datetime) -> list[SeatEvent]:
        self.members = dict(members)
        return self._derive(now)

    # what should be so in Asterisk

    def wished_members(self) -> dict[QueueName, Membership]:
        """Memberships to bring about. A seat whose phone is gone keeps them: app_queue does not ring a device that
        is unavailable, and the phone may be back in a second (page reload)."""
        view = self.view
        kind = view.phone or self._member_kind()
        if kind is None or view.desired is Desired.SIGNED_OUT:
            return {}
        return {queue: self._wish(queue, kind) for queue in dict.fromkeys((*self.queues, *self.penalties))}

    def _wish(self, queue: QueueName, kind: PhoneKind) -> Membership:
        interface, penalty = interface_of(self.view.seat, kind), self.penalties.get(queue, 0)
        if self.view.desired is Desired.PAUSED:
            return Membership(interface, True, self.view.reason, penalty)
        if self.phase is Phase.WRAP_UP:
            return Membership(interface, True, WRAP_UP_REASON, penalty)
        if kind is PhoneKind.WEBRTC and not self.view.microphone_tried:
            return Membership(interface, True, UNTRIED_REASON, penalty)
        if queue in self.held_back:
            return Membership(interface, True, HELD_BACK_REASON, penalty)
        return Membership(interface, False, penalty=penalty)

    @property
    def on_duty(self) -> bool:
        """Wants to work, and has a phone."""
        return self.view.desired is Desired.READY and self.view.phone is not None

    @property
    def could_ring(self) -> bool:
        """Could be rung, were it not held back."""
        return self.on_duty and self.phase is Phase.IDLE

    def _member_kind(self) -> PhoneKind | None:
        interfaces = {member.interface for member in self.members.values()}
        return next((kind for kind in PhoneKind if interface_of(self.view.seat, kind) in interfaces), None)

    # derivation

    def _choose_phone(self, now: datetime) -> list[SeatEvent]:
        return [*self._phone_chosen(now), *self._derive(now)]

    def _phone_chosen(self, now: datetime) -> list[SeatEvent]:
        phone = self._phone_to_ring()
        if phone is self.view.phone:
            return []
        self.view = replace(self.view, phone=phone)
        return [SeatPhoneChanged(at=now, seat=self.view.seat, phone=phone)]

    def _phone_to_ring(self) -> PhoneKind | None:
        """The wished one; without it the one it is while it is registered; a browser goes before a desk phone, but not
        before its microphone was tried.

        A call stays with its phone. When that vanishes no other one takes its place at once: the page that is loaded
        anew is back in a moment, and is called again (`callcenter.engine.talks`)."""
        view = self.view
        there = self.phones | {PhoneKind.MOBILE} if self.has_mobile else self.phones
        if self.phase in IN_CALL:
            if view.phone is not None:
                return view.phone if view.phone in there else None
        elif not view.microphone_tried:
            there = there - {PhoneKind.WEBRTC}
        order = (view.wished_phone, view.phone, *REGISTERING)
        return next((kind for kind in order if kind is not None and kind in there), None)

    def _enter(self, phase: Phase, call: Linkedid | None, now: datetime) -> list[SeatEvent]:
        ends = now + self.wrap_up_cap if phase is Phase.WRAP_UP else None
        self.phase = phase
        told, self.view = self.view, replace(self.view, call=call, wrap_up_ends=ends)
        chosen = self._phone_chosen(now)
        if events := self._derive(now):
            return [*chosen, *events]
        same = (told.call, told.wrap_up_ends) == (call, ends)
        # who only follows events must see it too
        return chosen if same else [*chosen, self._changed(self.view.state, now)]

    def _derive(self, now: datetime) -> list[SeatEvent]:
        state = self._state()
        return [] if state is self.view.state else [self._changed(state, now)]

    def _state(self) -> SeatState:
        view = self.view
        if self.phase is not Phase.IDLE:
            return SeatState(self.phase.value)
        if view.desired is Desired.SIGNED_OUT:
            return SeatState.SIGNED_OUT if not self.members else view.state
        if view.phone is None:
            return SeatState.PAUSED if view.desired is Desired.PAUSED else SeatState.UNREACHABLE
        if not all(queue in self.members for queue in self.queues):
            return self._waiting_for_asterisk()
        paused = [self.members[queue].paused for queue in self.queues if queue not in self.held_back]
        if view.desired is Desired.PAUSED:
            return SeatState.PAUSED if all(paused) else self._waiting_for_asterisk()
        return SeatState.READY if not any(paused) else self._waiting_for_asterisk()

    def _waiting_for_asterisk(self) -> SeatState:
        """Asked, not yet confirmed: what it was, unless that was a call that is over."""
        past = {SeatState.RINGING, SeatState.TALKING, SeatState.HOLDING}
        if self.view.state not in past:
            return self.view.state
        return SeatState.PAUSED if any(m.paused for m in self.members.values()) else SeatState.READY

    def _changed(self, state: SeatState, now: datetime) -> SeatStateChanged:
        before = self.view.state
        self.view = replace(self.view, state=state, since=now if state is not before else self.view.since)
        return SeatStateChanged(
            at=now,
            seat=self.view.seat,
            before=before,
            after=state,
            reason=self.view.reason,
            call=self.view.call,
            wrap_up_ends=self.view.wrap_up_ends,
            missed=self.view.missed,
        )

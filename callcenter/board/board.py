"""The board as a fold: seeded from the database at one event number, then `apply` for each later event.

Proved by test: a board that followed the events equals one that is read anew after them.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from callcenter.board.model import Entity, Patch, SeatNow, call_entity, line_entity, seat_entity
from callcenter.bus.envelope import Envelope
from callcenter.call.events import CallAnswered, CallEvent
from callcenter.call.model import CallRecord
from callcenter.call.state import evolve
from callcenter.call.table import EventRow
from callcenter.errors import CallCenterError
from callcenter.instants import CHINA
from callcenter.seat.events import (
    SeatDesired,
    SeatEvent,
    SeatMicrophone,
    SeatPhoneChanged,
    SeatPhoneWished,
    SeatStateChanged,
)
from callcenter.seat.model import Desired, SeatView
from callcenter.storage.event_log import KINDS, from_row


class OutOfStep(CallCenterError):
    """An event does not follow from what the board shows: read everything anew."""

    code = "out-of-step"


class Board:
    def __init__(
        self, *, seq: int, day: date, calls: Iterable[CallRecord], seats: Iterable[SeatNow], lines: Iterable[str]
    ) -> None:
        self.seq = seq
        """Number of the last event in it."""
        self.day = day
        """The day, in China, that `answered` of the seats counts."""
        self.calls: dict[str, CallRecord] = {call.linkedid: call for call in calls}
        self.seats: dict[str, SeatNow] = {seat.view.seat: seat for seat in seats}
        self.lines: dict[str, Entity] = {line: {} for line in lines}
        self._count_lines()

    def state(self) -> dict[str, dict[str, Entity]]:
        return {
            "calls": {id_: call_entity(call) for id_, call in self.calls.items()},
            "seats": {id_: seat_entity(seat) for id_, seat in self.seats.items()},
            "lines": dict(self.lines),
        }

    def apply(self, envelope: Envelope) -> Patch:
        """Raises OutOfStep when a number is missing or the event cannot follow; the board is of no use then."""
        if envelope.seq != self.seq + 1:
            raise OutOfStep(f"event {envelope.seq} came after {self.seq}")
        self.seq = envelope.seq
        at = datetime.fromisoformat(envelope.at)
        patch = self.turn_day(at.astimezone(CHINA).date())
        if envelope.type not in KINDS:
            return patch
        row = EventRow(type=envelope.type, at=at, call=envelope.call, seat=envelope.seat, data=envelope.data)
        event = from_row(row)
        try:
            patch = patch.then(self._call(event) if isinstance(event, CallEvent) else self._seat(event))
        except CallCenterError as error:
            raise OutOfStep(error.message) from error
        patch.lines |= self._count_lines()
        return patch

    def turn_day(self, day: date) -> Patch:
        """At midnight the seats' counts of the day start anew."""
        if day <= self.day:
            return Patch()
        self.day = day
        counted = [seat for seat in self.seats.values() if seat.answered]
        return Patch(seats=dict(self._put(replace(seat, answered=0)) for seat in counted))

    def _call(self, event: CallEvent) -> Patch:
        known = self.calls.get(event.call)
        if known is None and type(event).__name__ == "WrapUpEnded":
            return Patch()  # the caller left before the seat was done
        before = None if known is None else call_entity(known)
        record = evolve(known, event)
        patch = Patch()
        if not record.live:
            del self.calls[event.call]
            patch.calls[event.call] = None
        else:
            self.calls[event.call] = record
            after = call_entity(record)
            if after != before:
                patch.calls[event.call] = after
        if isinstance(event, CallAnswered) and event.seat in self.seats and self._is_today(event.at):
            seat = self.seats[event.seat]
            patch.seats |= dict([self._put(replace(seat, answered=seat.answered + 1))])
        return patch

    def _seat(self, event: SeatEvent) -> Patch:
        seat = self.seats.get(event.seat)
        if seat is None:
            return Patch()  # nobody sits there (any more)
        after = replace(seat, view=seat_after(seat.view, event))
        before = seat_entity(seat)
        id_, entity = self._put(after)
        return Patch(seats={id_: entity}) if entity != before else Patch()

    def _put(self, seat: SeatNow) -> tuple[str, Entity]:
        self.seats[seat.view.seat] = seat
        return seat.view.seat, seat_entity(seat)

    def _is_today(self, at: datetime) -> bool:
        return at.astimezone(CHINA).date() == self.day

    def _count_lines(self) -> dict[str, Entity | None]:
        """Those that changed."""
        calls, seats = list(self.calls.values()), list(self.seats.values())
        changed: dict[str, Entity | None] = {}
        for line, before in self.lines.items():
            after = line_entity(line, calls, seats)
            if after != before:
                changed[line] = self.lines[line] = after
        return changed


def seat_after(view: SeatView, event: SeatEvent) -> SeatView:
    """The seat as shown, after one of its events."""
    changes: dict[str, Any] = {}
    match event:
        case SeatDesired():
            missed = 0 if event.desired is Desired.READY else view.missed
            changes = {"desired": event.desired, "reason": event.reason, "missed": missed}
        case SeatPhoneChanged():
            changes = {"phone": event.phone}
        case SeatPhoneWished():
            changes = {"wished_phone": event.phone}
        case SeatMicrophone():
            changes = {"microphone_tried": event.tried}
        case SeatStateChanged():
            changes = {
                "state": event.after,
                "since": event.at if event.after is not event.before else view.since,
                "reason": event.reason,
                "call": event.call,
                "wrap_up_ends": event.wrap_up_ends,
                "missed": event.missed,
            }
    return replace(view, **changes)

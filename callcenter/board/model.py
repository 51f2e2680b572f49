"""The entities of the live feed, as plain JSON values. Times are ISO 8601 in China's offset, or null."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callcenter.call.model import CallRecord, CallState, RingResult
from callcenter.instants import CHINA
from callcenter.seat.model import SeatState, SeatView

Entity = dict[str, Any]


@dataclass(slots=True)
class Patch:
    """Whole entities that replace the ones of the same id; None removes one."""

    calls: dict[str, Entity | None] = field(default_factory=dict)
    seats: dict[str, Entity | None] = field(default_factory=dict)
    lines: dict[str, Entity | None] = field(default_factory=dict)
    alarms: dict[str, Entity | None] = field(default_factory=dict)
    figures: Entity | None = None
    today: Entity | None = None
    engine: Entity | None = None
    watch: Entity | None = None

    def __bool__(self) -> bool:
        return bool(self.as_json())

    def then(self, later: "Patch") -> "Patch":
        """Both in one; what came later wins."""
        return Patch(
            calls=self.calls | later.calls,
            seats=self.seats | later.seats,
            lines=self.lines | later.lines,
            alarms=self.alarms | later.alarms,
            figures=later.figures or self.figures,
            today=later.today or self.today,
            engine=later.engine or self.engine,
            watch=later.watch or self.watch,
        )

    def as_json(self) -> dict[str, Any]:
        parts = {name: getattr(self, name) for name in self.__slots__}
        return {name: part for name, part in parts.items() if part}


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatNow:
    """A seat, who sits there, and what it did today."""

    view: SeatView
    name: str
    languages: tuple[str, ...]
    has_mobile: bool = False
    """Calls may ring there."""
    answered: int = 0
    """Calls answered today."""


def iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(CHINA).isoformat()


def call_entity(record: CallRecord) -> Entity:
    """`record.caller` is masked already."""
    ringing = next((ring.seat for ring in reversed(record.rings) if ring.result is RingResult.RINGING), None)
    return {
        "id": record.linkedid,
        "caller": record.caller,
        "language": record.language,
        "line": record.line,
        "topic": record.topic,
        "priority": record.priority,
        "source": record.source.value,
        "state": record.state.value,
        "started_at": iso(record.started_at),
        "queued_at": iso(record.queued_at),
        "ringing_seat": ringing if record.state is CallState.RINGING else None,
        "seat": record.seat,
        "answered_at": iso(record.answered_at),
        "hold_since": iso(record.hold_since),
        "listener": record.listener
        and {"person": record.listener.person, "mode": record.listener.mode.value, "seat": record.listener.seat},
        "parties": [
            {"seat": party.seat, "place": party.place, "state": "talking" if party.joined_at else "called"}
            for party in record.parties
            if party.left_at is None
        ],
    }


def seat_entity(seat: SeatNow) -> Entity:
    view = seat.view
    return {
        "id": view.seat,
        "name": seat.name,
        "languages": list(seat.languages),
        "state": view.state.value,
        "since": iso(view.since),
        "reason": view.reason,
        "call": view.call,
        "phone": view.phone.value if view.phone else None,
        "wished_phone": view.wished_phone.value if view.wished_phone else None,
        "microphone_tried": view.microphone_tried,
        "has_mobile": seat.has_mobile,
        "wrap_up_ends": iso(view.wrap_up_ends),
        "answered": seat.answered,
        "missed": view.missed,
    }


def line_entity(line: str, calls: list[CallRecord], seats: list[SeatNow]) -> Entity:
    """`waiting` counts callers who hear music or ringing; `longest_since` is when the first of them entered;
    `reasons`: why some of them go first."""
    there = [call for call in calls if call.line == line and call.state in (CallState.QUEUED, CallState.RINGING)]
    waiting = [call.queued_at for call in there if call.queued_at]
    own = [seat.view.state for seat in seats if line in seat.languages]
    return {
        "id": line,
        "waiting": len(waiting),
        "longest_since": iso(min(waiting, default=None)),
        "reasons": sorted({call.priority for call in there if call.priority}),
        "ready": sum(state is SeatState.READY for state in own),
        "signed_in": sum(state is not SeatState.SIGNED_OUT for state in own),
    }

"""How long seats were in which state, from the seats' changes of state in the event log, cut at the interval's ends."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.call.table import EventRow
from callcenter.report.definitions import Question
from callcenter.report.further.figures import Counted, Counts
from callcenter.report.repository import micros
from callcenter.seat.model import SeatState
from callcenter.seat.table import SeatRow

BUSY = frozenset({SeatState.TALKING, SeatState.HOLDING, SeatState.WRAP_UP})
AVAILABLE = frozenset({SeatState.READY, SeatState.RINGING})
BATCH = 5_000
TYPE = "SeatStateChanged"


class Change(NamedTuple):
    at: int
    before: str
    after: str


class Spent(NamedTuple):
    """Microseconds."""

    busy: int = 0
    available: int = 0
    signed_in: int = 0


def counted(session: Session, question: Question, now: int) -> Counted:
    """Of all seats and, split by seat alone, of each. Other splits have no such figure: a state is no call."""
    start, end = int(question.start), min(int(question.end), now)
    if start >= end or question.by not in ((), ("seat",)):
        by_seat: dict[str, Spent] = {}
    else:
        by_seat = {seat: spent(changes, start, end) for seat, changes in _changes(session, start, end)}
    total = Spent(*(sum(column) for column in zip(*by_seat.values(), strict=True))) if by_seat else Spent()
    found: Counted = {(): _figures(total)} if question.by in ((), ("seat",)) else {}
    if question.by:
        found |= {(seat,): _figures(one) for seat, one in by_seat.items()}
    return found


def spent(changes: Iterable[Change], start: int, end: int) -> Spent:
    """Between `start` and `end`; `changes` ascending, and at least one, which may lie behind the end."""
    busy = available = signed_in = 0
    since, state = start, ""
    for change in [*changes, None]:
        at = end if change is None else max(start, min(change.at, end))
        if change is not None and not state:
            state = change.before
        length, since = at - since, at
        if state in BUSY:
            busy += length
        elif state in AVAILABLE:
            available += length
        if state and state != SeatState.SIGNED_OUT:
            signed_in += length
        if change is not None:
            state = change.after
    return Spent(busy, available, signed_in)


def _figures(one: Spent) -> dict[str, Counts]:
    return {
        "occupancy:of_working": (one.busy, one.busy + one.available),
        "occupancy:of_signed_in": (one.busy, one.signed_in),
    }


def _changes(session: Session, start: int, end: int) -> Iterator[tuple[str, list[Change]]]:
    """Changes within, by seat. A seat that did not change is told by its next change, or by what it is now."""
    at = micros(EventRow.at)
    columns = (EventRow.seat, at, EventRow.data["before"].as_string(), EventRow.data["after"].as_string())
    query = select(*columns).where(EventRow.type == TYPE, at >= start, at < end).order_by(EventRow.id)
    found: dict[str, list[Change]] = {}
    for seat, *change in session.execute(query.execution_options(yield_per=BATCH)):
        found.setdefault(seat, []).append(Change(*change))
    for seat, state in session.execute(select(SeatRow.id, SeatRow.state)):
        if seat in found:
            continue
        later = select(func.min(EventRow.id)).where(EventRow.type == TYPE, EventRow.seat == seat, at >= end)
        before = session.scalar(select(columns[2]).where(EventRow.id == later.scalar_subquery()))
        if before is not None or _known(session, seat, end):
            found[seat] = [Change(end, before or state, "")]
    yield from sorted(found.items())


def _known(session: Session, seat: str, end: int) -> bool:
    """Whether the seat was there at all."""
    earlier = select(EventRow.id).where(EventRow.type == TYPE, EventRow.seat == seat, micros(EventRow.at) < end)
    return session.scalar(earlier.limit(1)) is not None

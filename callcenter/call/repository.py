"""Reading calls: one, or a page of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, literal, literal_column, or_, select
from sqlalchemy.orm import Session

from callcenter.call.table import SEAT_INDEXED, CallRow
from callcenter.consultation.table import ConsultationRow
from callcenter.ivr.table import CallerRequestRow
from callcenter.recording.table import RecordingRow
from callcenter.report.drill import Drill, condition
from callcenter.report.repository import COUNTED

BATCH = 500
TOTAL_MAX = 10_000
"""Lists say how many they are up to so many; "more than that" costs the same with ten million calls on record."""
SEAT_KEY = f"substr(call.seat, 1, {SEAT_INDEXED})"
"""Written out: an index on an expression is not used for one with parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which calls; None: any. `start` <= started_at < `end`."""

    start: datetime | None = None
    end: datetime | None = None
    outcome: str | None = None
    seat: str | None = None
    language: str | None = None
    line: str | None = None
    source: str | None = None
    topic: str | None = None
    """Chosen in the menu."""
    record_topic: str | None = None
    """Written into the case record."""
    order_no: str | None = None
    """Of the case record, or of a message or callback that was left in the call."""
    place: str | None = None
    law_firm: str | None = None
    grade: int | None = None
    caller_hash: str | None = None
    live: bool | None = None
    drill: Drill | None = None
    """Only the calls of a figure, or of a part of it."""
    limit: int = 50
    offset: int = 0


class Calls:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, call: str) -> CallRow | None:
        """By its id, or by the long id that an imported call may have."""
        row = self._session.get(CallRow, call)
        if row is not None:
            return row
        return self._session.scalar(select(CallRow).where(CallRow.long_id == call).limit(1))

    def page(self, wanted: Wanted) -> tuple[Sequence[CallRow], int]:
        """The newest first, and how many there are in all: more than TOTAL_MAX are not counted to their end, that
        is TOTAL_MAX + 1 then. Raises BadInput."""
        conditions = _conditions(wanted)
        some = select(literal(1)).select_from(CallRow).where(*conditions).limit(TOTAL_MAX + 1).subquery()
        total = self._session.scalar(select(func.count()).select_from(some)) or 0
        query = (
            select(CallRow)
            .where(*conditions)
            .order_by(CallRow.started_at.desc(), CallRow.id.desc())
            .limit(wanted.limit)
            .offset(wanted.offset)
        )
        return self._session.scalars(query).all(), total

    def count(self, wanted: Wanted) -> int:
        return self._session.scalar(select(func.count()).select_from(CallRow).where(*_conditions(wanted))) or 0

    def each(self, wanted: Wanted) -> Iterator[CallRow]:
        """All of them, the newest first, a few hundred in memory at a time."""
        query = select(CallRow).where(*_conditions(wanted)).order_by(CallRow.started_at.desc(), CallRow.id.desc())
        for batch in self._session.scalars(query.execution_options(yield_per=BATCH)).partitions():
            yield from batch

    def order_numbers(self, calls: Sequence[str]) -> dict[str, str | None]:
        """Of their case records."""
        rows = self._session.scalars(select(ConsultationRow).where(ConsultationRow.call.in_(calls)))
        return {row.call: row.order_no for row in rows}

    def recordings(self, calls: Sequence[str]) -> dict[str, RecordingRow]:
        rows = self._session.scalars(select(RecordingRow).where(RecordingRow.call.in_(calls)))
        return {row.call: row for row in rows}


def _of_seat(seat: str) -> list[ColumnElement[bool]]:
    """By the index on the beginning of the name. SQLite does not use it beside `seat = …`, which it puts into the
    expression."""
    if len(seat) > SEAT_INDEXED:
        return [CallRow.seat == seat]
    return [literal_column(SEAT_KEY) == seat, func.length(CallRow.seat) == len(seat)]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        conditions.append(CallRow.started_at >= wanted.start)
    if wanted.end is not None:
        conditions.append(CallRow.started_at < wanted.end)
    for name in ("outcome", "language", "line", "source", "topic", "place", "law_firm", "grade", "caller_hash"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(getattr(CallRow, name) == value)
    if wanted.record_topic is not None:
        records = select(ConsultationRow.call).where(ConsultationRow.topic == wanted.record_topic)
        conditions.append(CallRow.id.in_(records))
    if wanted.order_no is not None:
        records = select(ConsultationRow.call).where(ConsultationRow.order_no == wanted.order_no)
        requests = select(CallerRequestRow.call).where(CallerRequestRow.order_no == wanted.order_no)
        conditions.append(or_(CallRow.id.in_(records), CallRow.id.in_(requests)))
    if wanted.seat is not None:
        conditions += _of_seat(wanted.seat)
    if wanted.live is not None:
        over = or_(CallRow.left_at.is_not(None), CallRow.state == "ended")
        conditions.append(~over if wanted.live else over)
    if wanted.drill is not None:
        conditions.append(COUNTED)
        conditions.append(condition(wanted.drill, list(conditions)))
    return conditions

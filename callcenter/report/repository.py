"""Reads the facts of calls, the same on SQLite and PostgreSQL: times as stored integers, no model objects."""

from collections.abc import Iterator
from math import ceil, floor
from typing import Any

from sqlalchemy import BigInteger, bindparam, func, select, type_coerce
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from callcenter.call.model import NOT_INBOUND
from callcenter.call.table import CallRow
from callcenter.instants import Micros, exact
from callcenter.report.definitions import CallFacts

BATCH = 5_000


def micros(column: object) -> ColumnElement[int]:
    return type_coerce(column, BigInteger)


TIMES = {
    "started_at": "started",
    "queued_at": "queued",
    "first_ring_at": "first_ring",
    "answered_at": "answered",
    "ended_at": "ended",
    "wrap_up_ended_at": "wrap_up_ended",
}
"""Column -> field of CallFacts."""

started = micros(CallRow.started_at)
COUNTED = CallRow.source.not_in([source.value for source in sorted(NOT_INBOUND)])
"""Figures tell of those who called the hotline. A call of the number that plays drafts is nobody's; one by which we
call back is counted with the callbacks, and the call in which it was asked for stays what it was. Neither is in `in`.
"""
FACTS = (
    *(micros(getattr(CallRow, column)) for column in TIMES),
    CallRow.hold_micros,
    CallRow.outcome,
    CallRow.grade,
    CallRow.survey_offered,
    CallRow.language,
    CallRow.line,
    CallRow.source,
    CallRow.topic,
    CallRow.place,
    CallRow.seat,
    CallRow.law_firm,
)


_STARTED_BETWEEN = (
    select(*FACTS, CallRow.finer)
    .where(started >= bindparam("begin", type_=BigInteger), started < bindparam("finish", type_=BigInteger), COUNTED)
    .execution_options(yield_per=BATCH)
)
"""Made once: sums by quarter hour ask it for each quarter, and to make it took longer than to answer it."""


def facts(session: Session, start: Micros, end: Micros) -> Iterator[CallFacts]:
    """Calls that start from `start` to `end`, in no order. A limit with more digits than microseconds is widened
    to the next whole one: `kpi` draws the exact line."""
    limits = {"begin": floor(start), "finish": ceil(end)}
    width, make = len(FACTS), CallFacts._make
    for batch in session.connection().execute(_STARTED_BETWEEN, limits).partitions():
        for row in batch:
            call, finer = make(row[:width]), row[width]
            yield call if finer is None else _refined(call, str(finer))


def first_started(session: Session) -> Micros | None:
    """The first `started_at` on record."""
    whole = session.scalar(select(func.min(started)).where(COUNTED))
    if whole is None:
        return None
    rows = session.scalars(select(CallRow.finer).where(started == whole, COUNTED))
    return min(exact(whole, _digits(finer).get("started_at", "") if finer else "") for finer in rows)


def steps(session: Session, start: int, end: int, length: int) -> dict[int, tuple[int, int, int]]:
    """(in, to_seat, answered) by number of the step of `length` microseconds counted from `start`."""
    step = ((started - start) // length).label("step")
    query = (
        select(step, func.count(), func.count(CallRow.queued_at), func.count(CallRow.answered_at))
        .where(started >= start, started < end, COUNTED)
        .group_by("step")
    )
    return {number: (calls, queued, answered) for number, calls, queued, answered in session.execute(query)}


def _refined(call: CallFacts, finer: str) -> CallFacts:
    """Put back the digits that do not fit into microseconds."""
    fields: dict[str, Any] = {
        TIMES[column]: exact(getattr(call, TIMES[column]), digits) for column, digits in _digits(finer).items()
    }
    return call._replace(**fields)


def _digits(finer: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in finer.split())

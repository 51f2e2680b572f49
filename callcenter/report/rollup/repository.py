"""Reads and writes roll-ups, their quarters and the marks."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, delete, func, insert, select
from sqlalchemy.orm import Session

from callcenter.instants import DAY
from callcenter.report.definitions.groups import micros_of_bucket
from callcenter.report.repository import COUNTED, started
from callcenter.report.rollup.table import DAYS, KINDS, QUARTER, ROLLUP, RollupMarkRow, RollupQuarterRow
from callcenter.storage.turns import one_at_a_time

LOCK = 12_348_008
CHUNK = 500
"""Parameters of one statement; SQLite has a limit."""


class Header(NamedTuple):
    quarter: int
    threshold: int
    short: int
    plain: bool
    calls: int
    events: str


COLUMNS = tuple(getattr(RollupQuarterRow, name) for name in Header._fields)
_OF_QUARTERS = ROLLUP.c.kind.in_(KINDS)
_OF_DAYS = ROLLUP.c.kind.in_(DAYS.values())


def day_of(instant: Any) -> int:
    """Beginning of the day in China."""
    return micros_of_bucket(instant, DAY)


def quarter_of(instant: Any) -> int:
    return int(instant // QUARTER * QUARTER)


def lock(session: Session) -> None:
    """One builder at a time, until the transaction ends."""
    one_at_a_time(session, LOCK)


def marks(session: Session, quarter: int) -> list[int]:
    return list(session.scalars(select(RollupMarkRow.id).where(RollupMarkRow.quarter == quarter)))


def marked(session: Session, start: int | None = None, end: int | None = None) -> list[int]:
    """Quarters with a mark, from `start` to before `end`, ascending."""
    query = select(RollupMarkRow.quarter).distinct().order_by(RollupMarkRow.quarter)
    if start is not None:
        query = query.where(RollupMarkRow.quarter >= start)
    if end is not None:
        query = query.where(RollupMarkRow.quarter < end)
    return list(session.scalars(query))


def mark(session: Session, quarters: Iterable[int]) -> None:
    rows = [{"quarter": quarter} for quarter in quarters]
    if rows:
        session.execute(insert(RollupMarkRow), rows)


def mark_all(session: Session, start: int | None, end: int | None) -> None:
    """Every quarter that has calls or is rolled up, from `start` to before `end`."""
    mark(session, sorted({*quarters_with_calls(session, start, end), *headers(session, start, end)}))


def quarters_with_calls(session: Session, start: int | None, end: int | None) -> list[int]:
    query = select((started - ((started % QUARTER) + QUARTER) % QUARTER).label("quarter")).distinct().where(COUNTED)
    if start is not None:
        query = query.where(started >= start)
    if end is not None:
        query = query.where(started < end)
    return list(session.scalars(query))


def unmark(session: Session, ids: Sequence[int]) -> None:
    for begin in range(0, len(ids), CHUNK):
        session.execute(delete(RollupMarkRow).where(RollupMarkRow.id.in_(ids[begin : begin + CHUNK])))


def header(session: Session, quarter: int) -> Header | None:
    row = session.execute(select(*COLUMNS).where(RollupQuarterRow.quarter == quarter)).first()
    return None if row is None else Header._make(row)


def headers(session: Session, start: int | None, end: int | None) -> list[int]:
    """Quarters rolled up, from `start` to before `end`, ascending."""
    query = select(RollupQuarterRow.quarter)
    if start is not None:
        query = query.where(RollupQuarterRow.quarter >= start)
    if end is not None:
        query = query.where(RollupQuarterRow.quarter < end)
    return list(session.scalars(query.order_by(RollupQuarterRow.quarter)))


def unfit(session: Session, start: int, end: int, threshold: int, short: int) -> list[int]:
    """Quarters rolled up with other limits, or not by microseconds alone."""
    other = (RollupQuarterRow.threshold != threshold) | (RollupQuarterRow.short != short)
    return list(
        session.scalars(
            select(RollupQuarterRow.quarter)
            .where(RollupQuarterRow.quarter >= start, RollupQuarterRow.quarter < end)
            .where(other | ~RollupQuarterRow.plain)
        )
    )


def not_plain(session: Session, start: int, end: int) -> list[int]:
    return list(
        session.scalars(
            select(RollupQuarterRow.quarter)
            .where(RollupQuarterRow.quarter >= start, RollupQuarterRow.quarter < end)
            .where(~RollupQuarterRow.plain)
        )
    )


def with_other_limits(session: Session, threshold: int, short: int) -> list[int]:
    other = (RollupQuarterRow.threshold != threshold) | (RollupQuarterRow.short != short)
    return list(session.scalars(select(RollupQuarterRow.quarter).where(other)))


def last_with_calls(session: Session, besides: int | None = None) -> int | None:
    """The last quarter rolled up that has calls."""
    query = select(func.max(RollupQuarterRow.quarter)).where(RollupQuarterRow.calls > 0)
    if besides is not None:
        query = query.where(RollupQuarterRow.quarter != besides)
    return session.scalar(query)


def last_started(session: Session, before: int | None = None) -> int | None:
    """Whole microseconds of the last `started_at` on record before an instant."""
    query = select(func.max(started)).where(COUNTED)
    if before is not None:
        query = query.where(before > started)
    found = session.scalar(query)
    return None if found is None else int(found)


def sums(session: Session, start: int, end: int) -> dict[int, dict[tuple[str, str], tuple[int, int]]]:
    """Answered and entered a queue, by quarter, kind and key, from `start` to before `end`."""
    table = ROLLUP.c
    query = select(table.quarter, table.kind, table.key, table.answered, table.to_seat).where(
        _OF_QUARTERS, table.quarter >= start, table.quarter < end, table.to_seat > 0
    )
    found: dict[int, dict[tuple[str, str], tuple[int, int]]] = {}
    for quarter, kind, key, answered, queued in session.execute(query):
        found.setdefault(quarter, {})[kind, key] = (answered, queued)
    return found


def rows(session: Session, quarter: int) -> list[dict[str, Any]]:
    return _rows(session, _OF_QUARTERS, quarter)


def rows_of_day(session: Session, day: int) -> list[dict[str, Any]]:
    return _rows(session, _OF_DAYS, day)


def _rows(session: Session, kinds: ColumnElement[bool], begin: int) -> list[dict[str, Any]]:
    query = select(ROLLUP).where(kinds, ROLLUP.c.quarter == begin).order_by(ROLLUP.c.kind, ROLLUP.c.key)
    return [dict(row) for row in session.execute(query).mappings()]


def replace(session: Session, quarter: int, header: Header | None, new: Sequence[dict[str, Any]]) -> None:
    """Its day is no longer the sum of its quarters, and goes."""
    session.execute(delete(ROLLUP).where(_OF_QUARTERS, ROLLUP.c.quarter == quarter))
    session.execute(delete(ROLLUP).where(_OF_DAYS, ROLLUP.c.quarter == day_of(quarter)))
    session.execute(delete(RollupQuarterRow).where(RollupQuarterRow.quarter == quarter))
    add(session, new)
    if header is not None:
        session.execute(insert(RollupQuarterRow), [header._asdict()])


def add(session: Session, new: Sequence[dict[str, Any]]) -> None:
    if new:
        session.execute(insert(ROLLUP), list(new))


def forget(session: Session, start: int | None, end: int | None) -> None:
    forget_days(session, None if start is None else day_of(start), end)
    for column in (ROLLUP.c.quarter, RollupQuarterRow.quarter):
        statement = delete(column.table)
        if start is not None:
            statement = statement.where(column >= start)
        if end is not None:
            statement = statement.where(column < end)
        session.execute(statement)


def forget_days(session: Session, start: int | None, end: int | None = None) -> None:
    """Those that begin from `start` to before `end`."""
    statement = delete(ROLLUP).where(_OF_DAYS)
    if start is not None:
        statement = statement.where(ROLLUP.c.quarter >= start)
    if end is not None:
        statement = statement.where(ROLLUP.c.quarter < end)
    session.execute(statement)


def days(session: Session, start: int | None = None, end: int | None = None) -> list[int]:
    """Days summed up that begin from `start` and end by `end`, ascending."""
    query = select(ROLLUP.c.quarter).where(ROLLUP.c.kind == DAYS["all"]).order_by(ROLLUP.c.quarter)
    if start is not None:
        query = query.where(ROLLUP.c.quarter >= start)
    if end is not None:
        query = query.where(ROLLUP.c.quarter <= end - DAY)
    return list(session.scalars(query))


def last_header(session: Session, before: int) -> int | None:
    """The last quarter rolled up before an instant."""
    return session.scalar(select(func.max(RollupQuarterRow.quarter)).where(RollupQuarterRow.quarter < before))

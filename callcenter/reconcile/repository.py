"""Every query of the comparison."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import islice

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow, EventRow
from callcenter.engine.table import NodeRow
from callcenter.ids import NodeName
from callcenter.reconcile.table import ReconciliationRow
from callcenter.recording.table import RecordingRow

CHUNK = 500
"""Ids in one question: SQLite takes no more than some thousands."""


def calls(session: Session, node: NodeName, start: datetime, end: datetime) -> dict[str, CallRow]:
    rows = session.scalars(
        select(CallRow).where(CallRow.node == node, CallRow.started_at >= start, CallRow.started_at < end)
    )
    return {row.id: row for row in rows}


def calls_named(session: Session, ids: Sequence[str]) -> dict[str, CallRow]:
    return {
        row.id: row for chunk in chunks(ids) for row in session.scalars(select(CallRow).where(CallRow.id.in_(chunk)))
    }


def without_witness(session: Session, node: NodeName, start: datetime, end: datetime) -> dict[str, int]:
    """How many calls are imported history (`imported`) or another node's (`other_nodes`)."""
    query = (
        select(CallRow.node, func.count())
        .where(CallRow.node != node, CallRow.started_at >= start, CallRow.started_at < end)
        .group_by(CallRow.node)
    )
    counted: dict[str, int] = {}
    for other, count in session.execute(query):
        name = "other_nodes" if other else "imported"
        counted[name] = counted.get(name, 0) + count
    return counted


def events(session: Session, ids: Sequence[str]) -> dict[str, list[EventRow]]:
    """The event log of these calls, each in the order in which it was written."""
    found: dict[str, list[EventRow]] = defaultdict(list)
    for chunk in chunks(ids):
        query = select(EventRow).where(EventRow.call.in_(chunk)).order_by(EventRow.id)
        for row in session.scalars(query):
            if row.call is not None:
                found[row.call].append(row)
    return dict(found)


def begun(session: Session, node: NodeName, start: datetime, end: datetime) -> set[str]:
    """Calls that began within the day, by the event log."""
    found = session.scalars(
        select(EventRow.call).where(
            EventRow.node == node, EventRow.type == "CallStarted", EventRow.at >= start, EventRow.at < end
        )
    )
    return {call for call in found if call}


def recordings(session: Session, ids: Sequence[str]) -> dict[str, RecordingRow]:
    return {
        row.call: row
        for chunk in chunks(ids)
        for row in session.scalars(select(RecordingRow).where(RecordingRow.call.in_(chunk)))
    }


def cursor(session: Session, node: NodeName) -> tuple[int, int, datetime | None]:
    """Inode and offset of the CEL file up to which the engine has read, and when it was last caught up."""
    row = session.get(NodeRow, node)
    return (0, 0, None) if row is None else (row.cel_inode, row.cel_offset, row.seen_at)


def days_done(session: Session, node: NodeName, since: date) -> set[date]:
    query = select(ReconciliationRow.day).where(ReconciliationRow.node == node, ReconciliationRow.day >= since)
    return set(session.scalars(query))


def newest(session: Session, node: NodeName, limit: int) -> Sequence[ReconciliationRow]:
    query = select(ReconciliationRow).where(ReconciliationRow.node == node).order_by(ReconciliationRow.day.desc())
    return session.scalars(query.limit(limit)).all()


def result(session: Session, node: NodeName, day: date) -> ReconciliationRow | None:
    return session.get(ReconciliationRow, (node, day))


def store(session: Session, row: ReconciliationRow) -> None:
    """One row for each day: a newer comparison takes the place of the older one."""
    session.merge(row)


def chunks(ids: Sequence[str]) -> Iterator[list[str]]:
    """As many at a time as one question takes."""
    left = iter(ids)
    while chunk := list(islice(left, CHUNK)):
        yield chunk

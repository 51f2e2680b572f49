"""Dissatisfied callers, and what became of their return visits: tried, reached, closed, closed in time."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.callback.model import Result
from callcenter.callback.table import CallbackAttemptRow
from callcenter.report.definitions import CallFacts, Question
from callcenter.report.definitions.groups import grouping
from callcenter.report.further.figures import Counted
from callcenter.report.repository import BATCH, FACTS, started
from callcenter.visit.model import Kind, VisitState
from callcenter.visit.repository import OUTBOUND, UNCOUNTED
from callcenter.visit.table import VisitAttemptRow, VisitRow

NAMES = ("attempted", "reached", "all", "in_time")
"""In the order of `_flags`."""


def counted(session: Session, question: Question, grades: Sequence[int]) -> Counted:
    """Split like the calls that were graded so, by whatever way. Imported history is left out: its visits are not
    ours."""
    bad = (CallRow.grade.in_(grades), CallRow.node != "")
    visit = and_(VisitRow.call == CallRow.id, VisitRow.kind == Kind.DISSATISFIED.value)
    query = (
        select(*FACTS, *_flags())
        .outerjoin(VisitRow, visit)
        .where(started >= int(question.start), started < int(question.end), *bad)
    )
    key_of = grouping(question.by, question.shifts)
    found: dict[Any, list[int]] = {(): [0] * (1 + len(NAMES))}
    width = len(FACTS)
    for row in session.connection().execute(query.execution_options(yield_per=BATCH)):
        for key in {(), key_of(CallFacts._make(row[:width]))}:
            sums = found.setdefault(key, [0] * (1 + len(NAMES)))
            sums[0] += 1
            for place, flag in enumerate(row[width:], 1):
                sums[place] += bool(flag)
    return {
        key: {f"return_visit_completion:{name}": (sums[place], sums[0]) for place, name in enumerate(NAMES, 1)}
        for key, sums in found.items()
    }


def _flags() -> tuple[ColumnElement[bool], ...]:
    closed = VisitRow.state == VisitState.CLOSED.value
    return (
        _tried(VisitAttemptRow.call.is_not(None), CallbackAttemptRow.result.not_in(UNCOUNTED)),
        _tried(VisitAttemptRow.reached.is_(True), CallbackAttemptRow.result == Result.SERVED.value),
        closed,
        and_(closed, VisitRow.closed_at < VisitRow.due_at),
    )


def _tried(written: ColumnElement[bool], rang: ColumnElement[bool]) -> ColumnElement[bool]:
    """An attempt of that sort, written down by a person or made from the task."""
    by_hand = exists().where(VisitAttemptRow.call == VisitRow.call, VisitAttemptRow.kind == VisitRow.kind, written)
    by_us = exists().where(CallbackAttemptRow.call == VisitRow.call, CallbackAttemptRow.kind == OUTBOUND, rang)
    return or_(by_hand, by_us)

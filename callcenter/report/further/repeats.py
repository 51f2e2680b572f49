"""Calls of a number that calls again: which answered calls repeat an earlier one, and which are followed by another."""

from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session, aliased

from callcenter.call.model import NOT_INBOUND
from callcenter.call.table import CallRow
from callcenter.consultation.table import ConsultationRow
from callcenter.instants import DAY
from callcenter.report.definitions import CallFacts, Question
from callcenter.report.definitions.groups import grouping
from callcenter.report.further.figures import Counted
from callcenter.report.repository import BATCH, COUNTED, FACTS, micros, started

HIT, MISS = 2, 1
NAMES = ("no_repeat", "no_repeat_same_topic", "not_again", "not_again_same_topic")


def counted(session: Session, question: Question, days: int) -> Counted:
    """A call that starts at or after the interval's end influences nothing: a call whose days are not over then is not
    in the denominators of `not_again`. The topic is the case record's, without one the menu's."""
    start, end, reach = int(question.start), int(question.end), days * DAY
    topic = _topic(CallRow)
    flags: list[ColumnElement[Any]] = []
    for again in (False, True):
        for same_topic in (False, True):
            asked: list[ColumnElement[bool]] = [topic.is_not(None)] if same_topic else []
            if again:
                asked.append(started + reach < end)
            other = _other(reach, end, again, topic if same_topic else None)
            inside: Any = and_(True, *asked)
            flags.append(case((and_(inside, ~other), HIT), (inside, MISS), else_=0))
    query = select(*FACTS, *flags).where(
        started >= start,
        started < end,
        COUNTED,
        CallRow.answered_at.is_not(None),
        CallRow.caller_hash.is_not(None),
    )
    key_of = grouping(question.by, question.shifts)
    found: dict[Any, list[list[int]]] = {(): [[0, 0] for _ in NAMES]}
    width = len(FACTS)
    for row in session.connection().execute(query.execution_options(yield_per=BATCH)):
        keys = {(), key_of(CallFacts._make(row[:width]))}
        for key in keys:
            sums = found.setdefault(key, [[0, 0] for _ in NAMES])
            for pair, flag in zip(sums, row[width:], strict=True):
                pair[0] += flag == HIT
                pair[1] += flag in (HIT, MISS)
    return {
        key: {f"first_call_resolution:{name}": (n, d) for name, (n, d) in zip(NAMES, sums, strict=True)}
        for key, sums in found.items()
    }


def _other(reach: int, end: int, again: bool, topic: ColumnElement[Any] | None) -> ColumnElement[bool]:
    """Another call of the number: one before that was answered, or any one after."""
    other = aliased(CallRow)
    at = micros(other.started_at)
    same = [other.caller_hash == CallRow.caller_hash, other.source.not_in(NOT_INBOUND)]
    if again:
        same += [at > started, at <= started + reach, at < end]
    else:
        same += [at < started, at >= started - reach, other.answered_at.is_not(None)]
    if topic is not None:
        same.append(_topic(other) == topic)
    return exists(select(other.id).where(*same).correlate(CallRow))


def _topic(row: Any) -> ColumnElement[Any]:
    written = select(func.nullif(ConsultationRow.topic, "")).where(ConsultationRow.call == row.id)
    return func.coalesce(written.correlate(row).scalar_subquery(), row.topic)

"""Wishes to be called back and messages, by how they ended (callcenter/callback/model.py names the states)."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.callback.model import RequestState
from callcenter.instants import DAY
from callcenter.ivr.table import CallerRequestRow
from callcenter.report.definitions import CallFacts, Question
from callcenter.report.definitions.groups import grouping
from callcenter.report.further.figures import Counted
from callcenter.report.repository import BATCH, FACTS, micros

S = RequestState
SERVED = frozenset({S.SERVED, S.DONE})
NOT_OWED = frozenset({S.CANCELLED, S.REFUSED, S.MERGED})
FIGURES = ("callback_completion:all", "callback_completion:within_24h", "voicemail_answered:within_24h")


def counted(session: Session, question: Question) -> Counted:
    """Requests made in the interval, split like the call in which they were made; one left at the number in the cloud
    has no call here, only its language and time."""
    start, end = int(question.start), int(question.end)
    asked, row = micros(CallerRequestRow.at), CallerRequestRow
    columns = (asked.label("asked_at"), row.language, row.kind, row.state, micros(row.ended_at).label("over"))
    query = (
        select(*columns, *FACTS)
        .outerjoin(CallRow, CallRow.id == CallerRequestRow.call)
        .where(asked >= start, asked < end, row.state.not_in([state.value for state in NOT_OWED]))
    )
    key_of = grouping(question.by, question.shifts)
    found: dict[Any, dict[str, list[int]]] = {(): _none()}
    for at, language, kind, state, ended, *facts in session.connection().execute(
        query.execution_options(yield_per=BATCH)
    ):
        call = CallFacts(at, language=language) if facts[0] is None else CallFacts._make(facts)._replace(started=at)
        done = state in SERVED
        quick = done and ended is not None and ended - at <= DAY
        for key in {(), key_of(call)}:
            sums = found.setdefault(key, _none())
            if kind == "callback":
                _add(sums["callback_completion:all"], done)
                _add(sums["callback_completion:within_24h"], quick)
            elif kind == "voicemail":
                _add(sums["voicemail_answered:within_24h"], quick)
    return {key: {name: (n, d) for name, (n, d) in sums.items()} for key, sums in found.items()}


def _none() -> dict[str, list[int]]:
    return {name: [0, 0] for name in FIGURES}


def _add(pair: list[int], hit: bool) -> None:
    pair[0] += hit
    pair[1] += 1

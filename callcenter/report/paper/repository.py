"""Rows of reports and exports, and the single calls that a report names."""

from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.consultation.table import ConsultationRow
from callcenter.ivr.table import CallerRequestRow

DISSATISFIED = (4, 5)


def dissatisfied(
    session: Session, start: datetime, end: datetime, limit: int
) -> tuple[list[tuple[CallRow, ConsultationRow | None]], int]:
    """(call, case record or None), the newest first, at most `limit`; and how many there are."""
    within = (CallRow.started_at >= start, CallRow.started_at < end, CallRow.grade.in_(DISSATISFIED))
    total = session.scalar(select(func.count()).select_from(CallRow).where(*within)) or 0
    query = (
        select(CallRow, ConsultationRow)
        .outerjoin(ConsultationRow, ConsultationRow.call == CallRow.id)
        .where(*within)
        .order_by(CallRow.started_at.desc(), CallRow.id)
        .limit(limit)
    )
    return [(call, record) for call, record in session.execute(query)], total


def requests(session: Session, start: datetime, end: datetime) -> list[tuple[str, str, int, int]]:
    """(kind, language, how many, how many of them open), of those left within the period."""
    waiting = func.sum(case((CallerRequestRow.state == "open", 1), else_=0))
    query = (
        select(CallerRequestRow.kind, CallerRequestRow.language, func.count(), waiting)
        .where(CallerRequestRow.at >= start, CallerRequestRow.at < end)
        .group_by(CallerRequestRow.kind, CallerRequestRow.language)
        .order_by(CallerRequestRow.kind, CallerRequestRow.language)
    )
    return [(kind, language, count, int(waiting)) for kind, language, count, waiting in session.execute(query)]

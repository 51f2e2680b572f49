"""Rows of reports and exports, and the single calls that a report names."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.callback.repository import UNSETTLED
from callcenter.consultation.table import ConsultationRow
from callcenter.ivr.table import CallerRequestRow
from callcenter.report.paper.state import SILENT, PaperState
from callcenter.report.paper.table import PaperRow
from callcenter.report.repository import COUNTED
from callcenter.visit.model import Kind
from callcenter.visit.repository import OUTBOUND
from callcenter.visit.table import VisitRow

TOPICS_MAX = 20_000
"""Pairs of topic and language; an imported history may write each call's topic in words of its own."""


def dissatisfied(
    session: Session, start: datetime, end: datetime, grades: Sequence[int], limit: int
) -> tuple[list[tuple[CallRow, ConsultationRow | None, VisitRow | None]], int]:
    """(call, case record or None, return visit or None), the newest first, at most `limit`; and how many there are."""
    within = (CallRow.started_at >= start, CallRow.started_at < end, CallRow.grade.in_(grades))
    total = session.scalar(select(func.count()).select_from(CallRow).where(*within)) or 0
    query = (
        select(CallRow, ConsultationRow, VisitRow)
        .outerjoin(ConsultationRow, ConsultationRow.call == CallRow.id)
        .outerjoin(VisitRow, and_(VisitRow.call == CallRow.id, VisitRow.kind == Kind.DISSATISFIED.value))
        .where(*within)
        .order_by(CallRow.started_at.desc(), CallRow.id)
        .limit(limit)
    )
    return [(call, record, visit) for call, record, visit in session.execute(query)], total


def topics(session: Session, start: datetime, end: datetime) -> dict[tuple[str | None, str | None], int]:
    """(topic, language) -> calls, the most frequent pairs. What the lawyer wrote counts, without that what the caller
    chose in the menu."""
    written = func.nullif(ConsultationRow.topic, "")
    topic, count = func.coalesce(written, CallRow.topic).label("asked"), func.count().label("calls")
    query = (
        select(topic, CallRow.language, count)
        .outerjoin(ConsultationRow, ConsultationRow.call == CallRow.id)
        .where(CallRow.started_at >= start, CallRow.started_at < end, COUNTED)
        .group_by(topic, CallRow.language)
        .order_by(count.desc(), topic, CallRow.language)
        .limit(TOPICS_MAX)
    )
    return {(asked, language): calls for asked, language, calls in session.execute(query)}


def requests(session: Session, start: datetime, end: datetime) -> list[tuple[str, str, int, int]]:
    """(kind, language, how many, how many of them not settled yet), of those left within the period."""
    waiting = func.sum(case((CallerRequestRow.state.in_(UNSETTLED), 1), else_=0))
    query = (
        select(CallerRequestRow.kind, CallerRequestRow.language, func.count(), waiting)
        .where(CallerRequestRow.at >= start, CallerRequestRow.at < end, CallerRequestRow.kind != OUTBOUND)
        .group_by(CallerRequestRow.kind, CallerRequestRow.language)
        .order_by(CallerRequestRow.kind, CallerRequestRow.language)
    )
    return [(kind, language, count, int(waiting)) for kind, language, count, waiting in session.execute(query)]


def any_call(session: Session, start: datetime, end: datetime) -> bool:
    within = select(CallRow.id).where(CallRow.started_at >= start, CallRow.started_at < end)
    return session.scalar(within.limit(1)) is not None


def reports(session: Session, limit: int) -> Sequence[PaperRow]:
    """The newest periods first."""
    query = select(PaperRow).where(PaperRow.kind != "calls")
    return session.scalars(query.order_by(PaperRow.upto.desc(), PaperRow.of.desc(), PaperRow.id).limit(limit)).all()


def exports(session: Session, person: str, limit: int) -> Sequence[PaperRow]:
    """Of one person, the newest first."""
    query = select(PaperRow).where(PaperRow.kind == "calls", PaperRow.person == person)
    return session.scalars(query.order_by(PaperRow.asked_at.desc(), PaperRow.id).limit(limit)).all()


def waiting(session: Session, now: datetime, limit: int) -> list[str]:
    """What nobody is making: due, or left by a maker that fell silent."""
    silent = or_(PaperRow.beat_at.is_(None), PaperRow.beat_at < now - SILENT)
    query = select(PaperRow.id).where(
        or_(PaperRow.state == PaperState.DUE, (PaperRow.state == PaperState.MAKING) & silent)
    )
    return list(session.scalars(query.order_by(PaperRow.asked_at).limit(limit)))


def unchecked(session: Session, kind: str, since: datetime, checked_before: datetime) -> Sequence[PaperRow]:
    """Made reports that reach past `since` and whose figures nobody looked at again after `checked_before`."""
    return session.scalars(
        select(PaperRow).where(
            PaperRow.kind == kind,
            PaperRow.state.in_((PaperState.MADE, PaperState.FAILED)),
            PaperRow.upto >= since,
            or_(PaperRow.checked_at.is_(None), PaperRow.checked_at < checked_before),
        )
    ).all()


def exports_before(session: Session, at: datetime) -> Sequence[PaperRow]:
    return session.scalars(select(PaperRow).where(PaperRow.kind == "calls", PaperRow.asked_at < at)).all()

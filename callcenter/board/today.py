"""Beside the figures: why callers were lost today, what they ask about, and who waits for a call back."""

from datetime import datetime

from sqlalchemy import BigInteger, case, func, select, type_coerce
from sqlalchemy.orm import Session

from callcenter.board.model import Entity, iso
from callcenter.call.model import Outcome
from callcenter.call.table import CallRow
from callcenter.callback.repository import UNSETTLED
from callcenter.config import Settings
from callcenter.consultation.table import ConsultationRow
from callcenter.instants import CHINA, SECOND
from callcenter.ivr.table import CallerRequestRow
from callcenter.report.repository import COUNTED
from callcenter.visit.repository import Visits

TOPICS = 8
LOST = (Outcome.ABANDONED_IVR, Outcome.ABANDONED_QUEUE, Outcome.QUEUE_TIMEOUT, Outcome.SYSTEM_FAILURE, Outcome.BLOCKED)
KINDS = ("callback", "voicemail")


def read_today(session: Session, settings: Settings, now: datetime) -> Entity:
    """Since midnight in China. One pass over the day's calls by the index on their start."""
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        "lost": _lost(session, midnight, settings.short_s * SECOND),
        "topics": _topics(session, midnight),
        "requests": _requests(session),
        "visits": dict(zip(("unsettled", "overdue"), Visits(session).overdue(now), strict=True)),
        "at": iso(now),
    }


def _lost(session: Session, since: datetime, short: int) -> dict[str, int]:
    """Calls by cause: `menu` (left in the menu), `short` (left the queue within the short-abandon time), `ringing` (a
    seat was rung), `waiting` (none was), `timeout`, `failure`, `blocked`."""
    waited = type_coerce(CallRow.ended_at, BigInteger) - type_coerce(CallRow.queued_at, BigInteger)
    in_queue = case((waited <= short, "short"), (CallRow.first_ring_at.is_not(None), "ringing"), else_="waiting")
    cause = case(
        (CallRow.outcome == Outcome.ABANDONED_IVR.value, "menu"),
        (CallRow.outcome == Outcome.QUEUE_TIMEOUT.value, "timeout"),
        (CallRow.outcome == Outcome.SYSTEM_FAILURE.value, "failure"),
        (CallRow.outcome == Outcome.BLOCKED.value, "blocked"),
        else_=in_queue,
    ).label("cause")
    query = (
        select(cause, func.count())
        .where(CallRow.started_at >= since, COUNTED, CallRow.outcome.in_([outcome.value for outcome in LOST]))
        .group_by("cause")
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _topics(session: Session, since: datetime) -> list[dict[str, object]]:
    """The topics that lawyers wrote most often into the records of today's calls."""
    count = func.count().label("count")
    query = (
        select(ConsultationRow.topic, count)
        .join(CallRow, CallRow.id == ConsultationRow.call)
        .where(CallRow.started_at >= since, ConsultationRow.topic != "")
        .group_by(ConsultationRow.topic)
        .order_by(count.desc(), ConsultationRow.topic)
        .limit(TOPICS)
    )
    return [{"topic": topic, "count": number} for topic, number in session.execute(query)]


def _requests(session: Session) -> dict[str, int]:
    query = (
        select(CallerRequestRow.kind, func.count())
        .where(CallerRequestRow.state.in_(UNSETTLED), CallerRequestRow.kind.in_(KINDS))
        .group_by(CallerRequestRow.kind)
    )
    return dict.fromkeys(KINDS, 0) | {row[0]: row[1] for row in session.execute(query)}

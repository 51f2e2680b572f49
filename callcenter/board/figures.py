"""The figures of the board: the report's own definitions over today and over the last 24 hours."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from callcenter.board.model import Entity, iso
from callcenter.config import Settings
from callcenter.instants import CHINA, SECOND
from callcenter.report.definitions.figures import results
from callcenter.report.definitions.tally import Tally
from callcenter.report.repository import facts
from callcenter.storage.columns import to_micros

TODAY = {
    "within_threshold": ("within_threshold", "answered_from_queue"),
    "satisfaction": ("satisfaction", "grades_1_3"),
    "participation": ("participation", "of_answered"),
}
ROLLING = ("connection_rate", "queue")


def read_figures(session: Session, settings: Settings, now: datetime) -> Entity:
    """Counts and rates since midnight in China; the connection rate over (now - 24 h, now]."""
    midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
    day_ago = now - timedelta(hours=24)
    today, rolling = _tally(settings), _tally(settings)
    start, rolling_start, end = to_micros(midnight), to_micros(day_ago), to_micros(now)
    for call in facts(session, min(start, rolling_start), end + 1):
        if call.started >= start:
            today.add(call)
        if call.started > rolling_start:
            rolling.add(call)
    counts = today.counts()
    figures: Entity = {name: counts[name] for name in ("in", "to_seat", "answered")}
    figures["connection_rate"] = _rate(rolling, ROLLING)
    for name, key in TODAY.items():
        figures[name] = _rate(today, key)
    figures["at"] = iso(now)
    return figures


def _tally(settings: Settings) -> Tally:
    return Tally(settings.threshold_s * SECOND, settings.short_s * SECOND)


def _rate(tally: Tally, key: tuple[str, str]) -> dict[str, Any]:
    result = next(r for r in results(tally) if (r.figure.name, r.figure.variant) == key)
    return {"value": result.value, "numerator": result.shown_numerator, "denominator": result.denominator}

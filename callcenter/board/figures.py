"""The figures of the board: the report's own definitions over today and over the last 24 hours."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from callcenter.board.model import Entity, iso
from callcenter.config import Settings
from callcenter.instants import CHINA, DAY, SECOND
from callcenter.report.definitions import Question, Tally
from callcenter.report.definitions.figures import results
from callcenter.report.rollup.counted import counted
from callcenter.report.targets import TARGETS, target
from callcenter.storage.columns import to_micros

TODAY = {
    "within_threshold": ("within_threshold", "answered_from_queue"),
    "satisfaction": ("satisfaction", "grades_1_3"),
    "participation": ("participation", "of_answered"),
}
ROLLING = ("connection_rate", "queue")
AIMED = {"connection_rate": ROLLING, **TODAY}


def read_figures(session: Session, settings: Settings, now: datetime) -> Entity:
    """Counts and rates since midnight in China; the connection rate over (now - 24 h, now]. With the site's targets."""
    midnight = to_micros(now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0))
    end = to_micros(now) + 1
    today = _tally(session, settings, midnight, end)
    rolling = _tally(session, settings, end - DAY, end)
    counts = today.counts()
    figures: Entity = {name: counts[name] for name in ("in", "to_seat", "answered")}
    figures["connection_rate"] = _rate(rolling, ROLLING)
    for name, key in TODAY.items():
        figures[name] = _rate(today, key)
    figures["targets"] = {name: target(settings, key) for name, key in AIMED.items() if key in TARGETS}
    figures["at"] = iso(now)
    return figures


def _tally(session: Session, settings: Settings, start: int, end: int) -> Tally:
    return counted(session, Question(start, end, settings.threshold_s * SECOND, settings.short_s * SECOND))


def _rate(tally: Tally, key: tuple[str, str]) -> dict[str, Any]:
    result = next(r for r in results(tally) if (r.figure.name, r.figure.variant) == key)
    return {"value": result.value, "numerator": result.shown_numerator, "denominator": result.denominator}

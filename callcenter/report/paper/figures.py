"""The figures of one period, asked for once each. Nothing is computed here: `report.service` knows what they mean."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from callcenter.config import Settings
from callcenter.report import service
from callcenter.report.choices import choices
from callcenter.report.paper.period import Period


class Figures:
    """Of the period up to `upto`, and of the one before it."""

    def __init__(
        self, session: Session, settings: Settings, period: Period, upto: datetime, tell: Callable[[], None]
    ) -> None:
        """`tell` is called before every question, each of which may take seconds; what it raises ends the making."""
        self._session = session
        self._threshold, self._short = str(settings.threshold_s), str(settings.short_s)
        self._choices = choices(settings)
        self._tell = tell
        self._now = period.start.isoformat(), upto.isoformat()
        self._before = period.before.start.isoformat(), period.before.end.isoformat()

    def of_period(self, *by: str, variants: Sequence[str] = ()) -> dict[str, Any]:
        return self._ask(self._now, by, variants)

    def of_period_before(self, *by: str, variants: Sequence[str] = ()) -> dict[str, Any]:
        return self._ask(self._before, by, variants)

    def _ask(self, span: tuple[str, str], by: Sequence[str], variants: Sequence[str]) -> dict[str, Any]:
        self._tell()
        return service.kpi(
            self._session,
            *span,
            threshold=self._threshold,
            short=self._short,
            by=by,
            variants=variants,
            choices=self._choices,
        )


def figure(part: dict[str, Any], name: str, variant: str) -> dict[str, Any]:
    """One figure of a report or of one of its groups."""
    return next(f for f in part["figures"] if (f["name"], f["variant"]) == (name, variant))

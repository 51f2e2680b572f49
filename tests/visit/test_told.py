"""Where visits are told of: the alarm, the wallboard, the report that is handed in."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from callcenter.alarm.model import Reading, Rule
from callcenter.alarm.readings import Readings
from callcenter.board.today import read_today
from callcenter.report.paper.compose import compose, digest
from callcenter.report.paper.model import Paper
from callcenter.report.paper.period import period
from callcenter.visit.model import Kind
from callcenter.visit.opening import opened
from callcenter.visit.table import VisitRow
from tests.api.given import call_row
from tests.site import START, HandClock, Site, api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]
pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


@pytest.fixture
def rated(site: Site) -> Site:
    """Graded on Sunday, 22 November; due until the end of Friday."""
    site.add(call_row(site, grade=5))
    site.add(VisitRow(**opened(site.api.visit_rules, Kind.DISSATISFIED, "a-1.1", START)))
    return site


def overdue(site: Site, now: datetime) -> tuple[float | None, dict[str, int]]:
    def told(session: Session) -> Reading:
        readings = Readings(site.api.settings, site.api.redis, HandClock(now))
        found = readings.inside(session, readings.outside(), 60)
        return next(reading for reading in found if reading.rule is Rule.VISIT_OVERDUE)

    with site.api.database.read() as session:
        reading, board = told(session), read_today(session, site.api.settings, now)["visits"]
    assert reading.detail == {"open": board["unsettled"]}
    return reading.value, board


def test_an_overdue_visit_is_an_alarm_and_stands_on_the_wallboard(rated: Site) -> None:
    friday = START + timedelta(days=5)
    assert overdue(rated, friday) == (0.0, {"unsettled": 1, "overdue": 0})
    assert overdue(rated, friday + timedelta(hours=10)) == (1.0, {"unsettled": 1, "overdue": 1})


def made(site: Site) -> Paper:
    api = site.api
    with api.database.read() as session:
        return compose(session, api.settings, api.vault, period("month", "2026-11"), START + timedelta(days=20))


def test_the_report_tells_how_each_visit_was_closed_and_is_not_wrong_before(rated: Site) -> None:
    before = made(rated)
    with rated.api.database.begin() as session:
        row = session.get_one(VisitRow, ("dissatisfied", "a-1.1"))
        row.state, row.closed_at = "closed", START
        row.result, row.cause, row.correction = "settled", "advice", "told him the right time limit"
    after = made(rated)
    assert digest(before) == digest(after), "handed in as it was then; what is closed later corrects nothing"
    sheets = [{sheet.id: sheet for sheet in paper.sheets} for paper in (before, after)]
    told = [sheet["dissatisfied"].rows[0][8:12] for sheet in sheets]
    assert told == [("待指派", "", "", ""), ("已办结", "已解决", "专业解答", "told him the right time limit")]
    rates = [
        {row[1]: (row[2].value, row[4]) for row in sheet["scorecard"].rows if row[0] == "不满意回访率"}  # type: ignore[union-attr]
        for sheet in sheets
    ]
    assert [rate["已办结"] for rate in rates] == [(0.0, "未达标"), (1.0, "达标")]
    assert rates[1]["已联系到"] == (0.0, "-")

"""Reports are made once for each period, made again when their figures changed, and never twice at a time."""

from datetime import datetime, timedelta
from pathlib import Path

import openpyxl
import pytest
from redis import Redis
from sqlalchemy import update

from callcenter.account.model import Person, Role
from callcenter.account.table import AuditRow
from callcenter.call.repository import Calls, Wanted
from callcenter.call.table import CallRow
from callcenter.errors import BadInput, NotFound
from callcenter.ids import PersonId
from callcenter.report.drill import drill_of
from callcenter.report.paper import calls_sheet, jobs
from callcenter.report.paper.jobs import Schedule
from callcenter.report.paper.maker import Maker
from callcenter.report.paper.service import Papers
from callcenter.report.paper.state import SILENT
from callcenter.report.paper.table import PaperRow
from callcenter.worker import queues
from tests.call_history.given import ANSWERED, vault
from tests.report.paper.given import FORMULA, cells, moved, stored
from tests.site import HandClock, redis, redis_url

__all__ = ["redis", "redis_url"]

NIGHT = datetime.fromisoformat("2026-01-06T04:29:00+08:00")
MANAGER = Person(id=PersonId("manager"), name="赵国栋", role=Role.MANAGER)
AUDITOR = Person(id=PersonId("auditor"), name="周敏", role=Role.AUDITOR)


class Office:
    """A worker, its sweeper and the people who ask."""

    def __init__(self, settings, database, redis: Redis) -> None:
        self.clock = HandClock(NIGHT)
        self.settings = settings
        self.database = database
        self.redis = redis
        self.schedule = Schedule(settings, database, redis, self.clock)
        self.papers = Papers(settings, database, vault(settings), self.clock)
        self.maker = Maker(settings, database, vault(settings), self.clock)

    def look(self, **later: float) -> list[str]:
        self.clock.forward(**later)
        return self.schedule.look()

    def night(self, **later: float) -> list[str]:
        """The schedule looks, the worker makes."""
        told = self.look(**later)
        for id_ in told:
            self.maker.make(id_)
        return told

    def row(self, id_: str) -> PaperRow:
        with self.database.read() as session:
            row = session.get(PaperRow, id_)
        assert row is not None
        return row

    def book(self, id_: str):
        path, _ = self.papers.file(MANAGER, id_, "xlsx")
        return openpyxl.load_workbook(path)


@pytest.fixture
def office(database, database_settings, redis: Redis, monkeypatch) -> Office:
    monkeypatch.setattr("callcenter.report.paper.pdf.chromium", lambda: None)
    stored(database, database_settings)
    return Office(database_settings, database, redis)


def test_what_has_ended_is_made_when_its_hour_has_come_and_only_once(office):
    assert "day-2026-01-05" not in office.look()
    first = office.night(minutes=2)
    assert set(first) == {"day-2026-01-05", "month-2025-12", "year-2025"}, "what had no calls has no report"
    row = office.row("day-2026-01-05")
    assert (row.state, row.version, row.files, row.corrected_at) == ("made", 1, ["xlsx", "html"], None)
    assert office.night(minutes=5) == []
    assert office.book("day-2026-01-05").sheetnames[0] == "计分卡"


def test_a_report_that_nobody_took_up_is_handed_over_again(office):
    assert "day-2026-01-05" in office.look(minutes=2)
    assert office.look(seconds=30) == []
    assert "day-2026-01-05" in office.look(seconds=31)
    jobs_there = queues.queue(office.redis, queues.REPORT).jobs
    assert [tuple(job.args) for job in jobs_there].count(("day-2026-01-05",)) == 2
    assert jobs_there[0].func_name == f"{jobs.__name__}.make"


def test_two_makers_make_it_once(office):
    office.look(minutes=2)
    other = Maker(office.settings, office.database, vault(office.settings), office.clock)
    seen = []

    def make_meanwhile(percent: int) -> None:
        seen.append(other.make("day-2026-01-05"))

    original = office.maker._tell
    office.maker._tell = lambda found: lambda percent: (make_meanwhile(percent), original(found)(percent))[1]
    assert office.maker.make("day-2026-01-05")
    assert seen, "the second maker had its turn"
    assert not any(seen)
    assert office.row("day-2026-01-05").version == 1


def test_a_dead_makers_work_is_taken_over(office):
    office.look(minutes=2)
    claimed = office.maker._claim("day-2026-01-05")
    assert claimed is not None
    assert not office.maker.make("day-2026-01-05")
    assert "day-2026-01-05" in office.look(seconds=SILENT.total_seconds() + 21)
    assert office.maker.make("day-2026-01-05")
    assert office.row("day-2026-01-05").state == "made"


def test_figures_that_changed_later_make_a_corrected_report(office):
    office.night(minutes=2)
    before = office.row("day-2026-01-05")
    office.night(days=1)
    assert office.row("day-2026-01-05").version == 1, "nothing changed"
    late = moved(ANSWERED, hours=6) | {"call_id": "late"}
    stored(office.database, office.settings, [late])
    office.night(hours=2)
    assert office.row("day-2026-01-05").version == 1, "looked at once a night"
    office.night(days=1)
    row = office.row("day-2026-01-05")
    assert (row.version, row.corrected_at is not None, row.digest != before.digest) == (2, True, True)
    assert "(更正)" in office.book("day-2026-01-05")["计分卡"]["A1"].value
    folder = office.settings.papers_dir / "day-2026-01-05"
    assert {path.name for path in folder.iterdir()} == {
        f"day-2026-01-05.v{version}.{form}" for version in (1, 2) for form in ("xlsx", "html")
    }, "what was handed in is kept"


def test_a_report_asked_for_too_early_is_made_whole_later_without_a_mark(office):
    office.papers.ask(MANAGER, "month", "2026-01")
    assert office.maker.make("month-2026-01")
    assert office.row("month-2026-01").upto == office.clock.now()
    assert "本期未结束" in office.book("month-2026-01")["计分卡"]["A2"].value
    office.night(days=26)
    row = office.row("month-2026-01")
    assert (row.upto, row.version) == (datetime.fromisoformat("2026-02-01T00:00:00+08:00"), 2)
    assert row.corrected_at is None


def test_one_can_be_stopped_and_asked_for_again(office):
    office.papers.ask(MANAGER, "week", "2026-W02")
    stop_at_once = office.maker._tell

    def stopping(found):
        tell = stop_at_once(found)

        def stop(percent: int) -> None:
            if percent >= 30:
                office.papers.cancel(MANAGER, found.row.id)
            tell(percent)

        return stop

    office.maker._tell = stopping
    assert not office.maker.make("week-2026-W02")
    assert office.row("week-2026-W02").state == "cancelled"
    with pytest.raises(NotFound):
        office.papers.file(MANAGER, "week-2026-W02", "xlsx")
    office.maker._tell = stop_at_once
    office.papers.ask(MANAGER, "week", "2026-W02")
    assert office.maker.make("week-2026-W02")


def test_a_fault_is_told_in_words_and_tried_again_later(office, monkeypatch):
    office.look(minutes=2)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("callcenter.report.paper.xlsx.write", full)
        assert not office.maker.make("day-2026-01-05")
    row = office.row("day-2026-01-05")
    assert (row.state, row.version) == ("failed", 0)
    assert row.problem
    assert not list(Path(office.settings.papers_dir).rglob("*.part"))
    assert "day-2026-01-05" in office.night(hours=1, minutes=1)
    assert office.row("day-2026-01-05").state == "made"


def test_the_list_of_calls_is_exported_with_its_filter(office, monkeypatch):
    monkeypatch.setattr("callcenter.call.repository.BATCH", 2)
    row = office.papers.ask_calls(AUDITOR, Wanted(outcome="answered"), None)
    assert office.maker.make(row.id)
    path, name = office.papers.file(AUDITOR, row.id, "xlsx")
    book = openpyxl.load_workbook(path)
    rows = cells(book, "通话清单")
    assert len(rows) == 7
    assert {row[2] for row in rows} == {"138****2346"}
    assert FORMULA[:20] in {row[5][:20] for row in rows}
    assert rows[0][0].isoformat() == "2026-01-09T10:00:00"
    assert name == "12348-通话清单.xlsx"
    with pytest.raises(NotFound):
        office.papers.file(MANAGER, row.id, "xlsx")
    with office.database.read() as session:
        noted = [(a.person, a.action, a.object) for a in session.query(AuditRow).order_by(AuditRow.id)]
    assert noted == [("auditor", "calls-exported", row.id), ("auditor", "report-fetched", row.id)]
    office.look(days=1, minutes=1)
    assert not path.exists(), "an export is kept for a day"


@pytest.mark.parametrize("part", ["numerator", "rest"])
def test_the_export_of_a_figures_calls_holds_those_and_no_others(office, part):
    wanted = Wanted(drill=drill_of(office.settings, "connection_rate:inbound", part))
    with office.database.read() as session:
        page, total = Calls(session).page(wanted)
    row = office.papers.ask_calls(MANAGER, wanted, None)
    assert office.maker.make(row.id)
    assert {line[1] for line in cells(office.book(row.id), "通话清单")} == {call.id for call in page}
    assert 0 < total == len(page)


def test_places_have_their_names_in_exports_and_reports(office):
    place = {"510100": {"zh": "成都市"}}
    office.maker = Maker(
        office.settings.model_copy(update={"places": place}), office.database, vault(office.settings), office.clock
    )
    with office.database.begin() as session:
        session.execute(update(CallRow).where(CallRow.outcome == "answered").values(place="510100"))
    row = office.papers.ask_calls(MANAGER, Wanted(outcome="answered"), None)
    assert office.maker.make(row.id)
    assert {line[6] for line in cells(office.book(row.id), "通话清单")} == {"成都市"}
    office.night(minutes=2)
    assert "成都市" in {line[0] for line in cells(office.book("day-2026-01-05"), "地区事项")}


def test_an_export_that_is_too_large_is_refused(office, monkeypatch):
    monkeypatch.setattr(calls_sheet, "MAX", 3)
    with pytest.raises(BadInput, match="take a shorter time"):
        office.papers.ask_calls(MANAGER, Wanted(), None)


def test_a_number_that_was_searched_for_is_noted_masked_only(office):
    row = office.papers.ask_calls(MANAGER, Wanted(end=NIGHT + timedelta(days=9)), "13812342346")
    assert office.maker.make(row.id)
    assert len(cells(office.book(row.id), "通话清单")) == 11
    with office.database.read() as session:
        (noted, *_) = session.query(AuditRow).order_by(AuditRow.id)
    assert noted.detail["filter"]["caller"] == "138****2346"
    assert "13812342346" not in str(row.asked)

"""The written files say what `report kpi` says, as numbers, and run nothing."""

import json
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from callcenter.call.table import CallRow
from callcenter.consultation.table import ConsultationRow
from callcenter.report import service
from callcenter.report.commands import app
from callcenter.report.definitions import TooManyGroups
from callcenter.report.paper import html, xlsx
from callcenter.report.paper.compose import compose
from callcenter.report.paper.figures import Figures
from callcenter.report.paper.period import period
from callcenter.report.paper.words import FIGURES, VARIANTS
from tests.call_history.given import needs_one_database, vault
from tests.report.paper.given import FORMULA, cells, stored

FROM, TO = "2026-01-01T00:00:00+08:00", "2026-02-01T00:00:00+08:00"
LATER = datetime.fromisoformat("2026-02-03T05:00:00+08:00")


@pytest.fixture
def paper(database, database_settings):
    stored(database, database_settings)
    with database.read() as session:
        return compose(session, database_settings, vault(database_settings), period("month", "2026-01"), LATER)


@pytest.fixture
def book(paper, tmp_path: Path):
    xlsx.write(paper, tmp_path / "report.xlsx")
    return openpyxl.load_workbook(tmp_path / "report.xlsx")


@pytest.fixture
def kpi(database, database_settings, paper):
    with database.read() as session:
        return lambda *by, **more: service.kpi(session, FROM, TO, by=by, **more)


def test_every_figure_of_the_command_line_stands_in_the_workbook(book, kpi):
    report = kpi()
    rows = {(row[0], row[1]): row for row in cells(book, "全部指标")}
    assert len(rows) == len(report["figures"])
    for figure in report["figures"]:
        row = rows[FIGURES[figure["name"]], VARIANTS.get(figure["variant"], figure["variant"])]
        shown = "—" if figure["value"] is None else pytest.approx(figure["value"], rel=1e-15)
        assert row[2] == shown
        assert row[5] == pytest.approx(figure["numerator"], rel=1e-15)
        assert row[6] == figure["denominator"]
        assert row[9] == figure["formula_zh"]
    assert [row[1] for row in cells(book, "话务量")] == list(report["counts"].values())


def test_the_scorecard_says_whether_each_target_is_met(book):
    rows = {(row[0], row[1]): row for row in cells(book, "计分卡")}
    assert rows["接通率", "排队口径"][2:7] == [pytest.approx(6 / 9), 0.95, "未达标", 6, 9]
    assert rows["满意度", "基本满意及以上"][2:7] == [pytest.approx(2 / 4), 0.98, "未达标", 2, 4]
    assert rows["限时接起率", "自排队起, 按接通"][2:5] == [1, 0.8, "达标"]
    assert rows["质检覆盖率", "人工质检"][2:5] == ["无数据", 0.05, "-"]


def test_the_splits_are_those_of_the_command_line(book, kpi):
    by_day = {group["by"]["day"]: group["counts"] for group in kpi("day")["groups"]}
    assert {row[0]: row[1:4] for row in cells(book, "趋势")} == {
        day: [counts["in"], counts["to_seat"], counts["answered"]] for day, counts in by_day.items()
    }
    talk = {g["by"]["seat"]: g["figures"][0]["numerator"] / 60 for g in kpi("seat", variants=["talk_s:all"])["groups"]}
    seats = {row[0]: row for row in cells(book, "坐席")}
    assert {seat: seats[seat][3] for seat in ("1001", "1002")} == {
        seat: pytest.approx(talk[seat], rel=1e-15) for seat in ("1001", "1002")
    }
    assert seats["合计"][2] == 6 == sum(seats[seat][2] for seat in ("1001", "1002"))
    assert {row[0]: row[1] for row in cells(book, "语种")} == {"汉语": 7, "藏语": 2, "蒙古语": 1}


def test_topics_are_those_that_lawyers_wrote_and_else_those_of_the_menu(database, database_settings):
    stored(database, database_settings)
    with database.begin() as session:
        calls = session.scalars(select(CallRow).where(CallRow.topic == "civil.labour_pay")).all()
        session.add_all(
            ConsultationRow(
                call=call.id, seat="1001", opened_at=call.started_at, version=1, topic="civil.lending", groups=[]
            )
            for call in calls[:1]
        )
    with database.read() as session:
        made = compose(session, database_settings, vault(database_settings), period("month", "2026-01"), LATER)
        menu = service.kpi(session, FROM, TO, by=["topic"])["groups"]
    (sheet,) = (sheet for sheet in made.sheets if sheet.id == "topics")
    found = {row[0]: row[1] for row in sheet.rows}
    chosen = {group["by"]["topic"]: group["counts"]["in"] for group in menu}
    assert found["民事 / 民间借贷"] == 1
    assert found.get("民事 / 劳动报酬", 0) == chosen["civil.labour_pay"] - 1
    assert sum(found.values()) == 10
    assert sum(row[2] for row in sheet.rows) == pytest.approx(1)


def test_what_is_no_sum_over_calls_stands_on_a_sheet_of_its_own(book, kpi):
    rows = {(row[0], row[1]): row for row in cells(book, "其他指标")}
    for figure in kpi(variants=["first_call_resolution", "callback_completion", "voicemail_answered", "occupancy"])[
        "figures"
    ]:
        row = rows[FIGURES[figure["name"]], VARIANTS[figure["variant"]]]
        assert row[2] == ("—" if figure["value"] is None else pytest.approx(figure["value"], rel=1e-15))
        assert row[5] == figure["formula_zh"]
    assert rows["首呼解决率", "非重复来电"][3:5] == [1, 6]


def test_the_dissatisfied_are_named_with_masked_numbers(book):
    rows = cells(book, "不满意清单")
    assert [(row[0].isoformat(), row[1], row[5]) for row in rows] == [
        ("2026-01-09T10:00:00", "138****2346", "不满意"),
        ("2026-01-05T13:00:00", "138****2346", "非常不满意"),
    ]


def test_what_people_wrote_stays_text(book):
    found = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(cell.value == FORMULA for cell in found)
    assert {cell.data_type for cell in found} <= {"s", "n", "d"}, "a formula is in the workbook"
    assert all(cell.quotePrefix for cell in found if cell.value in (FORMULA, "+SUM(A1)", "@康定"))


def test_sheets_are_ready_to_be_read_and_printed(book):
    for sheet in book:
        assert sheet.freeze_panes == "B4"
        assert sheet.print_title_rows == "$3:$3"
        assert sheet.print_area
        assert sheet.page_setup.paperSize == 9
        assert sheet.column_dimensions["A"].width > 9
    assert book["计分卡"]["C4"].number_format == "0.00%"


def test_the_page_shows_the_same_and_runs_nothing(paper):
    page = html.render(paper)
    assert "66.66%" in page, "a rate is cut, not rounded"
    assert "未达标" in page
    assert FORMULA not in page, "quotes are escaped"
    assert "=HYPERLINK(&#34;http" in page
    assert "<script" not in page
    assert "13812342346" not in page


@needs_one_database
def test_the_command_line_writes_both(database, database_settings, tmp_path: Path, monkeypatch):
    stored(database, database_settings)
    monkeypatch.setenv("CALLCENTER_HOME", str(database_settings.home))
    run = CliRunner().invoke
    month = ["paper", "--period", "month", "--of", "2026-01", "--out"]
    assert run(app, [*month, str(tmp_path / "m.html")], catch_exceptions=False).exit_code == 0
    assert "2026年1月月报" in (tmp_path / "m.html").read_text("utf-8")
    assert run(app, [*month, str(tmp_path / "m.xlsx"), "--xlsx"], catch_exceptions=False).exit_code == 0
    assert "计分卡" in openpyxl.load_workbook(tmp_path / "m.xlsx").sheetnames
    asked = ["kpi", "--from", FROM, "--to", TO, "--by", "language"]
    told = json.loads(run(app, [*asked, "--json"], catch_exceptions=False).stdout)
    assert run(app, [*asked, "--xlsx", str(tmp_path / "k.xlsx")], catch_exceptions=False).exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "k.xlsx")
    written = {row[2]: row[3] for row in cells(book, "指标")}
    for figure in told["figures"]:
        value = written[f"{figure['name']}:{figure['variant']}"]
        assert value == ("—" if figure["value"] is None else pytest.approx(figure["value"], rel=1e-15))
    assert len(cells(book, "分组")) == sum(len(g["figures"]) + len(g["counts"]) for g in told["groups"])


def test_an_empty_period_is_a_report_too(database, database_settings, tmp_path: Path):
    with database.read() as session:
        empty = compose(session, database_settings, vault(database_settings), period("day", "2026-01-05"), LATER)
    xlsx.write(empty, tmp_path / "e.xlsx")
    book = openpyxl.load_workbook(tmp_path / "e.xlsx")
    assert {row[2] for row in cells(book, "计分卡")} == {"—", "无数据"}
    assert "本期没有记录" in html.render(empty)


@needs_one_database
def test_a_province_with_too_many_pairs_of_place_and_topic_still_has_its_report(
    database, database_settings, monkeypatch
):
    stored(database, database_settings)
    ask = Figures.of_period

    def refusing(figures, *by, **more):
        if by == ("place", "topic"):
            raise TooManyGroups("more than 5000 groups")
        return ask(figures, *by, **more)

    monkeypatch.setattr(Figures, "of_period", refusing)
    with database.read() as session:
        made = compose(session, database_settings, vault(database_settings), period("day", "2026-01-05"), LATER)
    (places,) = (sheet for sheet in made.sheets if sheet.id == "places")
    assert [row[:3] for row in places.rows] == [("513200", "全部", 7), ("@康定", "全部", 1)]

"""A roster file: all of it or nothing, every fault by row and column."""

from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from callcenter.account.table import PersonRow
from callcenter.instants import CHINA
from callcenter.roster.sheet import COLUMNS
from tests.site import Browser, Site

HEAD = tuple(COLUMNS.values())
TOMORROW = date(2026, 11, 23)


def workbook(*rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (head, *rows):
        sheet.append(row)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def send(browser: Browser, data: bytes, replace: bool = False) -> Any:
    headers = browser.csrf | {"Content-Type": "application/octet-stream"}
    return browser.http.post(f"/api/roster/import?replace={str(replace).lower()}", content=data, headers=headers)


def planned(browser: Browser, day: date = TOMORROW, days: int = 2) -> list[tuple[str, str, str]]:
    shifts = browser.get(f"/api/roster?from={day}&days={days}").json()
    return [(it["person"], it["line"], local(it["starts_at"]) + "-" + local(it["ends_at"])) for it in shifts]


def local(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(CHINA):%d %H:%M}"


def test_dates_and_times_are_read_as_office_programs_write_them(site: Site) -> None:
    browser = site.browser("supervisor")
    answer = send(
        browser,
        workbook(
            ("2026-11-23", "1001", "王晓梅", "08:00", "16:00", "", ""),
            (TOMORROW, 1002, None, time(8), time(16, 30), "bo", "双语"),
            (
                datetime(2026, 11, 23),  # noqa: DTZ001 - Excel knows no zones
                "1003",
                "",
                16 / 24,
                timedelta(days=1),
                "mn",
                None,
            ),
            ("2026/11/23", "1004", "", "20:00", "8:00", "zh", ""),
            (None, None, None, None, None, None, None),
        ),
    )
    assert (answer.status_code, answer.json()) == (200, {"shifts": 4})
    assert planned(browser) == [
        ("1001", "", "23 08:00-23 16:00"),
        ("1002", "bo", "23 08:00-23 16:30"),
        ("1003", "mn", "23 16:00-24 00:00"),
        ("1004", "zh", "23 20:00-24 08:00"),
    ]


def test_every_fault_is_named_by_row_and_column_and_nothing_is_imported(site: Site) -> None:
    with site.api.database.begin() as session:
        session.get_one(PersonRow, "1004").licence_until = date(2026, 11, 30)
    browser = site.browser("supervisor")
    answer = send(
        browser,
        workbook(
            ("2026-11-23", "1001", "王晓梅", "08:00", "16:00", "", ""),  # right
            ("2026-13-23", "1001", "", "08:00", "26:00", "", ""),
            ("2026-11-24", "9999", "", "08:00", "16:00", "", ""),
            ("2026-11-24", "1001", "李志强", "08:00", "16:00", "mn", ""),
            ("2026-11-23", "1001", "", "12:00", "20:00", "", ""),
            ("2026-11-23", "supervisor", "", "08:10", "16:00", "", ""),
            ("2026-11-20", "1002", "", "08:00", "16:00", "en", ""),
            ("2026-11-24", "1003", "", "08:00", "07:00", "", "x" * 101),
            ("2026-12-01", "1004", "", "08:00", "16:00", "", ""),
            ("2026-11-24", "1003", "", "08:00", "07:00", "", ""),
        ),
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "faulty-roster")
    faults = {(fault["row"], fault["column"]) for fault in answer.json()["details"]["faults"]}
    assert faults == {
        *[(3, "日期"), (3, "结束"), (4, "工号"), (5, "姓名"), (5, "线路"), (6, "开始"), (7, "开始")],
        *[(7, "工号"), (8, "日期"), (8, "线路"), (9, "备注"), (9, "结束"), (10, "工号"), (11, "开始"), (11, "结束")],
    }
    assert all(fault["message"] for fault in answer.json()["details"]["faults"])
    assert planned(browser, date(2026, 11, 20), 31) == []


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"no workbook at all", "bad-input"),
        (workbook(), "bad-input"),
        (workbook(head=("日期", "人", "开始", "结束")), "faulty-roster"),
    ],
)
def test_what_is_no_roster_is_refused_in_words(site: Site, data: bytes, code: str) -> None:
    answer = send(site.browser("supervisor"), data)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_the_same_file_again_overlaps_and_takes_the_place_of_the_first_when_asked_to(site: Site) -> None:
    browser = site.browser("supervisor")
    first = workbook(("2026-11-23", "1001", "", "08:00", "16:00", "", ""))
    assert send(browser, first).status_code == 200
    again = send(browser, first)
    assert again.json()["details"]["faults"][0]["row"] == 2
    second = workbook(("2026-11-23", "1002", "", "08:00", "16:00", "", ""))
    assert send(browser, second, replace=True).status_code == 200
    assert planned(browser) == [("1002", "", "23 08:00-23 16:00")]


def test_what_is_replaced_by_a_faulty_file_stays(site: Site) -> None:
    browser = site.browser("supervisor")
    send(browser, workbook(("2026-11-23", "1001", "", "08:00", "16:00", "", "")))
    faulty = workbook(("2026-11-23", "1002", "", "08:00", "16:00", "", ""), ("2026-11-23", "", "", "", "", "", ""))
    assert send(browser, faulty, replace=True).status_code == 400
    assert planned(browser) == [("1001", "", "23 08:00-23 16:00")]


def test_what_is_exported_can_be_imported_and_the_template_names_the_people(site: Site) -> None:
    browser = site.browser("supervisor")
    rows = [
        ("2026-11-23", "1001", "", "16:00", "24:00", "zh", "早"),
        ("2026-11-23", "1004", "", "20:00", "08:00", "", ""),
    ]
    send(browser, workbook(*rows))
    before = planned(browser)
    exported = browser.get("/api/roster/export?from=2026-11-23&days=2").content
    assert send(browser, exported, replace=True).json() == {"shifts": 2}
    assert planned(browser) == before
    template = openpyxl.load_workbook(BytesIO(browser.get("/api/roster/template").content))
    assert [cell.value for cell in template["排班"][1]] == list(HEAD)
    assert ("1002", "扎西卓玛", "bo zh") in list(template["人员"].iter_rows(values_only=True))

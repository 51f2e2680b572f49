"""Opening hours by China's calendar, and what is wrong with hours a site writes."""

from datetime import date, datetime
from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.ivr.check import Rules, check_folder
from callcenter.ivr.hours import Hours, read_hours
from callcenter.ivr.shipped import rules_of
from tests.ivr.conftest import OFFICE


@pytest.mark.parametrize(
    ("at", "is_open"),
    [
        ("2026-01-05T09:00", True),
        ("2026-01-05T11:59:59", True),
        ("2026-01-05T12:00", False),
        ("2026-01-04T09:30", True),  # Sunday, worked for New Year
        ("2026-10-10T09:30", True),  # Saturday, worked for National Day
        ("2026-10-01T09:30", False),  # National Day
        ("2026-10-17T09:30", False),  # Saturday
        ("2026-12-31T10:30", False),  # its own hours
        ("2026-12-31T09:30", True),
    ],
)
def test_a_line_is_open_by_chinas_calendar(at: str, is_open: bool) -> None:
    assert OFFICE.is_open("zh", datetime.fromisoformat(f"{at}+08:00")) is is_open


def test_a_year_that_nobody_knows_has_weekends_only_unless_the_site_writes_it() -> None:
    new_year = date(2031, 1, 1)  # a Wednesday
    assert not OFFICE.knows(2031)
    assert OFFICE.kind_of(new_year) == "workday"
    own = Hours.model_validate({"calendar": {"2031": {"holidays": ["2031-01-01"], "workdays": ["2031-01-04"]}}})
    assert own.knows(2031)
    assert (own.kind_of(new_year), own.kind_of(date(2031, 1, 4))) == ("holiday", "workday")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('lines: {zh: {workday: ["9:00-12:00"]}}', "hours are written"),
        ('lines: {zh: {workday: ["12:00-09:00"]}}', "ends before it begins"),
        ('lines: {zh: {workday: ["09:00-12:00", "11:00-13:00"]}}', "overlap"),
        ('lines: {zh: {workday: [], special: {"2026-02-30": []}}}', "hours are written"),
        ("lines: {zh: {weekend: []}}", "field required"),
        ("calendar: {2027: {holidays: [2026-01-01]}}", "is not in 2027"),
        ("lines: [", "not valid YAML"),
    ],
)
def test_bad_hours_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "hours.yaml").write_text(text)
    found = read_hours(tmp_path)[1]
    assert found
    assert said in found[0].message


def test_a_year_that_is_near_and_unknown_is_warned_of(tmp_path: Path) -> None:
    (tmp_path / "main.yaml").write_text(
        "id: main\nstart: open\nnodes:\n  open: {hours: zh, open: person, closed: person}\n  person: {queue: zh}\n"
    )
    rules = Rules(["zh"], ["zh"], "zh", site=rules_of(Settings()).site, today=date(2030, 12, 20))
    found = check_folder(tmp_path, rules)
    assert [(it.code, it.level, it.line) for it in found] == [("calendar-unknown", "warning", 4)]
    assert check_folder(tmp_path, Rules(["zh"], ["zh"], "zh", site=rules.site, today=date(2026, 6, 1))) == []

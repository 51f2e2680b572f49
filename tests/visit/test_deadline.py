"""Working days of China's calendar, on a fake clock over National Day week 2026 (1-7 October; 20 September and
10 October, a Sunday and a Saturday, are worked; 25-27 September is Mid-Autumn)."""

from datetime import UTC, datetime

import pytest

from callcenter.instants import CHINA
from callcenter.ivr.hours import Hours
from callcenter.visit.deadline import deadline
from callcenter.visit.model import Due, Kind, due
from callcenter.visit.opening import opened
from tests.visit.given import RULES


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("opened_at", "days", "ends"),
    [
        ("2026-09-16T09:00", 1, "2026-09-18T00:00"),
        ("2026-09-16T23:59", 1, "2026-09-18T00:00"),
        ("2026-09-18T15:00", 1, "2026-09-21T00:00"),  # Friday; the Sunday is worked
        ("2026-09-30T10:00", 1, "2026-10-09T00:00"),  # the day before the holidays
        ("2026-09-30T10:00", 3, "2026-10-11T00:00"),  # 8, 9 and the Saturday that is worked
        ("2026-09-30T10:00", 5, "2026-10-14T00:00"),
        ("2026-10-03T02:00", 1, "2026-10-09T00:00"),  # in the holidays
        ("2026-09-24T08:00", 5, "2026-10-10T00:00"),  # over Mid-Autumn and National Day
        ("2026-11-20T10:00", 0, "2026-11-21T00:00"),
    ],
)
def test_only_working_days_count_and_the_last_one_counts_in_full(opened_at: str, days: int, ends: str) -> None:
    assert deadline(china(opened_at), days, Hours()) == china(ends)


def test_a_night_in_utc_is_the_next_day_in_china() -> None:
    assert deadline(datetime(2026, 9, 15, 17, 0, tzinfo=UTC), 1, Hours()) == china("2026-09-18T00:00")


def test_the_sites_own_calendar_goes_before_the_librarys() -> None:
    own = Hours.model_validate({"calendar": {2026: {"holidays": ["2026-11-24"], "workdays": ["2026-11-28"]}}})
    assert deadline(china("2026-11-23T09:00"), 4, own) == china("2026-11-29T00:00")


def test_it_warns_when_only_its_last_working_day_is_left_and_is_red_after_it() -> None:
    visit = opened(RULES, Kind.DISSATISFIED, "a-1.1", china("2026-09-29T10:00"))
    clock = {
        "2026-09-30T23:59": Due.FINE,
        "2026-10-07T12:00": Due.FINE,
        "2026-10-10T23:59": Due.FINE,
        "2026-10-11T00:00": Due.WARN,
        "2026-10-12T23:59": Due.WARN,
        "2026-10-13T00:00": Due.OVERDUE,
    }
    for now, expected in clock.items():
        assert due(visit["state"], visit["warn_at"], visit["due_at"], None, china(now)) is expected, now


def test_one_that_was_closed_in_time_is_never_red_and_one_closed_late_stays_so() -> None:
    warn_at, due_at = china("2026-10-12T00:00"), china("2026-10-13T00:00")
    later = china("2027-01-01T00:00")
    assert due("closed", warn_at, due_at, china("2026-10-12T23:59"), later) is Due.FINE
    assert due("closed", warn_at, due_at, china("2026-10-13T09:00"), later) is Due.OVERDUE

"""What shifts cover, and how many lawyers Erlang C asks for."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from callcenter.instants import CHINA
from callcenter.roster.model import HOUR, Planned, coverage, gaps, hours_from
from callcenter.roster.staffing import lawyers
from callcenter.roster.state import ALLOWED, SwapIsOver, SwapState, moved

DAY = datetime(2026, 11, 23, tzinfo=CHINA)
ALWAYS = lambda _at: True  # noqa: E731


def shift(start: float, end: float, *lines: str) -> Planned:
    return Planned(person="x", lines=frozenset(lines), start=DAY + start * HOUR, end=DAY + end * HOUR)


def test_an_hour_counts_those_who_are_there_all_of_it() -> None:
    shifts = [shift(8, 10.5, "zh"), shift(9, 11, "zh", "bo"), shift(10.25, 12, "zh")]
    hours = hours_from(DAY + 8 * HOUR, 4)
    assert coverage(shifts, "zh", hours, ALWAYS) == [1, 2, 2, 1]
    assert coverage(shifts, "bo", hours, ALWAYS) == [0, 1, 1, 0]
    assert coverage(shifts, "mn", hours, ALWAYS) == [0, 0, 0, 0]


def test_a_quarter_of_an_hour_between_two_shifts_is_a_gap() -> None:
    hours = hours_from(DAY + 8 * HOUR, 3)
    persons = coverage([shift(8, 9.5, "zh"), shift(9.75, 11, "zh")], "zh", hours, ALWAYS)
    assert persons == [1, 0, 1]
    assert gaps(persons, 1) == 1


def test_a_closed_hour_is_no_gap_and_an_hour_that_is_half_open_counts_its_open_half() -> None:
    hours = hours_from(DAY + 8 * HOUR, 3)
    opens = DAY + 8.5 * HOUR
    persons = coverage([shift(8.5, 10, "zh")], "zh", hours, lambda at: opens <= at < opens + 1.5 * HOUR)
    assert persons == [1, 1, None]
    assert gaps(persons, 1) == 0


def test_a_night_shift_covers_both_days_and_the_machines_zone_does_not_matter() -> None:
    night = Planned(
        person="x",
        lines=frozenset({"zh"}),
        start=datetime(2026, 11, 23, 12, tzinfo=UTC),  # 20:00 in China
        end=datetime(2026, 11, 24, 0, tzinfo=UTC),
    )
    persons = coverage([night], "zh", hours_from(DAY + 19 * HOUR, 14), ALWAYS)
    assert persons == [0, *[1] * 12, 0]


@pytest.mark.parametrize(("calls", "needed"), [(0, 0), (1, 2), (25, 13), (100, 40)])
def test_erlang_c_asks_for_as_many_as_the_tables_say(calls: float, needed: int) -> None:
    """300 s each, 80 % within 15 s, at most 85 % of the time in talks; calls within a quarter of an hour."""
    found = lawyers(calls, 300, 15, 0.8)
    assert found >= calls * 300 / 900
    assert abs(found - needed) <= 1


def test_a_swap_only_goes_the_ways_it_has() -> None:
    for before in SwapState:
        for after in SwapState:
            if after in ALLOWED.get(before, ()):
                assert moved(before, after) is after
            else:
                with pytest.raises(SwapIsOver):
                    moved(before, after)


def test_hours_follow_one_another_from_the_one_that_is_running() -> None:
    hours = hours_from(datetime(2026, 11, 22, 6, 59, tzinfo=UTC), 24)
    assert hours[0] == datetime(2026, 11, 22, 14, tzinfo=CHINA)
    assert all(later - earlier == timedelta(hours=1) for earlier, later in pairwise(hours))

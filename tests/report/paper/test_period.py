"""Days, weeks, months and years of China's calendar."""

from datetime import date

import pytest

from callcenter.errors import BadInput
from callcenter.report.paper.period import Span, containing, period


@pytest.mark.parametrize(
    ("span", "of", "first", "after", "before"),
    [
        ("day", "2026-03-01", date(2026, 3, 1), date(2026, 3, 2), "2026-02-28"),
        ("week", "2026-W01", date(2025, 12, 29), date(2026, 1, 5), "2025-W52"),
        ("week", "2026-W53", date(2026, 12, 28), date(2027, 1, 4), "2026-W52"),
        ("month", "2026-12", date(2026, 12, 1), date(2027, 1, 1), "2026-11"),
        ("month", "2028-02", date(2028, 2, 1), date(2028, 3, 1), "2028-01"),
        ("year", "2026", date(2026, 1, 1), date(2027, 1, 1), "2025"),
    ],
)
def test_a_period_has_a_first_day_a_name_and_one_before_it(span, of, first, after, before):
    found = period(span, of)
    assert (found.first, found.after, found.of, found.before.of) == (first, after, of, before)
    assert found == containing(Span(span), first)
    assert found.start.isoformat().endswith("T00:00:00+08:00")


@pytest.mark.parametrize(
    ("span", "of"),
    [
        ("fortnight", "2026-01"),
        ("day", "2026-02-30"),
        ("day", "20260230"),
        ("week", "2026-W54"),
        ("week", "2026-W00"),
        ("week", "2027-W53"),
        ("month", "2026-13"),
        ("month", "2026-1"),
        ("month", "２０２６-10"),
        ("year", "1999"),
        ("year", "9999"),
        ("year", "2026-01"),
        ("day", "../../etc"),
    ],
)
def test_what_is_no_period_is_refused_in_words(span, of):
    with pytest.raises(BadInput, match=r"^(period|of): "):
        period(span, of)


def test_titles_are_those_of_an_office():
    assert period("month", "2026-10").title == "2026年10月月报"
    assert period("week", "2026-W40").title == "2026年第40周周报(9月28日至10月4日)"
    assert period("day", "2026-10-05").title == "2026年10月5日(星期一)日报"
    assert period("year", "2026").title == "2026年年报"

"""Instants: exact both ways."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.instants import (
    EARLIEST,
    LATEST,
    NotAnInstant,
    exact,
    format_instant,
    parse_instant,
    seconds,
    split,
)

TEN = parse_instant("2026-01-05T10:00:00+08:00")


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T02:00:00Z",
        "2026-01-05T02:00:00.000Z",
        "2026-01-05T02:00:00,0000000000Z",
        "2026-01-05T10:00+08:00",
        "2026-01-05 10:00:00+08",
        "2026-01-05T10:00:00+0800",
        "20260105T100000+0800",
        "2026-01-04T21:00:00-05:00",
    ],
)
def test_ways_to_write_one_instant(text):
    assert parse_instant(text) == TEN


def test_digits_are_kept_however_many():
    assert parse_instant("2026-01-05T10:00:00.000001+08:00") == TEN + 1
    assert parse_instant("2026-01-05T10:00:00.0000001+08:00") == TEN + Fraction(1, 10)
    digits = "0" * 9_000 + "1"
    assert parse_instant(f"2026-01-05T10:00:00.{digits}+08:00") == TEN + Fraction(1, 10**8_995)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2026-01-05T10:00:00", "offset is missing"),
        ("2026-01-05", "not an ISO 8601"),
        ("2026-W01-1T10:00:00+08:00", "not an ISO 8601"),
        ("2026-02-29T10:00:00+08:00", "no such time"),
        ("2026-01-05T10:00:60+08:00", "no such time"),
        ("2026-01-05T10:00:00+24:00", "no such time"),
        ("2026-01-05T10:00.5+08:00", "seconds in front"),
        ("0001-01-01T00:00:00+08:00", "out of range"),
        ("9999-12-31T23:59:59-08:00", "out of range"),
        ("２０２６-01-05T10:00:00+08:00", "not an ISO 8601"),
        ("", "not an ISO 8601"),
    ],
)
def test_what_is_no_instant_is_refused_with_the_reason(text, reason):
    with pytest.raises(NotAnInstant, match=reason):
        parse_instant(text)


@given(st.integers(EARLIEST, LATEST - 1), st.text("0123456789", max_size=12))
def test_written_and_read_again(micros, digits):
    instant = exact(micros, digits)
    assert parse_instant(format_instant(instant)) == instant
    whole, finer = split(instant)
    assert (whole, finer) == (micros, digits.rstrip("0"))


def test_seconds_are_whole_where_they_can_be():
    assert repr(seconds(15_000_000)) == "15"
    assert seconds(15_000_001) == 15.000001
    assert seconds(Fraction(1, 3)) == 1 / 3_000_000

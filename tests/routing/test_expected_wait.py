"""The estimated wait: from the line's own talks, or not at all."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from callcenter.routing.expected_wait import FEWEST, LONGEST_TOLD, expected_minutes

FOUR = timedelta(minutes=4)


def test_who_comes_next_waits_for_all_before_him() -> None:
    assert expected_minutes([FOUR] * FEWEST, ahead=0, ready=0, on_duty=4) == 1
    assert expected_minutes([FOUR] * FEWEST, ahead=5, ready=0, on_duty=4) == 6
    assert expected_minutes([FOUR] * FEWEST, ahead=1, ready=0, on_duty=3) == 3, "rounded up"


def test_nothing_is_said_of_too_few_talks_or_when_nobody_would_wait_or_serve() -> None:
    assert expected_minutes([FOUR] * (FEWEST - 1), ahead=5, ready=0, on_duty=4) is None
    assert expected_minutes([FOUR] * FEWEST, ahead=0, ready=1, on_duty=4) is None
    assert expected_minutes([FOUR] * FEWEST, ahead=5, ready=0, on_duty=0) is None
    assert expected_minutes([FOUR] * FEWEST, ahead=100, ready=0, on_duty=1) is None, "too far away"


@given(st.lists(st.integers(0, 7200), max_size=40), st.integers(0, 500), st.integers(0, 60), st.integers(0, 60))
def test_whatever_is_told_is_a_time_one_can_wait(work: list[int], ahead: int, ready: int, on_duty: int) -> None:
    told = expected_minutes([timedelta(seconds=one) for one in work], ahead, ready, on_duty)
    assert told is None or 0 <= told <= LONGEST_TOLD
    more = expected_minutes([timedelta(seconds=one) for one in work], ahead + 1, ready, on_duty)
    assert told is None or more is None or more >= told

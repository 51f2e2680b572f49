"""What follows from how an attempt ended; whose turn it is; which numbers can be called."""

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.callback import state
from callcenter.callback.model import Policy, Refused, Request, RequestState, Result, dialable
from callcenter.callback.turn import LineNow, Turn, turn
from callcenter.errors import IllegalTransition

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
POLICY = Policy(attempts=3, pauses=(timedelta(minutes=5), timedelta(minutes=30)))


def request(**changes: object) -> Request:
    values = {"call": "a-1.1", "kind": "callback", "at": NOW, "line": "zh", "state": RequestState.DIALLING}
    return Request(**values | changes)  # type: ignore[arg-type]


def test_three_attempts_with_longer_pauses_and_then_no_more() -> None:
    first = state.after(request(), Result.NO_ANSWER, POLICY, NOW)
    assert (first.state, first.tries, first.due_at) == (RequestState.OPEN, 1, NOW + timedelta(minutes=5))
    second = state.after(state.dialling(first, NOW), Result.BUSY, POLICY, NOW)
    assert (second.state, second.tries, second.due_at) == (RequestState.OPEN, 2, NOW + timedelta(minutes=30))
    third = state.after(state.dialling(second, NOW), Result.UNCONFIRMED, POLICY, NOW)
    assert (third.state, third.tries, third.reason) == (RequestState.GIVEN_UP, 3, "unconfirmed")
    assert third.ended_at == NOW


def test_a_call_that_was_never_sent_counts_as_no_attempt() -> None:
    after = state.after(request(tries=2), Result.NOT_SENT, POLICY, NOW)
    assert (after.state, after.tries) == (RequestState.OPEN, 2)


def test_a_call_of_unknown_outcome_counts_as_one() -> None:
    assert state.after(request(tries=2), Result.LOST, POLICY, NOW).state is RequestState.GIVEN_UP


def test_who_needs_no_call_any_more_is_not_called_again() -> None:
    after = state.after(request(), Result.DECLINED, POLICY, NOW)
    assert (after.state, after.reason) == (RequestState.CANCELLED, "declined")


@pytest.mark.parametrize("over", [RequestState.SERVED, RequestState.CANCELLED, RequestState.MERGED, RequestState.DONE])
def test_what_is_over_is_never_dialled(over: RequestState) -> None:
    with pytest.raises(IllegalTransition):
        state.dialling(request(state=over), NOW)


def test_it_is_due_when_the_pause_is_over() -> None:
    waiting = request(state=RequestState.OPEN, due_at=NOW)
    assert not state.is_due(waiting, NOW - timedelta(microseconds=1))
    assert state.is_due(waiting, NOW)
    assert state.is_due(request(state=RequestState.OPEN), NOW)
    assert not state.is_due(request(), NOW)


@pytest.mark.parametrize(
    ("number", "found"),
    [
        ("13912345678", "13912345678"),
        ("+8613912345678", "13912345678"),
        ("008613912345678", "13912345678"),
        ("09711234567", "09711234567"),
        ("+869711234567", "09711234567"),
        ("6123456", "6123456"),
        ("", Refused.NO_NUMBER),
        ("anonymous", Refused.NOT_A_TELEPHONE),
        ("+14155550100", Refused.FOREIGN),
        ("0014155550100", Refused.FOREIGN),
        ("12345", Refused.NOT_A_TELEPHONE),
        ("110", Refused.NOT_A_TELEPHONE),
        ("12912345678", Refused.NOT_A_TELEPHONE),
        ("13912345678@elsewhere.example", Refused.NOT_A_TELEPHONE),
    ],
)
def test_only_chinese_telephones_are_called(number: str, found: str) -> None:
    assert dialable(number) == found


def line(**changes: object) -> LineNow:
    return LineNow(**{"ready": 0, "on_duty": 1, "waiting": (), "called_back": 0} | changes)  # type: ignore[arg-type]


def test_a_seat_that_nobody_waits_for_is_free_for_a_callback() -> None:
    assert turn(line(ready=1)) == Turn(None)


def test_a_seat_that_somebody_waits_for_is_his() -> None:
    assert turn(line(ready=1, on_duty=0, waiting=(NOW,))) is None


def test_no_more_are_called_than_seats_are_ready() -> None:
    assert turn(line(ready=2, called_back=1)) == Turn(None)
    assert turn(line(ready=2, called_back=2)) is None


def test_without_a_ready_seat_nobody_is_rung() -> None:
    assert turn(line()) is None


def test_in_a_line_that_never_empties_the_one_who_came_first_of_all_is_called() -> None:
    later = NOW + timedelta(minutes=1)
    assert turn(line(waiting=(later, NOW))) == Turn(NOW)
    assert turn(line(waiting=(NOW,), called_back=1)) is None
    assert turn(line(waiting=(NOW,), on_duty=0)) is None

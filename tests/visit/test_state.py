"""What it takes to close a visit, and the draw that anybody can repeat."""

from datetime import UTC, datetime

import pytest

from callcenter.visit.draw import digest, drawn
from callcenter.visit.model import Cause, Closing, How, Kind, Result
from callcenter.visit.state import Attempt, lacking
from tests.visit.given import RULES

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def attempt(reached: bool | None) -> Attempt:
    return Attempt(at=NOON, by="1002", how=How.TELEPHONE, reached=reached)


def closing(result: Result = Result.SETTLED, cause: Cause = Cause.ADVICE, correction: str = "done") -> Closing:
    return Closing(result=result, cause=cause, correction=correction)


@pytest.mark.parametrize(
    ("attempts", "how", "lacks"),
    [
        ([True], closing(), []),
        ([False, True], closing(Result.STILL_DISSATISFIED), []),
        ([], closing(), ["reached"]),
        ([None], closing(), ["reached"]),
        ([True], closing(correction="  "), ["correction"]),
        ([True], closing(cause=Cause.NONE), ["cause"]),
        ([False, False], closing(Result.NOT_REACHED), ["attempts"]),
        ([False, False, None], closing(Result.NOT_REACHED), ["attempts"]),
        ([False, False, False], closing(Result.NOT_REACHED, Cause.UNKNOWN), []),
        ([False, False, False], closing(Result.DECLINED), ["reached"]),
        ([], closing(cause=Cause.NONE, correction=""), ["cause", "correction", "reached"]),
    ],
)
def test_what_lacks_before_it_may_be_closed(attempts: list[bool | None], how: Closing, lacks: list[str]) -> None:
    for kind in (Kind.DISSATISFIED, Kind.COMPLAINT):
        assert lacking(kind, how, [attempt(reached) for reached in attempts], RULES) == lacks


def test_a_drawn_visit_where_nothing_was_wrong_needs_no_cause() -> None:
    content = closing(cause=Cause.NONE, correction="")
    assert lacking(Kind.DRAW, content, [attempt(True)], RULES) == []
    angry = closing(Result.STILL_DISSATISFIED, Cause.NONE, "")
    assert lacking(Kind.DRAW, angry, [attempt(True)], RULES) == ["cause", "correction"]


def test_a_draw_takes_the_share_rounded_up_and_the_same_for_the_same_seed() -> None:
    calls = [f"a-{number}.1" for number in range(41)]
    chosen = drawn(calls, 0.1, "seed")
    assert len(chosen) == len(set(chosen)) == 5
    assert chosen == drawn(reversed(calls), 0.1, "seed")
    assert digest(chosen) != digest(drawn(calls, 0.1, "another seed"))
    assert len(drawn(calls[:1], 0.01, "seed")) == 1
    assert drawn([], 0.5, "seed") == []
    assert sorted(drawn(calls, 1, "seed")) == sorted(calls)


def test_every_matter_has_the_same_chance() -> None:
    calls = [f"a-{number}.1" for number in range(20)]
    times = dict.fromkeys(calls, 0)
    for seed in range(2000):
        for call in drawn(calls, 0.25, str(seed)):
            times[call] += 1
    assert max(abs(count - 500) for count in times.values()) < 100, "five standard deviations"

"""Random days of calls: the definitions and their naive second writing must agree to the last digit."""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.instants import DAY, SECOND
from callcenter.report.definitions import CallFacts, Question, Tally, added, kpi
from tests.given import examples
from tests.report import naive

QUEUED_UNANSWERED = (
    "abandoned_queue",
    "queue_timeout",
    "voicemail",
    "callback_requested",
    "system_failure",
    "transferred_out",
)
NEVER_QUEUED = ("abandoned_ivr", "blocked", "system_failure", "transferred_out")

step = st.one_of(st.integers(0, 4).map(lambda n: n * 5 * SECOND), st.integers(0, 30 * SECOND), st.just(15 * SECOND + 1))
fine = st.one_of(st.just(0), st.fractions(0, Fraction(9, 10), max_denominator=10))


@st.composite
def calls(draw) -> CallFacts:
    """Starts lie on a coarse grid over three days, so that windows begin and end exactly on calls."""
    started = draw(st.integers(0, 24)) * DAY // 8 + draw(st.sampled_from((0, 0, 0, 1, SECOND))) + draw(fine)
    kind = draw(st.sampled_from(("answered", "answered", "answered", "queued", "menu")))
    if kind == "menu":
        return CallFacts(started, ended=started + draw(step), outcome=draw(st.sampled_from(NEVER_QUEUED)))
    queued = started + draw(step)
    if kind == "queued":
        ring = draw(st.one_of(st.none(), st.just(queued)))
        outcome = draw(st.sampled_from(QUEUED_UNANSWERED))
        return CallFacts(started, queued, ring, None, queued + draw(step), outcome=outcome)
    ring = queued + draw(step)
    answered = ring + draw(step)
    ended = answered + 60 * SECOND + draw(step)
    offered = draw(st.booleans())
    return CallFacts(
        started,
        queued,
        draw(st.sampled_from((ring, None))),
        answered,
        ended,
        draw(st.one_of(st.none(), step.map(lambda s: ended + s))),
        draw(st.integers(0, 60)) * SECOND,
        draw(st.sampled_from(("answered", "answered", "transferred_out"))),
        draw(st.one_of(st.none(), st.integers(1, 5))) if offered else None,
        offered,
        language=draw(st.sampled_from(("zh", "bo", None))),
    )


def as_row(call: CallFacts) -> naive.Row:
    def moment(micros):
        return None if micros is None else Fraction(micros, SECOND)

    return {
        "started_at": moment(call.started),
        "queued_at": moment(call.queued),
        "first_ring_at": moment(call.first_ring),
        "answered_at": moment(call.answered),
        "ended_at": moment(call.ended),
        "wrap_up_ended_at": moment(call.wrap_up_ended),
        "hold_seconds": Fraction(call.hold, SECOND),
        "outcome": call.outcome,
        "grade": call.grade,
        "survey_offered": call.survey_offered,
    }


def assert_same(results, expected) -> None:
    assert {(result.figure.name, result.figure.variant) for result in results} == set(expected)
    for result in results:
        numerator, denominator, value, *at = expected[result.figure.name, result.figure.variant]
        scale = SECOND if result.figure.in_seconds else 1
        assert (result.numerator, result.denominator) == (numerator * scale, denominator), result.figure.variant
        assert result.value == (None if value is None else float(value)), result.figure.variant
        if at:
            assert result.at == (None if at[0] is None else at[0] * SECOND), result.figure.variant


@settings(max_examples=examples(300), deadline=None)
@given(
    st.lists(calls(), max_size=25),
    st.integers(-1, 25),
    st.integers(0, 25),
    fine,
    st.sampled_from((0, 5 * SECOND, 15 * SECOND)),
    st.sampled_from((0, 5 * SECOND, 20 * SECOND)),
)
def test_all_figures_agree(some, begin, length, shift, threshold, short):
    start = begin * DAY // 8 + shift
    end = start + length * DAY // 8
    first = min((call.started for call in some), default=None)
    answer = kpi(some, Question(start, end, threshold, short), first)
    limits = [Fraction(value, SECOND) for value in (start, end, threshold, short)]
    assert_same(answer.total.results, naive.report([as_row(call) for call in some], *limits))


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(calls(), max_size=20), st.randoms(use_true_random=False))
def test_groups_are_the_reports_of_their_calls(some, rng: random.Random):
    rng.shuffle(some)
    question = Question(DAY // 2, 3 * DAY, 15 * SECOND, 5 * SECOND, ("language",))
    first = min((call.started for call in some), default=None)
    answer = kpi(some, question, first)
    for group in answer.groups:
        alone = [call for call in some if call.language == group.key[0]]
        expected = naive.report(
            [as_row(c) for c in alone], *(Fraction(v, SECOND) for v in (DAY // 2, 3 * DAY, 15 * SECOND, 5 * SECOND))
        )
        plain = [result for result in group.results if "rolling" not in result.figure.variant]
        assert_same(plain, {key: value for key, value in expected.items() if "rolling" not in key[1]})
    assert sum(group.tally.calls for group in answer.groups) == answer.total.tally.calls


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(calls(), max_size=20), st.integers(0, 20))
def test_tallies_of_two_halves_add_up(some, cut):
    def tally(part: list[CallFacts]) -> Tally:
        made = Tally(15 * SECOND, 5 * SECOND)
        for call in part:
            made.add(call)
        return made

    assert added(tally(some[:cut]), tally(some[cut:])) == tally(some)


def test_tallies_with_other_limits_do_not_add_up():
    with pytest.raises(ValueError, match="limits"):
        added(Tally(1, 1), Tally(2, 1))

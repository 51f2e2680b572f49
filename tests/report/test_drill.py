"""Every figure opens exactly the calls that it counted."""

import random

import pytest

from callcenter.call.repository import Calls, Wanted
from callcenter.errors import BadInput
from callcenter.instants import DAY, SECOND
from callcenter.report.definitions import FIGURES, CallFacts, Question, Tally, kpi
from callcenter.report.drill import Drill
from callcenter.storage.columns import from_micros
from tests.report.given import MORNING
from tests.report.stored import Stored, some_call

QUESTION = Question(MORNING, MORNING + 2 * DAY, 15 * SECOND, 5 * SECOND)


@pytest.fixture
def stored(database) -> Stored:
    rng = random.Random(7)
    stored = Stored(database)
    stored.add(*(some_call(rng) for _ in range(200)))
    return stored


def opened(stored: Stored, figure: str, part: str, **more: object) -> tuple[set[str], int]:
    drill = Drill(figure, part, QUESTION.threshold, QUESTION.short)
    wanted = Wanted(start=from_micros(QUESTION.start), end=from_micros(QUESTION.end), drill=drill, limit=500, **more)
    with stored.database.read() as session:
        rows, total = Calls(session).page(wanted)
    return {row.id for row in rows}, total


def alone(call: CallFacts) -> Tally:
    tally = Tally(QUESTION.threshold, QUESTION.short)
    tally.add(call)
    return tally


def inside(stored: Stored) -> dict[str, CallFacts]:
    return {name: call for name, call in stored.calls.items() if QUESTION.start <= call.started < QUESTION.end}


def test_of_each_figure_in_each_part(stored):
    results = kpi(stored.facts, QUESTION, min(call.started for call in stored.facts)).total.results
    by_name = {(result.figure.name, result.figure.variant): result for result in results}
    for figure in FIGURES:
        if figure.name == "longest_wait_s":
            continue
        adds = {name: figure.ratio(alone(call)) for name, call in inside(stored).items()}
        denominator = {name for name, (_, below) in adds.items() if below}
        numerator = denominator if figure.in_seconds else {name for name, (above, _) in adds.items() if above}
        rest = denominator if figure.in_seconds else denominator - numerator
        name = f"{figure.name}:{figure.variant}"
        assert denominator, name
        assert opened(stored, name, "denominator") == (denominator, len(denominator)), name
        assert opened(stored, name, "numerator") == (numerator, len(numerator)), name
        assert opened(stored, name, "rest") == (rest, len(rest)), name
        result = by_name[figure.name, figure.variant]
        assert len(denominator) == result.denominator
        assert figure.in_seconds or len(numerator) == result.numerator


def test_the_longest_wait_opens_the_call_that_waited(stored):
    waits = {name: alone(call).longest_wait for name, call in inside(stored).items()}
    longest = max(wait for wait in waits.values() if wait is not None)
    assert opened(stored, "longest_wait_s", "numerator")[0] == {name for name, wait in waits.items() if wait == longest}


def test_together_with_other_conditions(stored):
    tibetan = {name for name, call in inside(stored).items() if call.language == "bo" and call.queued is not None}
    assert opened(stored, "connection_rate:rolling24h_worst", "denominator", language="bo")[0] == tibetan


@pytest.mark.parametrize("name", ["", "connection_rate", "service_level:SL9", "none"])
def test_a_name_without_one_meaning_is_refused(stored, name):
    with pytest.raises(BadInput, match="take one of"):
        opened(stored, name, "numerator")

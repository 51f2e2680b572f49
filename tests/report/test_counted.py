"""What the database adds up is what the definitions add up, whatever is rolled up and whatever changed since."""

import random

import pytest

from callcenter.board.figures import read_figures
from callcenter.board.today import read_today
from callcenter.instants import DAY, SECOND
from callcenter.report.definitions import Question, Tally
from callcenter.report.rollup.counted import counted
from callcenter.report.rollup.refresh import Refresh
from callcenter.report.rollup.table import QUARTER
from callcenter.storage.columns import from_micros
from tests.report.given import MORNING
from tests.report.stored import Stored, some_call


def by_hand(calls, question: Question) -> Tally:
    tally = Tally(question.threshold, question.short)
    for call in calls:
        if question.start <= call.started < question.end:
            tally.add(call)
    return tally


@pytest.mark.parametrize("seed", range(4))
def test_the_tally_of_any_interval_is_that_of_its_calls(database, database_settings, seed):
    rng = random.Random(seed)
    stored, refresh = Stored(database), Refresh(database, database_settings)
    for _ in range(8):
        stored.add(*(some_call(rng, days=2, fine=seed == 3) for _ in range(25)))
        refresh.run(within_s=rng.choice((0, 0.03, 5)))
        name = rng.choice(list(stored.calls))
        stored.change(name, some_call(rng, days=2))
        for _ in range(6):
            start = MORNING + rng.randrange(-4, 18) * DAY // 8 + rng.choice((0, 1, QUARTER - 1))
            end = start + rng.choice((0, 1, QUARTER, rng.randrange(2 * DAY)))
            question = Question(start, end, rng.choice((15, 15, 20)) * SECOND, 5 * SECOND)
            with database.read() as session:
                found = counted(session, question)
            assert found == by_hand(stored.facts, question), question


@pytest.mark.parametrize("rolled_up", [True, False])
def test_the_board_shows_the_figures_of_its_calls(database, database_settings, rolled_up):
    rng = random.Random(7)
    stored = Stored(database)
    stored.add(*(some_call(rng, days=2.5) for _ in range(200)))
    if rolled_up:
        Refresh(database, database_settings).run()
    now = MORNING + 2 * DAY + 12345678
    with database.read() as session:
        shown = read_figures(session, database_settings, from_micros(now))
    last_24_h = by_hand(stored.facts, Question(now - DAY + 1, now + 1, 15 * SECOND, 5 * SECOND))
    china_midnight = now - (now + 8 * 3600 * SECOND) % DAY
    today = by_hand(stored.facts, Question(china_midnight, now + 1, 15 * SECOND, 5 * SECOND))
    assert [shown["in"], shown["to_seat"], shown["answered"]] == [today.calls, today.to_seat, today.answered]
    rate = shown["connection_rate"]
    assert (rate["numerator"], rate["denominator"]) == (last_24_h.answered, last_24_h.to_seat)
    assert shown["satisfaction"]["denominator"] == today.rated > 0
    assert shown["within_threshold"]["numerator"] == today.answered_within > 0


def test_the_boards_losses_are_those_of_the_report(database, database_settings):
    rng = random.Random(11)
    stored = Stored(database)
    midnight = MORNING - 8 * 3600 * SECOND
    stored.add(*(some_call(rng, days=0.6)._replace(started=midnight + n * SECOND) for n in range(120)))
    lost = next(call for call in stored.facts if call.outcome == "abandoned_queue")
    on_the_limit = lost._replace(queued=midnight, ended=midnight + 5 * SECOND, first_ring=midnight)
    stored.add(on_the_limit, on_the_limit._replace(source="test"))
    now = midnight + DAY - 1
    with database.read() as session:
        shown = read_today(session, database_settings, from_micros(now))["lost"]
    counted_calls = [call for call in stored.facts if call.source != "test"]
    tally = by_hand(counted_calls, Question(midnight, now + 1, 15 * SECOND, 5 * SECOND))
    assert shown["short"] == tally.short_abandons > 0
    assert shown.get("waiting", 0) + shown.get("ringing", 0) == tally.abandoned - tally.short_abandons
    assert shown.get("menu", 0) == tally.outcomes["abandoned_ivr"]
    assert shown.get("timeout", 0) == tally.outcomes["queue_timeout"]

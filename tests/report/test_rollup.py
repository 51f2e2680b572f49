"""Roll-ups say what the records say, to the last digit, at any moment; and building them anew changes no byte."""

import random
from fractions import Fraction

import pytest
from sqlalchemy import select, text

from callcenter.instants import DAY, HOUR, SECOND
from callcenter.report.definitions import Answer, Question, kpi
from callcenter.report.repository import first_started
from callcenter.report.rollup import answer
from callcenter.report.rollup.refresh import Refresh
from callcenter.report.rollup.repository import day_of, days, forget_days
from callcenter.report.rollup.service import differences, rebuild
from callcenter.report.rollup.table import QUARTER, ROLLUP, RollupMarkRow, RollupQuarterRow
from tests.report.given import MORNING
from tests.report.stored import Stored, some_call

SPLITS = ((), (), ("language",), ("line",), ("hour",), ("place", "day"), ("seat",), ("quarter",), ("week", "month"))


@pytest.fixture
def stored(database) -> Stored:
    return Stored(database)


@pytest.fixture
def refresh(database, database_settings) -> Refresh:
    return Refresh(database, database_settings)


def rows(database) -> list[tuple]:
    with database.read() as session:
        kept = session.execute(select(ROLLUP).order_by(*ROLLUP.primary_key)).all()
        quarters = select(*RollupQuarterRow.__table__.columns).order_by(RollupQuarterRow.quarter)
        return [tuple(row) for row in [*kept, *session.execute(quarters)]]


def summed_up(database) -> list[int]:
    with database.read() as session:
        return days(session)


def marks(database) -> list[int]:
    with database.read() as session:
        return sorted(set(session.scalars(select(RollupMarkRow.quarter))))


def some_question(rng: random.Random) -> Question:
    start = MORNING + rng.randrange(-8, 32) * DAY // 8 + rng.choice((0, 0, 0, 1, QUARTER - 1, Fraction(1, 3)))
    end = start + rng.randrange(0, 40) * DAY // 8 + rng.choice((0, 0, 0, 1, Fraction(1, 2)))
    threshold = rng.choice((15, 15, 15, 20)) * SECOND
    return Question(start, end, threshold, 5 * SECOND, rng.choice(SPLITS))


def comparable(found: Answer) -> list[tuple]:
    return [
        (part.key, part.tally, [(r.figure.variant, r.numerator, r.denominator, r.at) for r in part.results])
        for part in (found.total, *found.groups)
    ]


def assert_exact(stored: Stored, question: Question) -> bool:
    """Whether the roll-ups could answer."""
    with stored.database.read() as session:
        first = first_started(session)
        found = answer.answer(session, question, first)
    if found is None:
        return False
    assert comparable(found) == comparable(kpi(stored.facts, question, first)), question
    return True


def change_something(rng: random.Random, stored: Stored) -> None:
    kind = rng.random()
    if kind < 0.5 or not stored.calls:
        stored.add(*(some_call(rng, days=3, fine=rng.random() < 0.05) for _ in range(rng.choice((1, 1, 2, 30)))))
    elif kind < 0.9:
        name = rng.choice(list(stored.calls))
        call = stored.calls[name]
        other = some_call(rng, days=3)
        late = call._replace(grade=rng.choice((1, 5))) if call.grade else call._replace(topic="婚姻")
        stored.change(
            name, rng.choice((other, other._replace(started=call.started) if not other.queued else late, late))
        )
    else:
        names = sorted(stored.calls)
        stored.remove(*rng.sample(names, min(len(names), rng.choice((1, 1, 40)))))


@pytest.mark.parametrize("seed", range(3))
def test_every_report_is_exact_whatever_changed_and_whatever_is_rolled_up(stored, refresh, database_settings, seed):
    rng = random.Random(seed)
    answered = 0
    for _ in range(12):
        change_something(rng, stored)
        if rng.random() < 0.4:
            refresh.run(within_s=rng.choice((0, 0.02, 0.1, 5)))
        answered += sum(assert_exact(stored, some_question(rng)) for _ in range(5))
    assert answered > 15
    refresh.run()
    assert marks(stored.database) == []
    for _ in range(10):
        assert_exact(stored, some_question(rng))
    incremental = rows(stored.database)
    with stored.database.read() as session:
        assert differences(session, refresh) == []
    rebuild(stored.database, refresh)
    assert rows(stored.database) == incremental


def test_a_call_marks_its_quarter_in_the_same_transaction(stored):
    rng = random.Random(1)
    call = some_call(rng)._replace(started=MORNING + 1)
    with stored.database.begin() as session:
        stored.add_in(session, call)
        assert list(session.scalars(select(RollupMarkRow.quarter))) == [MORNING]
        session.rollback()
    assert marks(stored.database) == []


def test_what_no_figure_looks_at_marks_nothing(stored, refresh):
    stored.add(some_call(random.Random(2)))
    refresh.run()
    with stored.database.begin() as session:
        session.execute(text("UPDATE call SET recording = 'x', state = 'ended'"))
    assert marks(stored.database) == []


def test_a_call_that_moves_marks_both_quarters(stored, refresh):
    call = some_call(random.Random(3))._replace(started=MORNING)
    stored.add(call)
    refresh.run()
    stored.change("c1", call._replace(started=MORNING + HOUR))
    assert marks(stored.database) == [MORNING, MORNING + HOUR]


def test_calls_before_1970_have_quarters_too(stored, refresh):
    call = some_call(random.Random(4))._replace(started=-1)
    stored.add(call)
    assert marks(stored.database) == [-QUARTER]
    refresh.run()
    assert assert_exact(stored, Question(-DAY, DAY, 15 * SECOND, 5 * SECOND, ("day",)))


def test_other_limits_in_the_settings_build_everything_anew(stored, database_settings, refresh):
    stored.add(*(some_call(random.Random(n)) for n in range(40)))
    refresh.run()
    other = Refresh(stored.database, database_settings.model_copy(update={"threshold_s": 30}))
    assert other.take_other_limits() > 0
    assert other.take_other_limits() == 0
    other.run()
    assert assert_exact(stored, Question(MORNING, MORNING + 4 * DAY, 30 * SECOND, 5 * SECOND))


def test_a_rebuild_of_a_part_leaves_the_same_rows(stored, refresh):
    stored.add(*(some_call(random.Random(n)) for n in range(120)))
    refresh.run()
    before = rows(stored.database)
    rebuild(stored.database, refresh, MORNING + DAY, MORNING + 2 * DAY)
    assert rows(stored.database) == before


def test_the_check_names_a_quarter_that_was_tampered_with(stored, refresh):
    stored.add(*(some_call(random.Random(n)) for n in range(60)))
    refresh.run()
    with stored.database.begin() as session:
        quarter = session.scalar(text("SELECT min(quarter) FROM rollup WHERE kind = 'all' AND calls > 0"))
        session.execute(text("UPDATE rollup SET answered = answered + 1 WHERE quarter = :q"), {"q": quarter})
    with stored.database.read() as session:
        assert quarter in [found.quarter for found in differences(session, refresh)]


def test_days_before_that_of_the_last_call_are_summed_up(stored, refresh):
    first = day_of(MORNING)
    three = [first, first + DAY, first + 2 * DAY]
    stored.add(*(some_call(random.Random(n))._replace(started=day + HOUR) for n, day in enumerate(three)))
    refresh.run()
    assert summed_up(stored.database) == three[:2]
    stored.add(some_call(random.Random(7))._replace(started=three[2] + DAY))
    refresh.run()
    assert summed_up(stored.database) == three
    stored.remove("c3", "c4")
    refresh.run()
    assert summed_up(stored.database) == three[:1]
    assert assert_exact(stored, Question(first, first + 3 * DAY, 15 * SECOND, 5 * SECOND, ("seat", "day")))


def test_what_was_rolled_up_before_there_were_days_is_summed_up_at_the_start(stored, refresh):
    stored.add(*(some_call(random.Random(n))._replace(started=MORNING + n * DAY) for n in range(3)))
    refresh.run()
    before = rows(stored.database)
    with stored.database.begin() as session:
        forget_days(session, None)
    assert refresh.sum_up_days() == 2
    assert rows(stored.database) == before


def test_the_check_names_a_day_that_was_tampered_with(stored, refresh):
    stored.add(*(some_call(random.Random(n)) for n in range(60)))
    refresh.run()
    day = summed_up(stored.database)[0]
    with stored.database.begin() as session:
        session.execute(
            text("UPDATE rollup SET rated = rated + 1 WHERE quarter = :day AND kind = 'day-seat'"), {"day": day}
        )
    with stored.database.read() as session:
        assert differences(session, refresh) == [(day, "rated")]


def test_the_triggers_outlive_every_later_migration(database):
    listing = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'call'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = 'call'::regclass AND NOT tgisinternal",
    }
    with database.read() as session:
        found = set(session.scalars(text(listing[database.dialect])))
    assert {f"call_marked_on_{event}" for event in ("insert", "update", "delete")} <= found


def test_writers_of_one_quarter_neither_wait_for_each_other_nor_lose_a_mark(stored, refresh):
    """A builder that works while a writer has not committed must leave the writer's mark."""
    if stored.database.dialect != "postgresql":
        pytest.skip("SQLite has one writer at a time")
    rng = random.Random(9)
    one, other, third = (some_call(rng)._replace(started=MORNING + n, queued=None, answered=None) for n in range(3))
    with stored.database.begin() as first:
        stored.add_in(first, one)
        with stored.database.begin() as second:
            stored.add_in(second, other)
        refresh.run()  # sees the second writer's call only
        assert marks(stored.database) == []
    assert marks(stored.database) == [MORNING]
    assert assert_exact(stored, Question(MORNING - DAY, MORNING + DAY, 15 * SECOND, 5 * SECOND))
    stored.add(third)
    refresh.run()
    assert marks(stored.database) == []
    with stored.database.read() as session:
        assert differences(session, refresh) == []

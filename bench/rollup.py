"""A month's report from roll-ups: `python -m bench.rollup [--calls 1000000]`.

All calls lie in one month and are made by the database itself. CALLCENTER_DATABASE_URL chooses the database (an empty
one); default: SQLite in a temporary folder. Says how long making, rolling up and each report take, what a change of one
call costs, and what the same report takes from the records (`--records`: only where there is patience for it).
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from sqlalchemy import text

from bench.kpi import MONTH, START
from callcenter.board.figures import read_figures
from callcenter.config import Settings
from callcenter.instants import DAY, SECOND
from callcenter.report import repository, service
from callcenter.report.definitions import Tally
from callcenter.report.definitions import kpi as from_records
from callcenter.report.intervals import question
from callcenter.report.rollup.refresh import Refresh
from callcenter.storage.columns import to_micros
from callcenter.storage.database import Database, migrate

ROUNDS = 7
SPLITS = ((), ("language",), ("day",), ("hour",), ("quarter",), ("seat",), ("place",), ("seat", "day"))
BATCH = 500_000

# Random enough and the same every time: a different remainder of multiples of the number for each cell.
MADE = """
INSERT INTO call (id, node, source, line, language, topic, place, law_firm, state, started_at, queued_at, first_ring_at,
 answered_at, ended_at, left_at, wrap_up_ended_at, hold_micros, ended_by, outcome, seat, survey_offered, grade, rings)
SELECT 'h-' || n, '', 'direct', language, language, topic, place, CASE WHEN kind >= 10 THEN firm END, 'ended',
 began, CASE WHEN kind >= 5 THEN queued END, CASE WHEN kind >= 10 THEN queued + 2000000 END,
 CASE WHEN kind >= 10 THEN queued + wait END,
 CASE WHEN kind < 5 THEN queued WHEN kind < 10 THEN queued + wait ELSE queued + wait + talk END,
 CASE WHEN kind < 5 THEN queued WHEN kind < 10 THEN queued + wait ELSE queued + wait + talk END,
 CASE WHEN kind >= 10 THEN queued + wait + talk + 20000000 END, 0, 'caller',
 CASE WHEN kind < 5 THEN 'abandoned_ivr' WHEN kind < 10 THEN 'abandoned_queue' ELSE 'answered' END,
 CASE WHEN kind >= 10 THEN seat END, kind >= 30, CASE WHEN kind >= 60 THEN n % 3 + 1 END, '[]'
FROM (SELECT n, began, began + 5000000 + n * 7907 % 20000 * 1000 AS queued,
 2000000 + n * 6151 % 30000 * 1000 AS wait, 60000000 + n * 104729 % 600000 * 1000 AS talk,
 n * 7919 % 101 * 100 / 101 AS kind, CASE n * 31 % 6 WHEN 4 THEN 'bo' WHEN 5 THEN 'mn' ELSE 'zh' END AS language,
 CASE n * 37 % 5 WHEN 0 THEN 'labour' WHEN 1 THEN 'marriage' WHEN 2 THEN 'debt' WHEN 3 THEN 'housing' END AS topic,
 CAST(513200 + n * 43 % 40 AS VARCHAR(10)) AS place, 'firm ' || (n * 41 % 12) AS firm,
 CAST(1001 + n * 47 % 40 AS VARCHAR(10)) AS seat
 FROM (SELECT n, :start + n * :step + n * 7919 % (:step * 50) AS began FROM {series}) AS a) AS b
"""
SERIES = {
    "postgresql": "generate_series(CAST(:low AS bigint), :high) AS n",
    "sqlite": "(WITH RECURSIVE s(n) AS (SELECT :low UNION ALL SELECT n + 1 FROM s WHERE n < :high) SELECT n FROM s)",
}


def make(database: Database, calls: int) -> None:
    """Spread over the month, neighbours shuffled."""
    step = to_micros(START + MONTH) - to_micros(START)
    statement = text(MADE.format(series=SERIES[database.dialect]))
    for low in range(0, calls, BATCH):
        limits = {"low": low, "high": min(low + BATCH, calls) - 1}
        with database.begin() as session:
            session.execute(statement, limits | {"start": to_micros(START), "step": step // calls})
    with database.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").exec_driver_sql("ANALYZE")


def report(database: Database, by: tuple[str, ...]) -> dict[str, object]:
    with database.read() as session:
        return service.kpi(session, START.isoformat(), (START + MONTH).isoformat(), by=by)


def timed(what: str, work: Callable[[], object], rounds: int = 1) -> float:
    """The processor time is this process's own: all of it with SQLite, without the server's with PostgreSQL."""
    took, worked = [], []
    for _ in range(rounds):
        begun, began = time.perf_counter(), time.process_time()
        work()
        took.append(time.perf_counter() - begun)
        worked.append(time.process_time() - began)
    middle = statistics.median(took)
    print(
        f"{what}: {middle:.3f} s, {statistics.median(worked):.3f} s of processor time"
        + (f" (median of {rounds}, {min(took):.3f}-{max(took):.3f})" * (rounds > 1)),
        flush=True,
    )
    return middle


def change_one(database: Database, refresh: Refresh) -> None:
    with database.begin() as session:
        session.execute(text("UPDATE call SET grade = CASE grade WHEN 5 THEN 4 ELSE 5 END WHERE id = 'h-4711'"))
    refresh.run()


def board(database: Database, settings: Settings) -> None:
    with database.read() as session:
        read_figures(session, settings, START + MONTH - timedelta(minutes=7))


def two_days(database: Database) -> None:
    """What the board would have to do without sums: every call of the last 48 hours."""
    tally, end = Tally(15 * SECOND, 5 * SECOND), to_micros(START + MONTH)
    with database.read() as session:
        for call in repository.facts(session, end - 2 * DAY, end):
            tally.add(call)


def compare(database: Database) -> None:
    asked = question(START.isoformat(), (START + MONTH).isoformat(), threshold="15", short="5")
    with database.read() as session:
        begun = time.perf_counter()
        facts = repository.facts(session, asked.start - DAY, asked.end)
        exact = from_records(facts, asked, repository.first_started(session))
        took = time.perf_counter() - begun
        rolled = service.answered(session, asked)
    pairs = [(r.numerator, r.denominator, r.at) for r in exact.total.results]
    same = pairs == [(r.numerator, r.denominator, r.at) for r in rolled.total.results]
    print(f"the same from the records: {took:.1f} s; {'every figure equal' if same else 'DIFFERENT'}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=200_000)
    parser.add_argument("--records", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        database = Database(settings)
        migrate(database)
        refresh = Refresh(database, settings)
        timed(f"{database.dialect}: {asked.calls:,} calls made", lambda: make(database, asked.calls))
        timed("rolled up", refresh.run)
        for by in SPLITS:
            timed(f"month's report by {','.join(by) or 'nothing'}", lambda by=by: report(database, by), ROUNDS)
        figures = timed("the wallboard's figures", lambda: board(database, settings), ROUNDS)
        folded = timed("the calls of 48 hours folded, as without sums", lambda: two_days(database))
        print(f"that is {folded / figures:.0f} times as long")
        timed("one grade given late, rolled up again", lambda: change_one(database, refresh), ROUNDS)
        if asked.records:
            compare(database)
        database.close()


if __name__ == "__main__":
    main()

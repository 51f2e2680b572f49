"""Time and memory of an import and a month's report: `python -m bench.kpi [--calls 1000000]`.

Calls come at random over a month, with the mix of a provincial hotline; the seed is fixed. CALLCENTER_DATABASE_URL
chooses the database (an empty one); default: SQLite in a temporary folder.
"""

import argparse
import csv
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from callcenter import secrets
from callcenter.call.history import COLUMNS, import_history
from callcenter.config import Settings
from callcenter.report import service
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault

START = datetime(2026, 1, 1, tzinfo=UTC) - timedelta(hours=8)
MONTH = timedelta(days=31)
LANGUAGES = ("zh", "zh", "zh", "zh", "bo", "mn")
TOPICS = ("labour", "marriage", "debt", "traffic", "housing", "")


def generated(calls: int, seed: int = 12348) -> Iterator[list[str]]:
    rng = random.Random(seed)
    starts = sorted(rng.randrange(int(MONTH / timedelta(milliseconds=1))) for _ in range(calls))
    for number, start in enumerate(starts):
        yield _row(rng, number, START + timedelta(milliseconds=start))


def _row(rng: random.Random, number: int, started: datetime) -> list[str]:
    row = dict.fromkeys(COLUMNS, "")
    language = rng.choice(LANGUAGES)
    row |= {
        "call_id": f"h-{number:09d}", "caller": f"138{rng.randrange(10**8):08d}", "source": "direct",
        "line": language, "language": language, "topic": rng.choice(TOPICS), "started_at": _iso(started),
        "ended_by": "caller", "survey_offered": "0", "place": f"{rng.randrange(513200, 513240)}",
    }  # fmt: skip
    chance = rng.random()
    if chance < 0.05:
        return list((row | {"outcome": "abandoned_ivr", "ended_at": _iso(started + _seconds(rng, 20))}).values())
    queued = started + _seconds(rng, 25)
    row["queued_at"] = _iso(queued)
    if chance < 0.10:
        return list((row | {"outcome": "abandoned_queue", "ended_at": _iso(queued + _seconds(rng, 90))}).values())
    ring = queued + _seconds(rng, 12)
    answered = ring + _seconds(rng, 8)
    ended = answered + timedelta(seconds=60) + _seconds(rng, 600)
    row |= {
        "first_ring_at": _iso(ring), "answered_at": _iso(answered), "ended_at": _iso(ended), "outcome": "answered",
        "wrap_up_ended_at": _iso(ended + _seconds(rng, 60)), "hold_seconds": str(rng.randrange(0, 30)),
        "seat": str(1001 + rng.randrange(40)), "law_firm": f"firm {rng.randrange(12)}",
    }  # fmt: skip
    if chance < 0.90:
        row["survey_offered"] = "1"
        row["grade"] = rng.choice(("", "", "1", "1", "1", "2", "3", "5"))
    return list(row.values())


def _seconds(rng: random.Random, most: int) -> timedelta:
    return timedelta(milliseconds=rng.randrange(most * 1000))


def _iso(moment: datetime) -> str:
    return (moment + timedelta(hours=8)).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+08:00"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=1_000_000)
    calls = parser.parse_args().calls
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        file = Path(folder) / "history.csv"
        with file.open("w", newline="", encoding="utf-8") as target:
            writer = csv.writer(target, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(generated(calls))
        database = Database(settings)
        migrate(database)
        vault = NumberVault(secrets.ensure(settings.home))
        with _timed(f"import of {calls:,} calls, {file.stat().st_size >> 20} MiB"), file.open("rb") as source:
            import_history(database, vault, source)
        start, end = START.isoformat(), (START + MONTH).isoformat()
        for by in ((), ("language",), ("hour",)):
            with _timed(f"month's report by {','.join(by) or 'nothing'}"), database.read() as session:
                service.kpi(session, start, end, by=by)
        with _timed("wallboard's 24 h of quarters"), database.read() as session:
            service.quarters(session, START + MONTH)
        database.close()


class _timed:  # noqa: N801 - reads as a verb
    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *_error: object) -> None:
        took = time.perf_counter() - self._begun
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"{self._what}: {took:.2f} s, peak memory so far {peak} MiB")


if __name__ == "__main__":
    main()

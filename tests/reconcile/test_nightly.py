"""Each day's comparison is asked for when its hour has come, and its result is kept once."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from redis import Redis

from callcenter.config import Settings
from callcenter.reconcile.jobs import Nightly, keep
from callcenter.reconcile.model import Report
from callcenter.reconcile.table import ReconciliationRow
from callcenter.storage.database import Database
from callcenter.worker import queues
from tests.reconcile.given import DAY, HandClock, RecordedDay
from tests.worker.conftest import RedisServer

BEFORE = datetime(2026, 11, 22, 19, 29, tzinfo=UTC)
"""03:29 in China, on the 23rd."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("r"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def redis(server: RedisServer) -> Redis:
    server.client.flushall()
    return server.client


@pytest.fixture
def nightly(database_settings: Settings, database: Database, redis: Redis) -> Nightly:
    return Nightly(database_settings, database, redis, HandClock(BEFORE))


def look(nightly: Nightly, at: datetime) -> list[date]:
    clock = nightly._clock
    assert isinstance(clock, HandClock)
    clock.at = at
    return nightly.look()


def stored(database: Database, day: date) -> None:
    keep(database, Report(day=day, node="a", at=BEFORE))


def test_yesterday_is_asked_for_once_its_hour_has_come(nightly: Nightly, database: Database, redis: Redis) -> None:
    stored(database, DAY - timedelta(days=1))
    assert look(nightly, BEFORE) == []
    assert look(nightly, BEFORE + timedelta(minutes=2)) == [DAY]
    (job,) = queues.queue(redis, queues.REPORT).jobs
    assert job.args in ((DAY.isoformat(),), [DAY.isoformat()])
    assert look(nightly, BEFORE + timedelta(minutes=4)) == []
    stored(database, DAY)
    assert look(nightly, BEFORE + timedelta(hours=2)) == []


def test_a_job_that_left_no_result_is_asked_for_again(nightly: Nightly, database: Database) -> None:
    stored(database, DAY - timedelta(days=1))
    assert look(nightly, BEFORE + timedelta(minutes=2)) == [DAY]
    assert look(nightly, BEFORE + timedelta(minutes=20)) == [DAY]


def test_nights_that_the_worker_missed_are_made_up_for(nightly: Nightly, database: Database) -> None:
    stored(database, DAY - timedelta(days=3))
    assert look(nightly, BEFORE + timedelta(minutes=2)) == [DAY - timedelta(days=back) for back in range(3)]


def test_a_new_system_has_no_nights_to_make_up_for(nightly: Nightly) -> None:
    assert look(nightly, BEFORE + timedelta(minutes=2)) == [DAY]


def test_without_redis_the_day_stays_due(nightly: Nightly, server: RedisServer) -> None:
    server.stop()
    assert look(nightly, BEFORE + timedelta(minutes=2)) == []
    server.start()
    assert look(nightly, BEFORE + timedelta(minutes=4)) == [DAY]


def test_the_newer_result_takes_the_place_of_the_older_one(day: RecordedDay) -> None:
    day.drop_lines(day.queue_log, "|")
    keep(day.database, day.compare())
    keep(day.database, day.compare())
    with day.database.read() as session:
        (row,) = session.query(ReconciliationRow).all()
    assert (row.day, row.unexplained, row.explained) == (DAY, 10, 0)
    assert row.report["summary"] == [{"kind": "no-queue-log", "explained": 0, "unexplained": 10}]

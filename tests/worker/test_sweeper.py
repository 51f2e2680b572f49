from datetime import UTC, datetime, timedelta

import pytest
from redis import Redis

from callcenter.config import Settings
from callcenter.recording.service import RecordingService
from callcenter.storage.database import Database
from callcenter.worker.sweeper import LEFTOVERS_EVERY, LOCK, SELDOM, YOUNG, Sweeper
from tests.recording.conftest import HandClock
from tests.recording.given import due_row, parts, tone, write
from tests.worker.conftest import RedisServer


class Bench:
    def __init__(self, settings: Settings, database: Database, redis: Redis) -> None:
        self.clock = HandClock()
        self.clock.time = datetime.now(UTC)
        self.reminded: list[str] = []
        self.service = RecordingService(settings, database, self.clock)
        self.database, self.redis, self.settings = database, redis, settings

    def sweeper(self) -> Sweeper:
        return Sweeper(self.database, self.redis, self.service, self.clock, remind=self._remind)

    def _remind(self, _redis: Redis, call: str) -> bool:
        self.reminded.append(call)
        return True


@pytest.fixture
def bench(settings: Settings, database: Database, redis_server: RedisServer) -> Bench:
    return Bench(settings, database, redis_server.client)


def test_a_row_gets_a_few_seconds_for_the_engines_own_reminder(bench: Bench) -> None:
    due_row(bench.database, bench.clock.now(), "a-1.1", "one")
    sweeper = bench.sweeper()
    assert sweeper.sweep() == 0
    bench.clock.go_on(timedelta(seconds=6))
    assert sweeper.sweep() == 1
    assert bench.reminded == ["a-1.1"]


def test_what_stays_due_for_long_is_tried_seldom_but_for_ever(bench: Bench) -> None:
    due_row(bench.database, bench.clock.now() - YOUNG, "a-1.1", "one")
    sweeper = bench.sweeper()
    assert [sweeper.sweep(), sweeper.sweep()] == [1, 0]
    bench.clock.go_on(SELDOM)
    assert sweeper.sweep() == 1


def test_only_one_sweeps(bench: Bench) -> None:
    due_row(bench.database, bench.clock.now() - timedelta(minutes=1), "a-1.1", "one")
    first, second = bench.sweeper(), bench.sweeper()
    assert [first.sweep(), second.sweep(), first.sweep()] == [1, 0, 1]
    bench.redis.delete(LOCK)  # its holder died and the lock ran out
    assert [second.sweep(), first.sweep()] == [1, 0]


def test_parts_left_by_a_worker_killed_after_the_commit_are_removed(bench: Bench) -> None:
    due_row(bench.database, bench.clock.now(), "a-1.1", "one")
    both = parts(bench.settings.recordings_dir, "one")
    for part in both:
        write(part, tone(0.2))
    bench.service.seal("a-1.1")
    write(both[1], tone(0.2))
    sweeper = bench.sweeper()
    sweeper.sweep()
    assert not both[1].exists()

    write(both[0], tone(0.2))
    (bench.settings.recordings_dir / "one.wav").write_bytes(b"damaged")
    bench.clock.go_on(LEFTOVERS_EVERY)
    sweeper.sweep()
    assert both[0].exists(), "the only good copy was removed"

"""The worker process as it is run, with a real Redis that comes and goes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.config import CHECKOUT, Settings
from callcenter.recording import jobs
from callcenter.recording.table import RecordingRow
from callcenter.storage.database import Database
from callcenter.worker.alive import worker_alive
from callcenter.worker.sweeper import LOCK
from tests.given import until
from tests.recording.given import due_row, parts, row, tone, write
from tests.worker.conftest import RedisServer

pytestmark = pytest.mark.slow

RUN = "from callcenter.config import Settings; from callcenter.worker.run import run; run(Settings())"


def start(settings: Settings) -> subprocess.Popen[bytes]:
    environment = os.environ | {"CALLCENTER_HOME": str(settings.home), "CALLCENTER_REDIS_URL": settings.redis_url}
    return subprocess.Popen([sys.executable, "-c", RUN], cwd=CHECKOUT, env=environment)


@pytest.fixture
def worker(settings: Settings, database: Database, redis_server: RedisServer) -> Iterator[subprocess.Popen[bytes]]:
    process = start(settings)
    until(lambda: worker_alive(redis_server.client), within=30, saying="the worker does not show itself")
    yield process
    process.kill()
    process.wait(10)


def talk(settings: Settings, database: Database, call: str, age: timedelta = timedelta()) -> None:
    for part in parts(settings.recordings_dir, call):
        write(part, tone(0.5))
    due_row(database, datetime.now(UTC) - age, call, call)


def sealed(database: Database, call: str) -> RecordingRow | None:
    found = row(database, call)
    return found if found.state == "sealed" else None


def test_a_reminder_is_acted_on_at_once(
    settings: Settings, database: Database, redis_server: RedisServer, worker: subprocess.Popen[bytes]
) -> None:
    talk(settings, database, "a-1.1")
    assert jobs.remind(redis_server.client, "a-1.1")
    assert until(lambda: sealed(database, "a-1.1"), within=4).seconds == 0.5


def test_what_nobody_was_reminded_of_is_found_after_redis_was_emptied(
    settings: Settings, database: Database, redis_server: RedisServer, worker: subprocess.Popen[bytes]
) -> None:
    talk(settings, database, "a-1.2")
    jobs.queues.queue(redis_server.client, "urgent").empty()
    redis_server.client.flushall()
    until(lambda: sealed(database, "a-1.2"), within=30)
    until(lambda: worker_alive(redis_server.client), within=30, saying="invisible after Redis was emptied")


def test_redis_may_go_and_come_back(
    settings: Settings, database: Database, redis_server: RedisServer, worker: subprocess.Popen[bytes]
) -> None:
    redis_server.stop()
    assert jobs.remind(redis_server.client, "a-1.3") is False
    talk(settings, database, "a-1.3")
    redis_server.start()
    until(lambda: sealed(database, "a-1.3"), within=40)


def test_a_killed_worker_leaves_its_work_to_the_next(
    settings: Settings, database: Database, redis_server: RedisServer, worker: subprocess.Popen[bytes]
) -> None:
    worker.kill()
    worker.wait(10)
    talk(settings, database, "a-1.4", age=timedelta(minutes=1))
    second = start(settings)
    try:
        until(lambda: sealed(database, "a-1.4"), within=60)
    finally:
        second.kill()
        second.wait(10)


def test_of_two_workers_one_sweeps_and_the_other_takes_over_when_it_is_killed(
    settings: Settings, database: Database, redis_server: RedisServer, worker: subprocess.Popen[bytes]
) -> None:
    """Two workers that both make reminders from the rows would fill the queue with twice as many."""
    second = start(settings)
    try:
        first_holds = until(lambda: redis_server.client.get(LOCK), within=30, saying="nobody sweeps")
        talk(settings, database, "a-1.5", age=timedelta(minutes=1))
        until(lambda: sealed(database, "a-1.5"), within=60)
        assert redis_server.client.get(LOCK) == first_holds, "the sweepers took turns"
        both = {first_holds}
        redis_server.client.flushall()  # the lock is gone, too: whoever comes first has it, alone
        both.add(until(lambda: redis_server.client.get(LOCK), within=30, saying="nobody sweeps after the flush"))
        worker.kill()
        worker.wait(10)
        talk(settings, database, "a-1.6", age=timedelta(minutes=1))
        until(lambda: sealed(database, "a-1.6"), within=90, saying="the other one does not take over")
        both.add(until(lambda: redis_server.client.get(LOCK), within=60))
        assert len(both) <= 2
    finally:
        second.kill()
        second.wait(10)


def test_a_job_that_is_run_twice_acts_once(
    settings: Settings, database: Database, redis_server: RedisServer, worker: subprocess.Popen[bytes]
) -> None:
    talk(settings, database, "a-1.7")
    for _ in range(5):
        assert jobs.remind(redis_server.client, "a-1.7")
    found = until(lambda: sealed(database, "a-1.7"), within=30)
    until(lambda: jobs.queues.queue(redis_server.client, "urgent").count == 0, within=30)
    again = row(database, "a-1.7")
    assert (again.sha256, again.state) == (found.sha256, "sealed")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_when_asked_and_takes_its_sweeper_along(worker: subprocess.Popen[bytes], sign: int) -> None:
    children = until(lambda: _children(worker.pid))
    worker.send_signal(sign)
    assert worker.wait(15) == 0
    until(lambda: not any(_runs(child) for child in children), within=15, saying="the sweeper is left behind")


def test_the_sweeper_of_a_killed_worker_ends_by_itself(worker: subprocess.Popen[bytes]) -> None:
    children = until(lambda: _children(worker.pid))
    worker.kill()
    worker.wait(10)
    until(lambda: not any(_runs(child) for child in children), within=15, saying="the sweeper is left behind")


def test_what_a_busy_worker_keeps_beside_itself_does_not_hide_it(
    redis_server: RedisServer, worker: subprocess.Popen[bytes]
) -> None:
    redis_server.client.sadd("rq:worker:somebody:executions", "a job that runs")
    assert worker_alive(redis_server.client) is True


def test_nobody_is_alive_before_a_worker_was_started(redis_server: RedisServer) -> None:
    assert worker_alive(redis_server.client) is False


def _children(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:
        return [int(word) for word in file.read().split()]


def _runs(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False

"""The worker's part, with a real Redis and processes that are killed."""

import os
import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from redis import Redis
from rq import SimpleWorker
from rq.serializers import JSONSerializer

from callcenter import secrets
from callcenter.config import Settings
from callcenter.message.jobs import MessageChore, remind
from callcenter.message.sending import DEAD_AFTER
from callcenter.worker import queues
from tests.given import until
from tests.message.gateways import SECRET, Heard
from tests.message.given import CARRIER, Office, write_rules
from tests.site import HandClock

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]


@pytest.fixture
def as_worker(
    database_settings: Settings, carrier_server: Heard, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> dict[str, str]:
    """The environment of a worker whose site has a carrier's gateway."""
    flows = tmp_path / "flows"
    http = {"url": f"{carrier_server.address}/send", **CARRIER}
    write_rules(flows, yaml.safe_dump({"gateway": "http", "hours": "00:00-24:00", "http": http}))
    secrets.ensure(database_settings.home)
    with (database_settings.home / secrets.FILE).open("a") as file:
        file.write(f'message_secret = "{SECRET}"\n')
    own = {
        "CALLCENTER_HOME": str(database_settings.home),
        "CALLCENTER_REDIS_URL": redis_url,
        "CALLCENTER_FLOWS_DIR": str(flows),
    }
    for name, value in own.items():
        monkeypatch.setenv(name, value)
    return os.environ | own


def work(redis: Redis) -> None:
    queue = queues.queue(redis, queues.MESSAGE)
    SimpleWorker([queue], connection=redis, serializer=JSONSerializer).work(burst=True)


def test_what_redis_has_lost_is_reminded_of_again_and_sent_once(
    as_worker: dict[str, str], office: Office, redis: Redis, carrier_server: Heard, clock: HandClock
) -> None:
    clock.at = clock.at.now(clock.at.tzinfo)  # the job has the real clock
    id_ = office.asks()
    chore = MessageChore(office.database, redis, clock)
    assert (chore.look(), chore.look()) == (1, 0), "reminded of twice within seconds"
    redis.flushall()
    work(redis)
    assert carrier_server.taken == []
    clock.forward(seconds=31)
    assert chore.look() == 1
    work(redis)
    assert (office.state(id_)[0], len(carrier_server.taken)) == ("sent", 1)
    remind(redis, id_)
    work(redis)
    assert (chore.look(), len(carrier_server.taken)) == (0, 1)


def test_a_worker_killed_in_the_middle_leaves_it_to_a_person_and_nothing_is_sent_twice(
    as_worker: dict[str, str], office: Office, redis: Redis, carrier_server: Heard, clock: HandClock
) -> None:
    clock.at = clock.at.now(clock.at.tzinfo)
    id_ = office.asks()
    carrier_server.hold.clear()
    job = f"from callcenter.message.jobs import send; send({id_!r})"
    worker = subprocess.Popen([sys.executable, "-c", job], env=as_worker)
    until(lambda: office.state(id_)[0] == "sending", within=60, saying="not claimed")
    until(lambda: carrier_server.held, within=30, saying="nothing arrives at the gateway")
    worker.send_signal(signal.SIGKILL)
    worker.wait(10)
    carrier_server.hold.set()
    chore = MessageChore(office.database, redis, clock)
    chore.look()
    assert office.state(id_)[0] == "sending"
    clock.at = clock.at.now(clock.at.tzinfo) + DEAD_AFTER + timedelta(seconds=1)
    chore.look()
    assert office.state(id_) == ("unknown", "the worker died")
    for _ in range(3):
        clock.forward(hours=1)
        chore.look()
        work(redis)
    assert office.state(id_)[0] == "unknown"
    assert len(carrier_server.taken) <= 1

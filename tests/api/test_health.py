import os
import re
import shutil
import socket
import time
from pathlib import Path

import httpx
import pytest
from redis import Redis

from callcenter.api import health
from callcenter.api.deps import Api
from callcenter.storage.database import Database
from callcenter.worker.run import Worker
from tests.api.served import Pen, serving
from tests.site import Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""What is told here does not depend on the kind of database."""


def parts(site: Site) -> tuple[int, dict[str, str], str]:
    answer = site.client().get("/api/health")
    body = answer.json()
    assert body["status"] == ("ok" if answer.status_code == 200 else "fail")
    return answer.status_code, {name: part["status"] for name, part in body["parts"].items()}, body["message"]


@pytest.fixture
def pen(site: Site, redis: Redis) -> Pen:
    pen = Pen(site.api, redis)
    pen.beats()
    return pen


def test_all_well_is_200(site: Site, pen: Pen, redis: Redis) -> None:
    redis.hset(f"{Worker.redis_worker_namespace_prefix}w", mapping={"last_heartbeat": "2999-01-01T00:00:00.000000Z"})
    every = ("database", "redis", "engine", "asterisk", "recordings", "worker")
    assert parts(site) == (200, dict.fromkeys(every, "ok"), "")


def test_without_a_worker_calls_are_taken_and_it_says_so(site: Site, pen: Pen) -> None:
    status, found, _ = parts(site)
    assert (status, found["worker"]) == (200, "warn")


def test_a_silent_engine_is_named(site: Site) -> None:
    status, found, message = parts(site)
    assert (status, found["engine"], found["asterisk"]) == (503, "fail", "fail")
    assert "the engine is silent" in message


def touched(site: Site, seconds_ago: float) -> None:
    """The engine's file, as it leaves it."""
    file = site.api.settings.engine_beat
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("1")
    at = time.time() - seconds_ago
    os.utime(file, (at, at))


def test_an_engine_that_stands_still_is_named_before_redis_forgets_its_last_word(site: Site, pen: Pen) -> None:
    touched(site, 60)
    before = time.time()
    status, found, message = parts(site)
    told = re.search(r"stood still for (\d+) s", message)
    assert (status, found["engine"]) == (503, "fail")
    assert told is not None, message
    assert 60 <= int(told[1]) <= 61 + time.time() - before, "the clock goes on while it is asked"


def test_an_engine_whose_word_redis_does_not_carry_is_not_called_silent(site: Site) -> None:
    touched(site, 0)
    assert parts(site)[1]["engine"] == "warn"


def test_an_engine_without_asterisk_is_told_apart(site: Site, pen: Pen) -> None:
    pen.beats(asterisk=False, problem="Asterisk refuses the login")
    status, found, message = parts(site)
    assert (status, found["engine"], found["asterisk"]) == (503, "ok", "fail")
    assert message == "asterisk: Asterisk refuses the login"


def test_an_engine_that_cannot_write_its_records_is_a_warning(site: Site, pen: Pen) -> None:
    pen.beats(problem="the database is away; 3 steps wait in the journal")
    status, found, _ = parts(site)
    assert (status, found["engine"], found["asterisk"]) == (200, "warn", "ok")


def test_a_full_disk_is_named(site: Site, pen: Pen, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage("/")._replace(free=1024**2)
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _: usage)
    status, found, message = parts(site)
    assert (status, found["recordings"]) == (503, "fail")
    assert "make room" in message


def test_redis_that_is_gone_is_named_and_nobody_waits_long(site: Site) -> None:
    away = site.api.settings.model_copy(update={"redis_url": "unix:///nowhere/redis.sock"})
    object.__setattr__(site.api, "settings", away)
    touched(site, 0)
    status, found, message = parts(site)
    assert (status, found["redis"], found["database"]) == (503, "fail", "ok")
    assert "asterisk: not known while Redis is away" in message
    assert "silent" not in message


def test_redis_that_hangs_does_not_make_the_answer_hang(site: Site, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind(str(tmp_path / "redis.sock"))
        silent.listen()
        hangs = site.api.settings.model_copy(update={"redis_url": f"unix://{tmp_path}/redis.sock"})
        object.__setattr__(site.api, "settings", hangs)
        began = time.monotonic()
        status, found, message = parts(site)
        assert time.monotonic() - began < 3 * health.REDIS_PATIENCE_S, "it waited more than once"
    assert (status, found["redis"], found["worker"]) == (503, "fail", "warn")
    assert "Redis does not answer" in message
    assert "asterisk: not known while Redis is away" in message


def test_a_database_that_is_gone_is_named_without_its_password(site: Site, tmp_path: Path) -> None:
    url = f"postgresql://callcenter:very-secret@/none?host={tmp_path}"
    away = Database(site.api.settings.model_copy(update={"database_url": url}))
    object.__setattr__(site.api, "database", away)
    status, found, message = parts(site)
    assert (status, found["database"]) == (503, "fail")
    assert "very-secret" not in message
    assert os.sep in message


def test_without_its_database_the_api_still_says_what_is_wrong(api: Api, tmp_path: Path) -> None:
    url = f"postgresql://callcenter@/none?host={tmp_path}"
    away = Database(api.settings.model_copy(update={"database_url": url}))
    alone = Api(settings=api.settings, secrets=api.secrets, database=away, redis=api.redis, clock=api.clock)
    with serving(alone) as served:
        answer = httpx.get(f"{served.url}/api/health")
        assert (answer.status_code, answer.json()["parts"]["database"]["status"]) == (503, "fail")
        refused = httpx.post(f"{served.url}/api/sign-in", json={"username": "1001", "password": "x"})
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")

"""What must run: database, Redis, engine, api, worker, and a TURN server where one was asked for."""

import http.client
import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from callcenter.bus import heartbeat, names
from callcenter.config import Settings
from callcenter.doctor.home import START
from callcenter.doctor.model import Result, fail, ok, warn
from callcenter.errors import CallCenterError, Unavailable
from callcenter.storage.database import MIGRATIONS, Database
from callcenter.worker.alive import worker_alive

PATIENCE_S = 3.0


def database(settings: Settings) -> Iterator[Result]:
    url = make_url(settings.database)
    shown = url.render_as_string(hide_password=True)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        yield fail("database", f"{url.database} is not there yet", START)
        return
    opened = Database(settings)
    try:
        opened.check()
        with opened.engine.connect() as connection:
            current = MigrationContext.configure(connection).get_current_revision()
    except (CallCenterError, SQLAlchemyError) as error:
        yield fail("database", str(error).splitlines()[0], "start the database, or correct CALLCENTER_DATABASE_URL")
        return
    finally:
        opened.close()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    head = ScriptDirectory.from_config(config).get_current_head()
    if current != head:
        yield fail("database", f"{shown}: its tables are of release step {current}, needed is {head}", START)
        return
    yield ok("database", f"{shown}, step {head}")


def redis(settings: Settings) -> Iterator[Result]:
    try:
        _ask(settings, lambda client: client.ping())
    except Unavailable as error:
        yield fail("redis", error.message, START)
        return
    try:
        found: Any = _ask(settings, lambda client: client.config_get("appendonly", "maxmemory-policy"))
    except Unavailable:
        yield ok("redis", "answers; its settings may not be read")
        return
    if found.get("maxmemory-policy") != "noeviction":
        message = f"maxmemory-policy is {found.get('maxmemory-policy')}: Redis may throw commands away"
        yield warn("redis", message, "set maxmemory-policy noeviction")
    elif found.get("appendonly") != "yes":
        yield warn("redis", "keeps nothing over its own restart", "set appendonly yes")
    else:
        yield ok("redis", "appendonly, noeviction")


def engine(settings: Settings) -> Iterator[Result]:
    try:
        beat = heartbeat.read(_ask(settings, lambda client: client.get(names.HEARTBEAT.format(node=settings.node))))
    except Unavailable:
        yield fail("engine", "not known while Redis is away", "mend Redis first")
        return
    if beat is None:
        yield fail("engine", "it is silent; Asterisk alone serves the callers, without new records", START)
    elif not beat.asterisk:
        message = beat.problem or "it has no link to Asterisk"
        yield fail("engine", message, "see the lines about Asterisk; the engine comes back by itself")
    elif beat.problem:
        yield warn("engine", beat.problem, f"see {settings.log_dir}")
    else:
        yield ok("engine", f"last sign of life {beat.at}")


def api(settings: Settings) -> Iterator[Result]:
    host = "127.0.0.1" if settings.http_host == "0.0.0.0" else settings.http_host  # noqa: S104 - compared only
    where = f"http://{host}:{settings.http_port}"
    connection = http.client.HTTPConnection(host, settings.http_port, timeout=PATIENCE_S * 2)
    try:
        connection.request("GET", "/api/health")
        answer = connection.getresponse()
        health = json.loads(answer.read(100_000))
        message = str(health["message"])
    except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException) as error:
        yield fail("api", f"{where} does not answer as it should: {error}", START)
        return
    finally:
        connection.close()
    if answer.status == http.client.OK:
        yield ok("api", where)
    else:
        yield fail("api", f"{where} says: {message}", "see the lines of those parts")


def worker(settings: Settings) -> Iterator[Result]:
    try:
        alive = _ask(settings, worker_alive)
    except Unavailable:
        yield warn("worker", "not known while Redis is away", "mend Redis first")
        return
    yield ok("worker") if alive else warn("worker", "none runs; recordings wait to be finished", START)


def turn(settings: Settings) -> Iterator[Result]:
    """Only where one was asked for."""
    if not settings.turn_port:
        return
    where = f"{settings.http_host}:{settings.turn_port}"
    try:
        socket.create_connection((settings.http_host, settings.turn_port), timeout=PATIENCE_S).close()
    except OSError as error:
        yield fail("turn", f"{where} does not answer: {error}", START)
        return
    yield ok("turn", where)


def _ask(settings: Settings, question: Callable[[Redis], Any]) -> Any:
    """Raises Unavailable when Redis does not answer, or its address is none."""
    try:
        with Redis.from_url(settings.redis, socket_timeout=PATIENCE_S, socket_connect_timeout=PATIENCE_S) as client:
            return question(client)
    except (RedisError, OSError, ValueError) as error:
        raise Unavailable(f"Redis does not answer: {error}") from error

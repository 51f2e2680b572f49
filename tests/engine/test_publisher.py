"""Every event reaches the stream once and in order, whatever Redis and the database go through."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis
from sqlalchemy.exc import OperationalError

from callcenter.bus import names
from callcenter.bus.envelope import Envelope
from callcenter.engine.journal import Journal
from callcenter.engine.publisher import Publisher
from callcenter.storage.database import Database
from tests.engine.conftest import NODE, Written
from tests.engine.test_journal import steps
from tests.given import until
from tests.worker.conftest import RedisServer


@pytest.fixture
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisServer]:
    server = RedisServer(tmp_path_factory.mktemp("r"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def told(journal: Journal, written: Written) -> list[Envelope]:
    """Ten events, on record."""
    journal.start()
    for step in steps(1, 10):
        journal.put(step)
    journal.stop()
    return written.envelopes


def published(server: RedisServer) -> list[bytes]:
    entries: Any = server.client.xrange(names.EVENTS)
    return [entry for entry, _ in entries]


def while_publishing(
    server: RedisServer, database: Database, act: Callable[[Publisher], Awaitable[None]], last: int = 0
) -> None:
    async def run() -> None:
        redis = Redis.from_url(server.url)
        publisher = Publisher(redis, database, NODE, published=last)
        task = asyncio.create_task(publisher.run())
        await act(publisher)
        assert not task.done(), f"the publisher ended: {task.exception()}"
        task.cancel()
        await redis.aclose()

    asyncio.run(run())


async def seen(what: Callable[[], bool]) -> None:
    await asyncio.to_thread(until, what)


ALL = [f"{seq}-0".encode() for seq in range(1, 11)]


def test_a_redis_that_refuses_to_write_is_waited_for(
    redis_server: RedisServer, database: Database, told: list[Envelope]
) -> None:
    redis_server.client.xadd(names.EVENTS, {"e": "{}"}, id="0-1")
    redis_server.client.config_set("maxmemory", 1)

    async def act(publisher: Publisher) -> None:
        publisher.offer(told)
        await seen(lambda: publisher.away)
        await asyncio.to_thread(redis_server.client.config_set, "maxmemory", 0)
        await seen(lambda: published(redis_server)[1:] == ALL)

    while_publishing(redis_server, database, act)


def test_a_database_that_is_away_too_is_waited_for(
    redis_server: RedisServer, database: Database, told: list[Envelope], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, away = Publisher._read_missed, True

    def read(publisher: Publisher) -> list[Envelope]:
        if away:
            raise OperationalError("SELECT", None, Exception("the database is away"))
        return real(publisher)

    monkeypatch.setattr(Publisher, "_read_missed", read)

    async def act(publisher: Publisher) -> None:
        nonlocal away
        publisher.offer(told)
        await seen(lambda: publisher.away)
        away = False
        await seen(lambda: published(redis_server) == ALL)

    while_publishing(redis_server, database, act)


def test_what_the_stream_has_already_is_not_published_again(
    redis_server: RedisServer, database: Database, told: list[Envelope], tmp_path: Path
) -> None:
    async def act(publisher: Publisher) -> None:
        publisher.offer(told[:6])
        await seen(lambda: len(published(redis_server)) == 10)
        publisher.offer(told)

    redis_server.client.xadd(names.EVENTS, {"e": told[0].to_json()}, id="1-0")
    while_publishing(redis_server, database, act, last=3)
    assert published(redis_server) == ALL

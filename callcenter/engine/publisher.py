"""Numbered events from the journal to the Redis stream, in order, none twice: the entry's id is `<seq>-0`, and Redis
refuses an id that is not above the last one. After an outage the missing ones are read from the database."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError, ResponseError
from sqlalchemy.exc import SQLAlchemyError

from callcenter.bus import names
from callcenter.bus.envelope import Envelope
from callcenter.engine.repository import EngineRepository
from callcenter.ids import NodeName
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

RETRY_S = 1.0
BATCH = 500
AWAY = (RedisError, SQLAlchemyError)
"""What is missing in Redis is read from the database, which may be away too."""
DOUBLED = "equal or smaller"
"""Redis's words for an id that is not above the last one. It refuses for other reasons too: memory or disk full."""


class Publisher:
    def __init__(self, redis: Redis, database: Database, node: NodeName, published: int) -> None:
        """`published`: number of the newest event when the engine starts."""
        self._redis = redis
        self._database = database
        self._node = node
        self._last = published
        self._new: asyncio.Queue[Sequence[Envelope]] = asyncio.Queue()
        self.away = False

    def offer(self, envelopes: Sequence[Envelope]) -> None:
        """New envelopes, in order; called in the event loop."""
        self._new.put_nowait(envelopes)

    async def run(self) -> None:
        await self._until_done(self._begin)
        while True:
            envelopes = [e for e in await self._new.get() if e.seq > self._last]
            try:
                await self._send(envelopes)
            except AWAY as error:
                self._is_away(error)
                await self._until_done(self._catch_up)

    async def _until_done(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await work()
                self.away = False
                return
            except AWAY as error:
                self._is_away(error)
                await asyncio.sleep(RETRY_S)

    def _is_away(self, error: Exception) -> None:
        if not self.away:
            log.warning("publisher.away reason=%s", str(error).partition("\n")[0])
        self.away = True

    async def _begin(self) -> None:
        newest = await self._newest()
        if newest is not None and newest > self._last:
            log.warning("publisher.foreign_stream newest=%d ours=%d: removed", newest, self._last)
            await self._redis.delete(names.EVENTS)  # of a database that is gone; its numbers would block ours
        await self._catch_up()

    async def _catch_up(self) -> None:
        """Publish what the stream lacks. An empty stream (new, or flushed) starts with the next event: readers take
        the state from the database."""
        self._last = await self._newest() or self._last
        while missed := await asyncio.to_thread(self._read_missed):
            await self._send(missed)

    async def _newest(self) -> int | None:
        entries: Any = await self._redis.xrevrange(names.EVENTS, count=1)
        return int(entries[0][0].split(b"-")[0]) if entries else None

    def _read_missed(self) -> list[Envelope]:
        with self._database.read() as session:
            return EngineRepository(session, self._node).events_after(self._last, BATCH)

    async def _send(self, envelopes: Sequence[Envelope]) -> None:
        if not envelopes:
            return
        async with self._redis.pipeline(transaction=True) as pipe:
            for envelope in envelopes:
                pipe.xadd(
                    names.EVENTS,
                    {"e": envelope.to_json()},
                    id=f"{envelope.seq}-0",
                    maxlen=names.EVENTS_KEPT,
                    approximate=True,
                )
            try:
                await pipe.execute()
            except ResponseError as error:
                if DOUBLED not in str(error):
                    raise
                log.warning("publisher.doubled reason=%s", error)  # a sending whose answer was lost
                await self._catch_up()
                return
        self._last = envelopes[-1].seq

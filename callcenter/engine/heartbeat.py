"""Says every second on the bus that the engine lives, and how its parts are. No key, no engine."""

import asyncio
import json
import logging
from collections.abc import Callable
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import RedisError

from callcenter.bus import names
from callcenter.clock import Clock
from callcenter.ids import NodeName

log = logging.getLogger(__name__)

EVERY_S = 1.0
GONE_AFTER_S = 5


class Heartbeat:
    def __init__(self, redis: Redis, node: NodeName, clock: Clock, status: Callable[[], dict[str, Any]]) -> None:
        self._redis = redis
        self._key = names.HEARTBEAT.format(node=node)
        self._clock = clock
        self._status = status

    async def run(self) -> None:
        while True:
            beat = {"at": self._clock.now().isoformat(), **self._status()}
            try:
                await self._redis.set(self._key, json.dumps(beat), ex=GONE_AFTER_S)
            except RedisError as error:
                log.debug("heartbeat.redis_away reason=%s", error)
            await asyncio.sleep(EVERY_S)

"""Whether anybody works."""

from datetime import UTC, datetime
from typing import Any

from redis import Redis
from rq import Worker

ALIVE_WITHIN_S = 45.0


def worker_alive(redis: Redis) -> bool:
    """Whether any worker has shown itself lately. Raises RedisError when Redis is away.

    Reads the workers' own keys, not RQ's list of them: the list does not come back after Redis was emptied.
    """
    now = datetime.now(UTC)
    for key in redis.scan_iter(match=f"{Worker.redis_worker_namespace_prefix}*", count=100, _type="hash"):
        beat, death = redis.hmget(key, ["last_heartbeat", "death"])
        if beat and not death and (now - _instant(beat)).total_seconds() < ALIVE_WITHIN_S:
            return True
    return False


def _instant(text: Any) -> datetime:
    value = text.decode() if isinstance(text, bytes) else str(text)
    return datetime.fromisoformat(value).replace(tzinfo=UTC)

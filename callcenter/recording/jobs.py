"""Entry points for the worker. They take ids, may run twice, and are only reminders: the database knows what is due."""

import logging

from redis import Redis
from redis.exceptions import RedisError

from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.recording.service import RecordingService
from callcenter.storage.database import Database
from callcenter.worker import queues

log = logging.getLogger(__name__)


def seal(call: str) -> str:
    """Runs in a process of its own, forked by the worker, and makes its database connections there."""
    settings = Settings()
    database = Database(settings, pool_size=1)
    try:
        return RecordingService(settings, database, SystemClock()).seal(call)
    finally:
        database.close()


def remind(redis: Redis, call: str) -> bool:
    """Ask a worker to seal this call's recording soon. The row must be committed.

    Never raises. False: Redis is away, and the sweeper will find the row later.
    """
    try:
        queues.enqueue(redis, queues.URGENT, seal, call)
    except (RedisError, OSError) as error:
        log.warning(
            "recording of call %s: no reminder, Redis does not answer (%s); the sweeper will find it", call, error
        )
        return False
    return True

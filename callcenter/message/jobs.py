"""The worker's part. The rows are the truth; the queue `message` only reminds of them."""

import logging
from datetime import datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError

from callcenter import secrets
from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.message.repository import Messages
from callcenter.message.rules import read_message_rules
from callcenter.message.sending import Sending, bury
from callcenter.message.setup import gateway_of
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.worker import queues

log = logging.getLogger(__name__)

BATCH = 100
REMIND_AGAIN = timedelta(seconds=30)


def send(message: str) -> str:
    """The job. May run twice, and beside another one: the claim in the database decides."""
    settings, clock = Settings(), SystemClock()
    database = Database(settings, pool_size=1)
    try:
        own = secrets.read(settings.home)
        rules, _ = read_message_rules(settings.flows_dir)
        gateway = gateway_of(settings, own, rules, clock)
        return Sending(database, NumberVault(own), clock, rules, gateway).attempt(message)
    finally:
        database.close()


def remind(redis: Redis, message: str) -> None:
    """Raises RedisError when Redis is away."""
    queues.enqueue(redis, queues.MESSAGE, send, message)


def remind_soon(redis: Redis, message: str) -> None:
    """As `remind`; without Redis the sweeper reminds of it later."""
    try:
        remind(redis, message)
    except (RedisError, OSError) as error:
        log.warning("message.no_reminder reason=%s", type(error).__name__)


class MessageChore:
    """The sweeper's: finds what is due and reminds of it, also when Redis has lost everything; buries the dead."""

    def __init__(self, database: Database, redis: Redis, clock: Clock) -> None:
        self._database = database
        self._redis = redis
        self._clock = clock
        self._reminded: dict[str, datetime] = {}

    def look(self) -> int:
        """How many were reminded of. Raises RedisError, SQLAlchemyError."""
        now = self._clock.now()
        with self._database.read() as session:
            due = Messages(session).due(now, BATCH)
        self._reminded = {id_: at for id_, at in self._reminded.items() if id_ in due and now - at < REMIND_AGAIN}
        fresh = [id_ for id_ in due if id_ not in self._reminded]
        for id_ in fresh:
            remind(self._redis, id_)
            self._reminded[id_] = now
        if buried := bury(self._database, now):
            log.warning("message.unknown count=%d", buried)
        return len(fresh)

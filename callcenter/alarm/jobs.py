"""The worker's part: messages to the webhook. The row is the truth; the queue only reminds of it."""

import json
import logging
from datetime import datetime, timedelta

from redis import Redis

from callcenter import secrets
from callcenter.alarm import webhook
from callcenter.alarm.repository import Alarms
from callcenter.alarm.schemas import delivery_body
from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.storage.database import Database
from callcenter.worker import queues

log = logging.getLogger(__name__)

AGAIN_AFTER = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800, 3600, 3600, 7200))
"""Waits between attempts; after the last one it is given up."""
PROBLEM_LENGTH = 255


def deliver(delivery: str) -> str:
    """The job. May run twice: both messages carry the same id."""
    settings = Settings()
    database = Database(settings, pool_size=1)
    try:
        return attempt(database, settings, secrets.read(settings.home).webhook_key(), SystemClock(), delivery)
    finally:
        database.close()


def attempt(database: Database, settings: Settings, key: str, clock: Clock, delivery: str) -> str:
    """What became of it: sent, due (again later) or given_up; empty when there was nothing to do."""
    now = clock.now()
    with database.read() as session:
        found = Alarms(session).delivery(delivery)
    if found is None or found[0].state != "due" or found[0].next_at > now or not settings.alarm_webhook:
        return ""
    body = json.dumps(delivery_body(*found, node=settings.node), ensure_ascii=False).encode()
    problem = ""
    try:
        webhook.send(settings.alarm_webhook, key, delivery, str(int(now.timestamp())), body)
    except webhook.NotTaken as error:
        problem = str(error)[:PROBLEM_LENGTH]
        log.warning("alarm.webhook_failed delivery=%s reason=%s", delivery, problem)
    return _note(database, delivery, now, problem)


def remind(redis: Redis, delivery: str) -> None:
    """Raises RedisError when Redis is away."""
    queues.enqueue(redis, queues.URGENT, deliver, delivery)


def _note(database: Database, delivery: str, now: datetime, problem: str) -> str:
    with database.begin() as session:
        found = Alarms(session).delivery(delivery)
        if found is None:
            return ""
        row = found[0]
        row.attempts, row.problem = row.attempts + 1, problem
        if not problem:
            row.state = "sent"
        elif row.attempts > len(AGAIN_AFTER):
            row.state = "given_up"
        else:
            row.next_at = now + AGAIN_AFTER[row.attempts - 1]
        return row.state

"""The nightly comparison: who notices that it is due, and the job that does it and keeps its result."""

import logging
from datetime import date, datetime, time, timedelta

from redis import Redis
from redis.exceptions import RedisError

from callcenter import secrets
from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.ids import NodeName
from callcenter.instants import CHINA
from callcenter.reconcile import repository
from callcenter.reconcile.model import Report
from callcenter.reconcile.schemas import STORED_MAX, report_out
from callcenter.reconcile.service import Reconciliation
from callcenter.reconcile.table import ReconciliationRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.worker import queues

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
AGAIN_AFTER = timedelta(minutes=15)
"""A job that was asked for and left no result is asked for again."""
CATCH_UP_DAYS = 7
"""A worker that was away does the nights that it missed, so many at most."""


def reconcile(day: str) -> str:
    """The job. May run twice: the newer result takes the place of the older one."""
    settings, clock = Settings(), SystemClock()
    database = Database(settings, pool_size=1)
    try:
        vault = NumberVault(secrets.read(settings.home))
        report = Reconciliation(settings, database, vault, clock).compare(date.fromisoformat(day))
        keep(database, report)
    finally:
        database.close()
    if report.unexplained:
        log.error("reconcile.differences day=%s unexplained=%d", day, report.unexplained)
    return f"{report.unexplained} unexplained"


def keep(database: Database, report: Report) -> None:
    row = ReconciliationRow(
        node=report.node,
        day=report.day,
        at=report.at,
        explained=len(report.differences) - report.unexplained,
        unexplained=report.unexplained,
        report=report_out(report, STORED_MAX),
    )
    with database.begin() as session:
        repository.store(session, row)


class Nightly:
    """Asks for each day's comparison when its hour has come and no result is stored. One worker's sweeper looks."""

    def __init__(self, settings: Settings, database: Database, redis: Redis, clock: Clock) -> None:
        self._at = settings.reconcile_at
        self._node = NodeName(settings.node)
        self._database = database
        self._redis = redis
        self._clock = clock
        self._look_at = clock.now()
        self._asked: dict[date, datetime] = {}

    def look(self) -> list[date]:
        """The days asked for now. Raises SQLAlchemyError."""
        now = self._clock.now()
        if now < self._look_at:
            return []
        self._look_at = now + LOOK_EVERY
        with self._database.read() as session:
            due = self.due(now, repository.days_done(session, self._node, _newest(now, self._at) - _days(30)))
        wanted = [day for day in due if day not in self._asked or now - self._asked[day] >= AGAIN_AFTER]
        for day in wanted:
            try:
                queues.enqueue(self._redis, queues.REPORT, reconcile, day.isoformat())
            except RedisError as error:
                log.warning("reconcile.no_reminder day=%s reason=%s", day, error)
                return []
            self._asked[day] = now
        return wanted

    def due(self, now: datetime, done: set[date]) -> list[date]:
        """Yesterday once its hour has come; the days before it back to the newest one done, where one is."""
        newest = _newest(now, self._at)
        missed = [newest - _days(back) for back in range(CATCH_UP_DAYS)]
        return [day for day in missed if day not in done and (day == newest or (done and day > min(done)))]


def _newest(now: datetime, at: time) -> date:
    local = now.astimezone(CHINA)
    return local.date() - _days(1 if local.time() >= at else 2)


def _days(count: int) -> timedelta:
    return timedelta(days=count)

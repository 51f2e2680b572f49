"""The worker's part: the job that makes a file, and who notices that a report is due or its figures changed."""

import logging
from datetime import date, datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callcenter import secrets
from callcenter.clock import Clock, SystemClock
from callcenter.config import Settings
from callcenter.instants import CHINA
from callcenter.report.paper import places, repository
from callcenter.report.paper.maker import Maker
from callcenter.report.paper.period import Period, Span, containing
from callcenter.report.paper.state import IN_WORK, PaperState
from callcenter.report.paper.table import PaperRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.worker import queues

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
AGAIN_AFTER = timedelta(minutes=1)
FAILED_AGAIN_AFTER = timedelta(hours=1)
BATCH = 100
CATCH_UP = {Span.DAY: 7, Span.WEEK: 2, Span.MONTH: 2, Span.YEAR: 1}
"""So many periods that ended while no worker ran are made up for."""
LOOKED_AT_AGAIN = {Span.DAY: 35, Span.WEEK: 35, Span.MONTH: 100, Span.YEAR: 366}
"""Days after a period's end in which its figures are compared again each night: an import, a repair."""
EXPORTS_KEPT = timedelta(days=1)


def make(id_: str) -> str:
    """The job. May run twice: the database says who makes it."""
    settings, clock = Settings(), SystemClock()
    database = Database(settings, pool_size=2)
    try:
        vault = NumberVault(secrets.read(settings.home))
        return "made" if Maker(settings, database, vault, clock).make(id_) else "not made"
    finally:
        database.close()


def remind(redis: Redis, id_: str) -> bool:
    """Whether a worker was told. Without Redis the sweeper tells it later."""
    try:
        queues.enqueue(redis, queues.REPORT, make, id_)
    except RedisError as error:
        log.warning("paper.no-reminder id=%s reason=%s", id_, error)
        return False
    return True


class Schedule:
    """Looked at in every round of the one sweeper."""

    def __init__(self, settings: Settings, database: Database, redis: Redis, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._redis = redis
        self._clock = clock
        self._look_at = clock.now()
        self._reminded: dict[str, datetime] = {}

    def look(self) -> list[str]:
        """Which were handed to a worker now. Raises SQLAlchemyError."""
        now = self._clock.now()
        if now >= self._look_at:
            self._look_at = now + LOOK_EVERY
            self._put_due(now)
            self._look_again(now)
            self._remove_exports(now)
        with self._database.read() as session:
            waiting = repository.waiting(session, now, BATCH)
        self._reminded = {id_: at for id_, at in self._reminded.items() if id_ in waiting}
        wanted = [id_ for id_ in waiting if id_ not in self._reminded or now - self._reminded[id_] >= AGAIN_AFTER]
        told = [id_ for id_ in wanted if remind(self._redis, id_)]
        self._reminded |= dict.fromkeys(told, now)
        return told

    def _put_due(self, now: datetime) -> None:
        """Each period that has ended, that had calls and whose report is not there or did not reach its end."""
        with self._database.read() as session:
            missing = [span for span in self._ended(now) if _is_missing(session, span, now)]
        for span in missing:
            try:
                self._put(span, now)
            except IntegrityError:
                continue  # somebody asked for it at the same moment

    def _put(self, span: Period, now: datetime) -> None:
        with self._database.begin() as session:
            row = session.get(PaperRow, span.id, with_for_update=True)
            if row is None:
                row = PaperRow(id=span.id, kind=span.span, of=span.of, state=PaperState.DUE, asked_at=now, version=0)
                session.add(row)
            elif row.state not in IN_WORK:
                row.state, row.asked_at, row.person = PaperState.DUE, now, ""

    def _ended(self, now: datetime) -> list[Period]:
        """Those whose hour has come, the newest first."""
        today = self._today(now)
        found: list[Period] = []
        for span, count in CATCH_UP.items():
            period = containing(span, today).before
            for _ in range(count):
                found.append(period)
                period = period.before
        return found

    def _today(self, now: datetime) -> date:
        """The day before, as long as the hour of the reports has not come: what ended last night is not due yet."""
        local = now.astimezone(CHINA)
        return local.date() - timedelta(days=0 if local.time() >= self._settings.report_at else 1)

    def _look_again(self, now: datetime) -> None:
        """Once a night: have the figures of a report that was handed in changed since?"""
        morning = datetime.combine(self._today(now), self._settings.report_at, CHINA)
        with self._database.begin() as session:
            for span, days in LOOKED_AT_AGAIN.items():
                since = morning - timedelta(days=days)
                for row in repository.unchecked(session, span, since, morning):
                    row.state, row.person, row.asked_at = PaperState.DUE, "", now

    def _remove_exports(self, now: datetime) -> None:
        with self._database.begin() as session:
            old = repository.exports_before(session, now - EXPORTS_KEPT)
            for row in old:
                session.delete(row)
        for row in old:
            places.remove(self._settings, row.id)


def _is_missing(session: Session, span: Period, now: datetime) -> bool:
    row = session.get(PaperRow, span.id)
    if row is None:
        return repository.any_call(session, span.start, span.end)
    if row.state in IN_WORK or (row.upto is not None and row.upto >= span.end):
        return False
    if row.state == PaperState.CANCELLED and row.asked_at >= span.end:
        return False  # a person did not want it
    return row.state != PaperState.FAILED or now - row.asked_at >= FAILED_AGAIN_AFTER

"""Finds in the database what nobody was reminded of, and reminds: after Redis was away or emptied, after a crash.

Runs beside the worker in a process of its own, so that a fork for a job never copies its connections. However many
workers there are, one sweeps: the one that holds the lock in Redis. Without Redis nobody needs to sweep, as there is
nobody to remind.
"""

import logging
import os
import time
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Event

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError

from callcenter import secrets
from callcenter.alarm.watch import LOOK_EVERY_S, Watch
from callcenter.callback.left_behind import LeftBehind
from callcenter.clock import Clock, SystemClock
from callcenter.cloud.jobs import CloudChore
from callcenter.config import Settings
from callcenter.errors import CallCenterError
from callcenter.message.jobs import MessageChore
from callcenter.reconcile.jobs import Nightly
from callcenter.reconcile.rotation import Rotation
from callcenter.recording import jobs, repository
from callcenter.recording.service import RecordingService
from callcenter.report.paper.jobs import Schedule
from callcenter.report.rollup.jobs import Rollups
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.survey.invitations import Invitations
from callcenter.visit.jobs import OpenMissing
from callcenter.worker import queues

log = logging.getLogger(__name__)

EVERY_S = 5.0
OLDER_THAN = timedelta(seconds=5)
"""The engine's own reminder has had its time."""
YOUNG = timedelta(minutes=5)
"""A recording due for longer has a reason (full disk, a hanging file) and is tried once a minute only."""
SELDOM = timedelta(minutes=1)
BATCH = 500
LEFTOVERS_EVERY = timedelta(minutes=10)
LEFTOVERS_WITHIN = timedelta(days=1)
LOCK = "cc:sweeper"
LOCK_MS = 30_000


class Sweeper:
    def __init__(
        self,
        database: Database,
        redis: Redis,
        recordings: RecordingService,
        clock: Clock,
        remind: Callable[[Redis, str], bool] = jobs.remind,
        chores: Sequence[Callable[[], object]] = (),
    ) -> None:
        """`chores`: looked at in every round, each to decide by itself whether it is time."""
        self._database = database
        self._redis = redis
        self._recordings = recordings
        self._clock = clock
        self._remind = remind
        self._chores = chores
        self._id = uuid.uuid4().hex
        self._reminded: dict[str, datetime | None] = {}
        self._leftovers_at = clock.now()

    def sweep(self) -> int:
        """One round. Returns how many were reminded of. Raises RedisError, SQLAlchemyError."""
        if not self._first():
            return 0
        for chore in self._chores:
            self._do(chore)
        self._remove_leftovers()
        if queues.queue(self._redis, queues.URGENT).count >= BATCH:
            return 0  # the workers are behind; more reminders would only pile up
        now = self._clock.now()
        with self._database.read() as session:
            due = repository.due(session, now - OLDER_THAN, BATCH)
        last = self._reminded
        self._reminded = {call: last.get(call) for call, _ in due}
        wanted = [call for call, due_at in due if self._is_time(call, now - due_at)]
        for call in wanted:
            if self._remind(self._redis, call):
                self._reminded[call] = now
        return len(wanted)

    def _do(self, chore: Callable[[], object]) -> None:
        """One that fails must not keep the others, and the recordings, from their turn."""
        try:
            chore()
        except (RedisError, SQLAlchemyError, CallCenterError, OSError) as error:
            log.warning("%s: %s", getattr(chore, "__qualname__", chore), str(error).splitlines()[0])

    def _is_time(self, call: str, age: timedelta) -> bool:
        last = self._reminded[call]
        return age < YOUNG or last is None or self._clock.now() - last >= SELDOM

    def _first(self) -> bool:
        """Take or keep the lock. It runs out by itself when its holder dies."""
        if self._redis.set(LOCK, self._id, nx=True, px=LOCK_MS):
            return True
        held = self._redis.get(LOCK)
        if held not in (self._id, self._id.encode()):
            return False
        return bool(self._redis.pexpire(LOCK, LOCK_MS))

    def _remove_leftovers(self) -> None:
        """Parts of recordings whose worker was killed between the commit and the removal, and files without sound."""
        now = self._clock.now()
        if now < self._leftovers_at:
            return
        self._leftovers_at = now + LEFTOVERS_EVERY
        with self._database.read() as session:
            rows = repository.sealed_since(session, now - LEFTOVERS_WITHIN)
        for row in rows:
            self._recordings.remove_leftovers(row)
        self._recordings.remove_empty()


def run(settings: Settings, parent: int) -> None:
    """Sweep until the parent process is gone."""
    clock = SystemClock()
    database = Database(settings, pool_size=1)
    redis = Redis.from_url(settings.redis, socket_timeout=5)
    chores = (
        Nightly(settings, database, redis, clock).look,
        Rotation(settings, database, clock).look,
        CloudChore(settings, clock).look,
        Schedule(settings, database, redis, clock).look,
        Rollups(settings, database).look,
        LeftBehind(settings, database, NumberVault(secrets.read(settings.home)), clock).look,
        OpenMissing(settings, database, clock).look,
        Invitations(settings, database, clock).look,
        MessageChore(database, redis, clock).look,
    )
    sweeper = Sweeper(database, redis, RecordingService(settings, database, clock), clock, chores=chores)
    watch = Watch(settings, database, redis, clock)
    pause, sweep_at = Event(), 0.0
    while os.getppid() == parent:
        if time.monotonic() >= sweep_at:
            sweep_at = time.monotonic() + EVERY_S
            _go_on(sweeper.sweep)
        _go_on(watch.look)  # without Redis too: that it is away must be said
        pause.wait(LOOK_EVERY_S)


def _go_on(work: Callable[[], object]) -> None:
    try:
        work()
    except (RedisError, SQLAlchemyError, CallCenterError, OSError) as error:
        name = getattr(work, "__qualname__", work)
        log.warning("%s goes on in some seconds: %s", name, str(error).splitlines()[0])

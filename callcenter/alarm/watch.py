"""The evaluator: every few seconds it holds the readings against the rules. Every worker and every api process has
one; one of them judges, whoever holds the watch in the database. So the end of the worker is noticed as well.

Who judges, what is up and what changes: all in one transaction, so that two never judge at the same time.
"""

import logging
import os
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from callcenter.alarm import jobs, sms
from callcenter.alarm.model import SPECS, Reading, Rule, Setting
from callcenter.alarm.readings import Readings
from callcenter.alarm.repository import THE_WATCH, Alarms
from callcenter.alarm.state import Alarm, AlarmState, Change, observe, withdrawn
from callcenter.alarm.table import AlarmDeliveryRow, AlarmRow, AlarmWatchRow
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import CallCenterError
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0
HELD_FOR = timedelta(seconds=20)
SAID_EVERY = timedelta(seconds=5)
"""That the rules are judged is written down so often, not at every look: each writing is a commit."""
VALUE_EVERY = timedelta(seconds=30)
"""The same for a value that goes on being bad."""
BATCH = 50

Key = tuple[Rule, str]


class Watch:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        redis: Redis,
        clock: Clock,
        remind: Callable[[Redis, str], None] = jobs.remind,
    ) -> None:
        self._settings = settings
        self._database = database
        self._redis = redis
        self._clock = clock
        self._remind = remind
        self._readings = Readings(settings, redis, clock)
        self._id = f"{socket.gethostname()[:20]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._pending: dict[Key, Alarm] = {}
        self._told: dict[int, datetime] = {}

    def look(self) -> bool:
        """One round. False: somebody else judges. Raises SQLAlchemyError."""
        if not self._might_take():
            return False
        outside = self._readings.outside()
        with self._database.read() as session:
            settings = Alarms(session).settings(self._settings.target_connection)
            silent = settings[Rule.ENGINE_SILENT].limit
            readings = [*outside, *self._readings.inside(session, outside, silent)]
        with self._database.begin() as session:
            if not self._take(session):
                return False
            self._judge(session, readings)
        self._deliver()
        return True

    def run(self, pause: Callable[[float], object] = time.sleep) -> None:
        """For ever: what cannot be read now is tried again at the next look."""
        while True:
            try:
                self.look()
            except (SQLAlchemyError, CallCenterError, OSError) as error:
                log.warning("alarm.cannot_look reason=%s", str(error).splitlines()[0])
            pause(LOOK_EVERY_S)

    # who judges

    def _might_take(self) -> bool:
        """Asked first without any lock: the others' rounds should cost next to nothing."""
        with self._database.read() as session:
            held = Alarms(session).watch()
        return held is None or held.holder == self._id or held.until <= self._clock.now()

    def _take(self, session: Session) -> bool:
        now, alarms = self._clock.now(), Alarms(session)
        held = alarms.watch(to_take=True)
        if held is not None and held.holder != self._id:
            if held.until > now:
                return False
            log.info("alarm.watch_taken from=%s", held.holder)
        elif held is not None and now - held.looked_at < SAID_EVERY:
            return True
        if held is None or held.holder != self._id:
            self._pending.clear()
        alarms.take_watch(AlarmWatchRow(id=THE_WATCH, holder=self._id, looked_at=now, until=now + HELD_FOR))
        return True

    # judging

    def _judge(self, session: Session, readings: Iterable[Reading]) -> None:
        now, alarms = self._clock.now(), Alarms(session)
        settings = alarms.settings(self._settings.target_connection)
        rows = {(Rule(row.rule), row.subject): row for row in alarms.up() if row.rule in SPECS}
        read = {(reading.rule, reading.subject): reading for reading in readings}
        for key, reading in read.items():
            setting, row = settings[key[0]], rows.get(key)
            before = self._before(key, row)
            if setting.enabled:
                after, changes = observe(before, SPECS[key[0]], setting, reading.value, now)
            else:
                after, changes = withdrawn(before)
            self._keep(session, key, row, after, changes, reading, setting, now)
        for key in rows.keys() - read.keys():
            after, changes = withdrawn(self._before(key, rows[key]))
            gone = Reading(rule=key[0], subject=key[1], value=None)
            self._keep(session, key, rows[key], after, changes, gone, settings[key[0]], now)

    def _before(self, key: Key, row: AlarmRow | None) -> Alarm:
        kept = self._pending.get(key, Alarm())
        if row is None:
            return kept if kept.state is AlarmState.PENDING else Alarm()
        return Alarm(
            state=AlarmState.ACKNOWLEDGED if row.acknowledged_at else AlarmState.RAISED,
            broken_since=kept.broken_since,
            well_since=kept.well_since,
            announced=row.announced_at is not None,
            value=row.value,
            worst=row.worst,
        )

    def _keep(
        self,
        session: Session,
        key: Key,
        row: AlarmRow | None,
        after: Alarm,
        changes: tuple[Change, ...],
        reading: Reading,
        setting: Setting,
        now: datetime,
    ) -> None:
        self._pending[key] = after
        if Change.RAISED in changes:
            row = AlarmRow(
                rule=key[0].value,
                subject=key[1],
                up=":".join(key),
                severity=setting.severity.value,
                raised_at=now,
                limit=setting.limit,
                detail={},
            )
            Alarms(session).add(row)
            log.warning("alarm.raised rule=%s subject=%s value=%s", key[0], key[1], reading.value)
        if row is None:
            return
        if Change.ANNOUNCED in changes:
            row.announced_at = now
            self._announce(session, row, Change.RAISED, setting, now)
        if Change.CLEARED in changes:
            row.cleared_at, row.up = now, None
            self._told.pop(row.id, None)
            if row.announced_at is not None:
                self._announce(session, row, Change.CLEARED, setting, now)
            log.info("alarm.cleared rule=%s subject=%s", key[0], key[1])
        elif changes or now - self._told.get(row.id, now - VALUE_EVERY) >= VALUE_EVERY or _turned(row, after):
            self._told[row.id] = now
            row.value, row.worst, row.detail = after.value, after.worst, reading.detail

    def _announce(self, session: Session, row: AlarmRow, change: Change, setting: Setting, now: datetime) -> None:
        if setting.sms:
            sms.tell_staff(session, self._settings, row, change, now)
        if self._settings.alarm_webhook and setting.webhook:
            Alarms(session).add_delivery(
                AlarmDeliveryRow(
                    id=uuid.uuid4().hex, alarm=row.id, change=change.value, at=now, state="due", attempts=0, next_at=now
                )
            )

    def _deliver(self) -> None:
        """The rows are the truth; a reminder lost with Redis comes again at the next look."""
        if not self._settings.alarm_webhook:
            return
        with self._database.read() as session:
            due = Alarms(session).deliveries_due(self._clock.now(), BATCH)
        for delivery in due:
            try:
                self._remind(self._redis, delivery)
            except (RedisError, OSError) as error:
                log.warning("alarm.no_reminder reason=%s", error)
                return


def _turned(row: AlarmRow, after: Alarm) -> bool:
    """Its source fell silent, or speaks again."""
    return (row.value is None) != (after.value is None)

"""What the rules are held against, read from where each thing is known. A source that is silent gives None."""

import shutil
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.account.repository import People
from callcenter.alarm.model import Reading, Rule
from callcenter.board.figures import read_figures
from callcenter.bus import heartbeat, names
from callcenter.call.model import CallState
from callcenter.call.table import CallRow
from callcenter.callback.repository import UNSETTLED, Callbacks
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.ivr.site import read_site
from callcenter.ivr.table import CallerRequestRow
from callcenter.message.repository import Messages
from callcenter.message.rules import read_message_rules
from callcenter.reconcile.table import ReconciliationRow
from callcenter.recording.model import RecordingState
from callcenter.recording.table import RecordingRow
from callcenter.roster.service import Cover
from callcenter.seat.model import SeatState
from callcenter.seat.table import SeatRow
from callcenter.speech.client import answers
from callcenter.visit.repository import Visits
from callcenter.worker.alive import worker_alive

SPEECH_WITHIN_S = 1.0
"""It hears one utterance after the other: one look may come in between."""
RATE_EVERY = timedelta(minutes=1)
"""The rolling rate reads a day of calls."""
GAPS_EVERY = timedelta(minutes=1)
"""The roster's hours are read from the flows' folder."""
RATE_FROM = 20
"""Calls. With fewer of them the rate of 24 hours says nothing yet."""
DAY = timedelta(hours=24)
GIGABYTE = 1024**3
NEVER_SEEN_S = 3600.0
"""An engine that has left no sign at all counts as silent for so long."""
REQUESTS = {"callback": Rule.CALLBACK_OVERDUE, "voicemail": Rule.VOICEMAIL_OVERDUE}


class Readings:
    def __init__(self, settings: Settings, redis: Redis, clock: Clock) -> None:
        self._settings = settings
        self._redis = redis
        self._clock = clock
        self._rate: Reading | None = None
        self._rate_at: datetime | None = None
        self._gaps: list[Reading] = []
        self._gaps_at: datetime | None = None

    def outside(self) -> list[Reading]:
        """What is not in the database. Never raises."""
        redis_up, beat, worker = self._bus()
        silent_s = self._silence(redis_up, beat)
        speaks = silent_s is not None and silent_s < NEVER_SEEN_S and beat is not None
        away = float(not beat.asterisk) if speaks and beat else None
        trunk = float(not beat.trunk) if speaks and beat and beat.trunk is not None else None
        waits = float(bool(beat.asterisk and beat.problem)) if speaks and beat else None
        return [
            Reading(rule=Rule.REDIS_DOWN, value=float(not redis_up)),
            Reading(rule=Rule.ENGINE_SILENT, value=silent_s),
            Reading(rule=Rule.ASTERISK_AWAY, value=away),
            Reading(rule=Rule.TRUNK_DOWN, value=trunk),
            Reading(rule=Rule.RECORDS_WAIT, value=waits),
            Reading(rule=Rule.SPEECH_DOWN, value=self._deaf()),
            Reading(rule=Rule.WORKER_DOWN, value=None if worker is None else float(not worker)),
            Reading(rule=Rule.DISK_LOW, value=self._disk()),
        ]

    def inside(self, session: Session, outside: list[Reading], silent_limit_s: float) -> Iterator[Reading]:
        """`silent_limit_s`: an engine silent for longer says nothing of calls and seats."""
        now = self._clock.now()
        known = {reading.rule: reading.value for reading in outside}
        silent = known[Rule.ENGINE_SILENT]
        follows = silent is not None and silent <= silent_limit_s and known[Rule.ASTERISK_AWAY] == 0
        yield self._rolling_rate(session, now)
        yield from self._lines(session, now, follows)
        yield from self._seats(session, now, follows)
        yield from _sounds(session, now)
        yield from _differences(session)
        yield from _requests(session, now)
        unsettled, overdue = Visits(session).overdue(now)
        yield Reading(rule=Rule.VISIT_OVERDUE, value=float(overdue), detail={"open": unsettled})
        yield self._messages(session, now)
        yield from self._roster(session, now)

    def _bus(self) -> tuple[bool, heartbeat.Heartbeat | None, bool | None]:
        try:
            beat = heartbeat.read(self._redis.get(names.HEARTBEAT.format(node=self._settings.node)))
            return True, beat, worker_alive(self._redis)
        except (RedisError, OSError):
            return False, None, None

    def _silence(self, redis_up: bool, beat: heartbeat.Heartbeat | None) -> float | None:
        """Seconds since the engine's last sign of life: its file, or its word where it runs on another machine."""
        try:
            age = time.time() - self._settings.engine_beat.stat().st_mtime
            return max(0.0, age)
        except OSError:
            if beat is not None:
                return 0.0
            return NEVER_SEEN_S if redis_up else None

    def _disk(self) -> float | None:
        try:
            return shutil.disk_usage(self._settings.home).free / GIGABYTE
        except OSError:
            return None

    def _deaf(self) -> float | None:
        if self._settings.speech_model is None:
            return None
        return float(not answers(self._settings.speech_socket, SPEECH_WITHIN_S))

    def _rolling_rate(self, session: Session, now: datetime) -> Reading:
        if self._rate is None or self._rate_at is None or now - self._rate_at >= RATE_EVERY:
            rate = read_figures(session, self._settings, now)["connection_rate"]
            enough = rate["denominator"] >= RATE_FROM
            counts = {"numerator": rate["numerator"], "denominator": rate["denominator"]}
            value = 100 * rate["value"] if enough and rate["value"] is not None else None
            self._rate, self._rate_at = Reading(rule=Rule.RATE_LOW, value=value, detail=counts), now
        return self._rate

    def _messages(self, session: Session, now: datetime) -> Reading:
        if read_message_rules(self._settings.flows_dir)[0].gateway == "none":
            return Reading(rule=Rule.SMS_DOWN, value=None)
        since = Messages(session).overdue_since(now)
        return Reading(rule=Rule.SMS_DOWN, value=(now - since).total_seconds() if since else 0.0)

    def _roster(self, session: Session, now: datetime) -> list[Reading]:
        if self._gaps_at is None or now - self._gaps_at >= GAPS_EVERY:
            ahead = Cover(self._settings, read_site(self._settings.flows_dir).hours).gaps_ahead(session, now)
            self._gaps_at = now
            self._gaps = [
                Reading(rule=Rule.ROSTER_GAP, subject=line, value=None if ahead is None else float(ahead[line]))
                for line in self._settings.languages
            ]
        return self._gaps

    def _lines(self, session: Session, now: datetime, follows: bool) -> Iterator[Reading]:
        waiting = (CallState.QUEUED.value, CallState.RINGING.value)
        query = (
            select(CallRow.line, func.min(CallRow.queued_at), func.count())
            .where(CallRow.node == self._settings.node, CallRow.left_at.is_(None), CallRow.state.in_(waiting))
            .group_by(CallRow.line)
        )
        first = {line: (since, count) for line, since, count in session.execute(query)}
        for line in self._settings.languages:
            since, count = first.get(line, (None, 0))
            waited = (now - since).total_seconds() if since else 0.0
            yield Reading(
                rule=Rule.LONG_WAIT, subject=line, value=waited if follows else None, detail={"waiting": count}
            )

    def _seats(self, session: Session, now: datetime, follows: bool) -> Iterator[Reading]:
        rows = {row.id: row for row in session.scalars(select(SeatRow))}
        covered = dict.fromkeys(self._settings.languages, 0)
        for person in People(session).at_seats():
            row = rows.get(person.seat or "")
            state = row.state if row else SeatState.SIGNED_OUT.value
            if state not in (SeatState.SIGNED_OUT.value, SeatState.UNREACHABLE.value):
                for line in set(person.languages) & covered.keys():
                    covered[line] += 1
            lost = (now - row.since).total_seconds() if row and state == SeatState.UNREACHABLE.value else 0.0
            yield Reading(rule=Rule.SEAT_UNREACHABLE, subject=person.seat or "", value=lost if follows else None)
        for line, count in covered.items():
            yield Reading(rule=Rule.NO_SEAT, subject=line, value=float(count) if follows else None)


def _sounds(session: Session, now: datetime) -> Iterator[Reading]:
    lost = (RecordingState.MISSING.value, RecordingState.BROKEN.value)
    query = select(func.count()).where(RecordingRow.state.in_(lost), RecordingRow.due_at > now - DAY)
    yield Reading(rule=Rule.RECORDING_LOST, value=float(session.scalar(query) or 0))


def _differences(session: Session) -> Iterator[Reading]:
    """No comparison yet: nothing is known."""
    query = select(ReconciliationRow.day, ReconciliationRow.unexplained).order_by(ReconciliationRow.day.desc()).limit(1)
    newest = session.execute(query).one_or_none()
    if newest is None:
        yield Reading(rule=Rule.DIFFERENCES, value=None)
    else:
        yield Reading(rule=Rule.DIFFERENCES, value=float(newest[1]), detail={"day": newest[0].isoformat()})


def _requests(session: Session, now: datetime) -> Iterator[Reading]:
    query = (
        select(CallerRequestRow.kind, func.min(CallerRequestRow.at), func.count())
        .where(CallerRequestRow.state.in_(UNSETTLED), CallerRequestRow.until_at.is_(None))
        .group_by(CallerRequestRow.kind)
    )
    first = {kind: (since, count) for kind, since, count in session.execute(query)}
    for kind, rule in REQUESTS.items():
        since, count = first.get(kind, (None, 0))
        age = (now - since).total_seconds() / 3600 if since else 0.0
        yield Reading(rule=rule, value=age, detail={"open": count})
    unsettled, late = Callbacks(session).appointments(now)
    yield Reading(rule=Rule.APPOINTMENT_LATE, value=float(late), detail={"open": unsettled})

"""`/metrics` for Prometheus: states and counts, nothing about a person. On loopback, or with the token."""

import hmac
import ipaddress
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from redis.exceptions import RedisError
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import HTTPConnection

from callcenter.api.deps import Api, TheApi
from callcenter.bus import names
from callcenter.call.table import CallRow
from callcenter.errors import CallCenterError, NotAllowed
from callcenter.instants import CHINA
from callcenter.recording.repository import count_due
from callcenter.worker import queues
from callcenter.worker.alive import worker_alive

router = APIRouter(tags=["metrics"])

FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
"""A proxy on this machine asks from loopback too, for somebody else."""
Sample = tuple[tuple[str, ...], float]


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request, api: TheApi) -> Response:
    if not _may_read(request, api):
        raise NotAllowed("/metrics is answered on this machine only, or with the token of `metrics_token`")
    registry = CollectorRegistry()
    registry.register(_Snapshot(api))
    registry.register(api.hub.lag)
    return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)


def _may_read(request: HTTPConnection, api: Api) -> bool:
    token = api.settings.metrics_token
    if token is not None:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.get_secret_value().encode())
    host = request.client.host if request.client else ""
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
    return local and not any(name in request.headers for name in FORWARDED)


class _Snapshot:
    """Read when it is asked for. A source that is away leaves its numbers out: no silent zeros."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def collect(self) -> Iterator[Metric]:
        yield from self._engine()
        yield from self._work()
        yield from self._board()
        yield from self._records()

    def _engine(self) -> Iterator[Metric]:
        try:
            word = self._api.redis.get(names.HEARTBEAT.format(node=self._api.settings.node))
        except (RedisError, OSError):
            yield _gauge("redis_up", "Redis answers", 0)
            return
        yield _gauge("redis_up", "Redis answers", 1)
        yield _gauge("engine_up", "The engine says that it lives", float(bool(word)))
        try:
            age = time.time() - self._api.settings.engine_beat.stat().st_mtime
            yield _gauge("engine_beat_age_seconds", "Since the engine touched its file", age)
        except OSError:
            pass
        if not word:
            return
        beat: dict[str, Any] = json.loads(word)
        yield _gauge("asterisk_linked", "The engine is in step with Asterisk", float(bool(beat.get("asterisk"))))
        if beat.get("trunk") is not None:
            yield _gauge("trunk_up", "The carrier's gateway answers", float(beat["trunk"]))
        yield _gauge("engine_inbox", "Events that wait in the engine", beat.get("backlog", 0))
        yield _gauge("journal_backlog", "Steps that wait to be written", beat.get("journal_backlog", 0))
        yield _gauge("agi_sessions", "Callers in a menu", beat.get("agi_sessions", 0))
        yield _counter("engine_faults", "Events that could not be folded", beat.get("faults", 0))
        yield _counter("agi_failed", "Menus that ended by a fault", beat.get("agi_failed", 0))
        yield _counter("ami_logins", "Logins at Asterisk; the first and every reconnect", beat.get("ami_logins", 0))

    def _work(self) -> Iterator[Metric]:
        try:
            yield _gauge("worker_up", "A worker runs", float(worker_alive(self._api.redis)))
            waiting = [((name,), float(queues.queue(self._api.redis, name).count)) for name in queues.LIMIT_S]
            yield _gauges("queue_jobs", "Jobs that wait", ("queue",), waiting)
        except (RedisError, OSError):
            pass
        try:
            free = shutil.disk_usage(self._api.settings.home).free
            yield _gauge("disk_free_bytes", "Of the home's disk", float(free))
        except OSError:
            pass

    def _board(self) -> Iterator[Metric]:
        told = self._api.hub.told()
        yield _gauge("screens", "Open live feeds of this process", told["screens"])
        seats, calls, lines = told.get("seats", {}), told.get("calls", {}), told.get("lines", {})
        yield _gauges("seats", "Seats by state", ("state",), _counted(seat["state"] for seat in seats.values()))
        yield _gauges("calls_live", "Calls by state", ("state",), _counted(call["state"] for call in calls.values()))
        waiting = [((name,), float(line["waiting"])) for name, line in lines.items()]
        yield _gauges("waiting", "Callers that wait, by line", ("line",), waiting)
        figures = told.get("figures") or {}
        rates = [
            ((name,), figure["value"])
            for name, figure in figures.items()
            if isinstance(figure, dict) and figure.get("value") is not None
        ]
        yield _gauges("kpi_ratio", "Figures of the wallboard, 0-1", ("figure",), rates)
        counts = [((name,), float(figures[name])) for name in ("in", "to_seat", "answered") if name in figures]
        yield _gauges("kpi_count", "Counts of the wallboard, since midnight in China", ("figure",), counts)
        alarms = Counter((alarm["severity"], alarm["state"]) for alarm in told.get("alarms", {}).values())
        samples = [(key, float(count)) for key, count in alarms.items()]
        yield _gauges("alarms", "Alarms that are up", ("severity", "state"), samples)

    def _records(self) -> Iterator[Metric]:
        midnight = self._api.clock.now().astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        query = select(CallRow.outcome, func.count()).where(CallRow.started_at >= midnight).group_by(CallRow.outcome)
        try:
            with self._api.database.read() as session:
                ended = [((outcome,), float(count)) for outcome, count in session.execute(query) if outcome]
                due = count_due(session)
        except (SQLAlchemyError, CallCenterError):
            yield _gauge("database_up", "The database answers", 0)
            return
        yield _gauge("database_up", "The database answers", 1)
        yield _gauges("calls_today", "Calls since midnight in China, by outcome", ("outcome",), ended)
        yield _gauge("recordings_due", "Recordings that wait to be finished", due)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"callcenter_{name}", words, value=float(value))


def _counter(name: str, words: str, value: float) -> Metric:
    return CounterMetricFamily(f"callcenter_{name}", words, value=float(value))


def _gauges(name: str, words: str, labels: tuple[str, ...], samples: Iterable[Sample]) -> Metric:
    family = GaugeMetricFamily(f"callcenter_{name}", words, labels=labels)
    for values, value in samples:
        family.add_metric(values, value)
    return family


def _counted(states: Iterable[str]) -> list[Sample]:
    return [((state,), float(count)) for state, count in Counter(states).items()]

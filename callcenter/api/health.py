"""`GET /api/health`: can a call be taken, and if not, which part is at fault."""

import shutil
import time
from dataclasses import dataclass

from fastapi import APIRouter, Response
from pydantic import BaseModel
from redis import Redis
from redis.exceptions import RedisError

from callcenter.api.deps import Api, TheApi
from callcenter.bus import heartbeat, names
from callcenter.errors import CallCenterError
from callcenter.worker.alive import worker_alive

router = APIRouter(tags=["health"])

DISK_LOW_BYTES = 1024**3
DISK_FULL_BYTES = 100 * 1024**2
"""About two hours of one conversation; below it recordings will soon break off."""
REDIS_PATIENCE_S = 2.0
"""Less than a command's: who doubts asks here, and a Redis that hangs must not keep him waiting."""
STANDS_STILL_S = 3.0
"""The engine touches its file twice a second. Redis keeps its last word for five."""


class Part(BaseModel):
    status: str = "ok"
    """ok | warn (calls are taken) | fail"""
    message: str = ""


class Health(BaseModel):
    status: str
    """ok: a call could be taken, now, with all that belongs to it. fail: not."""
    message: str
    parts: dict[str, Part]


@dataclass(frozen=True, kw_only=True)
class Signs:
    """What Redis says of itself and of the others, in one look."""

    fault: str = ""
    beat: heartbeat.Heartbeat | None = None
    worker: bool = False


@router.get("/api/health", responses={503: {"model": Health}})
def health(response: Response, api: TheApi) -> Health:
    """200 when a call could be taken, otherwise 503 with the part at fault."""
    signs = _look(api)
    parts = {
        "database": _database(api),
        "redis": _redis(signs),
        "engine": _engine(api, signs),
        "asterisk": _asterisk(signs),
        "recordings": _recordings(api),
        "worker": _worker(signs),
    }
    faults = [f"{name}: {part.message}" for name, part in parts.items() if part.status == "fail"]
    if faults:
        response.status_code = 503
    return Health(status="fail" if faults else "ok", message="; ".join(faults), parts=parts)


def _look(api: Api) -> Signs:
    try:
        with Redis.from_url(
            api.settings.redis, socket_timeout=REDIS_PATIENCE_S, socket_connect_timeout=REDIS_PATIENCE_S
        ) as redis:
            word = redis.get(names.HEARTBEAT.format(node=api.settings.node))
            return Signs(beat=heartbeat.read(word), worker=worker_alive(redis))
    except (RedisError, OSError) as error:
        return Signs(fault=str(error))


def _database(api: Api) -> Part:
    try:
        api.database.check()
    except CallCenterError as error:
        return Part(status="fail", message=error.message)
    return Part()


def _redis(signs: Signs) -> Part:
    if signs.fault:
        return Part(status="fail", message=f"Redis does not answer ({signs.fault}); seats cannot change their state")
    return Part()


def _still_for(api: Api) -> float | None:
    """Seconds since the engine touched its file. None: none has ever run on this machine."""
    try:
        return time.time() - api.settings.engine_beat.stat().st_mtime
    except OSError:
        return None


def _engine(api: Api, signs: Signs) -> Part:
    beat, still = signs.beat, _still_for(api)
    if beat is None and still is not None and still < STANDS_STILL_S:
        return Part(status="warn", message="the engine runs, but Redis does not carry its word; screens stand still")
    if beat is None:
        return Part(status="fail", message="the engine is silent; Asterisk alone serves the callers until it is back")
    if still is not None and still > STANDS_STILL_S:
        return Part(status="fail", message=f"the engine has stood still for {still:.0f} s; it is about to be ended")
    if beat.asterisk and beat.problem:  # it cannot write, although we can read
        return Part(status="warn", message=beat.problem)
    return Part()


def _asterisk(signs: Signs) -> Part:
    beat = signs.beat
    if signs.fault:
        return Part(status="fail", message="not known while Redis is away")
    if beat is None:
        return Part(status="fail", message="not known while the engine is silent")
    if not beat.asterisk:
        return Part(status="fail", message=beat.problem or "the engine has no link to Asterisk")
    return Part()


def _recordings(api: Api) -> Part:
    folder = api.settings.recordings_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Part(status="fail", message=f"{folder}: {error.strerror}; talks cannot be recorded")
    if free < DISK_FULL_BYTES:
        return Part(status="fail", message=f"{folder}: the disk is full ({free // 1024**2} MB left); make room")
    if free < DISK_LOW_BYTES:
        return Part(status="warn", message=f"{folder}: {free // 1024**2} MB left; make room")
    return Part()


def _worker(signs: Signs) -> Part:
    if signs.fault:
        return Part(status="warn", message="not known while Redis is away")
    if not signs.worker:
        return Part(status="warn", message="no worker runs; recordings wait to be finished")
    return Part()

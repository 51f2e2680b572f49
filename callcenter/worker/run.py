"""The worker process. `callcenter worker` runs it; several may run at once."""

import logging
import multiprocessing
import os
import signal
import sys
import time

from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.serializers import JSONSerializer

from callcenter.alarm import jobs as alarm_jobs  # noqa: F401
from callcenter.config import Settings
from callcenter.message import jobs as message_jobs  # noqa: F401
from callcenter.reconcile import jobs as reconcile_jobs  # noqa: F401  loaded once here, not in every forked job
from callcenter.recording import jobs  # noqa: F401
from callcenter.report.paper import jobs as paper_jobs  # noqa: F401
from callcenter.worker import queues, sweeper

log = logging.getLogger(__name__)

TTL_S = 30
"""RQ lets a waiting worker write its heartbeat every TTL - 15 s."""
MONITORING_S = 10
"""... and a busy one so often."""
REDIS_AGAIN_S = 1.0


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT; a job that runs is finished first. Redis may come later, and may go away."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    companion = multiprocessing.get_context("fork").Process(
        target=_sweep, args=(settings, os.getpid()), name="sweeper", daemon=True
    )
    companion.start()  # before there is any thread or connection that a fork would copy
    for number in (signal.SIGTERM, signal.SIGINT):  # until RQ has set its own, which let a job finish
        signal.signal(number, lambda *_: sys.exit(0))
    redis = Redis.from_url(settings.redis)
    while True:
        _wait_for(redis)
        worker = _worker(redis)
        try:
            worker.work(logging_level="INFO")
        except RedisError as error:
            log.warning("Redis went away: %s", error)
            continue
        if worker._shutdown_requested_date is not None:  # the only trace a stop on request leaves
            return


def _worker(redis: Redis) -> Worker:
    return Worker(
        [queues.queue(redis, name) for name in queues.LIMIT_S],
        connection=redis,
        serializer=JSONSerializer,
        worker_ttl=TTL_S,
        job_monitoring_interval=MONITORING_S,
    )


def _sweep(settings: Settings, parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; the parent decides
    sweeper.run(settings, parent)


def _wait_for(redis: Redis) -> None:
    said = False
    while True:
        try:
            redis.ping()
        except RedisError as error:
            if not said:
                log.warning("waiting for Redis: %s", error)
                said = True
            time.sleep(REDIS_AGAIN_S)
        else:
            return

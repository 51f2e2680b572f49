"""The worker's queues: which work goes where, and how long it may take."""

from collections.abc import Callable
from typing import Final

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

URGENT: Final = "urgent"
"""Somebody waits for it within seconds: seal a recording."""
MESSAGE: Final = "message"
"""Short messages, each an answer of a gateway long."""
SPEECH: Final = "speech"
"""Long and heavy: transcripts."""
REPORT: Final = "report"
"""Files of figures for download."""

LIMIT_S: Final = {URGENT: 300, MESSAGE: 120, SPEECH: 3600, REPORT: 600}
"""A job that runs longer is stopped. Also the order in which the queues are served."""

FAILED_KEPT_S = 24 * 3600


def queue(redis: Redis, name: str) -> Queue:
    return Queue(name, connection=redis, serializer=JSONSerializer, default_timeout=LIMIT_S[name])


def enqueue(redis: Redis, name: str, job: Callable[[str], object], subject: str) -> None:
    """Jobs take one id and travel as JSON: nothing that comes out of Redis is ever unpickled.

    Raises RedisError when Redis is away.
    """
    queue(redis, name).enqueue_call(
        job,
        args=(subject,),
        timeout=LIMIT_S[name],
        result_ttl=0,
        failure_ttl=FAILED_KEPT_S,
        description=f"{job.__name__} {subject}",
    )

"""The HTTP side: wiring only."""

import asyncio
import contextlib
import gc
import logging
import signal
import threading
import time
from collections.abc import AsyncIterator, Callable
from functools import cache
from pathlib import Path

import uvicorn
from fastapi import APIRouter, FastAPI
from redis import Redis
from starlette.routing import BaseRoute

from callcenter import __version__, secrets
from callcenter.account import endpoints as account
from callcenter.account import people_endpoints as people
from callcenter.alarm import endpoints as alarm
from callcenter.alarm.watch import Watch
from callcenter.api import error_handlers, health, live_endpoint, metrics, ui
from callcenter.api.body_limit import BodyLimit
from callcenter.api.deps import Api
from callcenter.api.headers import Headers
from callcenter.call import endpoints as call
from callcenter.callback import endpoints as callback
from callcenter.cloud import endpoints as cloud
from callcenter.config import Settings
from callcenter.consultation import endpoints as consultation
from callcenter.errors import Unavailable
from callcenter.ivr.version import endpoints as flows
from callcenter.job import endpoints as job
from callcenter.knowledge import endpoints as knowledge
from callcenter.message import endpoints as message
from callcenter.message import gateway_endpoints
from callcenter.prompt import endpoints as prompt
from callcenter.reconcile import endpoints as reconcile
from callcenter.report import endpoints as report
from callcenter.report.paper import endpoints as paper
from callcenter.roster import endpoints as roster
from callcenter.seat import endpoints as seat
from callcenter.storage.database import Database, migrate
from callcenter.survey import endpoints as survey
from callcenter.survey import page_endpoints as survey_page
from callcenter.visit import endpoints as visit

log = logging.getLogger(__name__)

REDIS_PATIENCE_S = 10
"""Longer than a command waits for its answer."""
MIGRATED_WITHIN_S = 10.0
DATABASE_AGAIN_S = 2.0


@cache
def _routes() -> list[BaseRoute]:
    """Made once in a process: a route reads the types of what it takes and gives at its first request, which takes as
    long as hundreds of answers. They know nothing of the api they serve."""
    everything = APIRouter()
    for feature in (health, alarm, reconcile, account, seat, call, consultation, knowledge, prompt, cloud, flows):
        everything.include_router(feature.router)
    for figures in (report, paper):
        everything.include_router(figures.router)
    for office in (people, roster, callback, visit, job):
        everything.include_router(office.router)
    for messages in (message, gateway_endpoints, survey, survey_page):
        everything.include_router(messages.router)
    for outlet in (live_endpoint, metrics):
        everything.include_router(outlet.router)
    return everything.routes


def create_app(api: Api, *, screens: Path = ui.DIST, broken: Callable[[], None] = lambda: None) -> FastAPI:
    """`broken` is called when the live feed died of a fault of ours; the process should be started anew."""

    def feed_ended(task: "asyncio.Task[None]") -> None:
        if not task.cancelled() and task.exception() is not None:
            log.critical("live.died", exc_info=task.exception())
            broken()

    @contextlib.asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        feed = asyncio.create_task(api.hub.run())
        feed.add_done_callback(feed_ended)
        yield
        feed.cancel()
        await asyncio.gather(feed, return_exceptions=True)

    app = FastAPI(
        title="callcenter",
        version=__version__,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.api = api
    app.add_middleware(BodyLimit)
    app.add_middleware(Headers, settings=api.settings)
    error_handlers.install(app)
    app.router.routes.extend(_routes())
    ui.mount(app, screens)
    return app


def run(settings: Settings) -> None:
    """Serve until SIGTERM. Without its database too: health and the screens must be able to say that it is away."""
    logging.getLogger("uvicorn.error").addFilter(_is_news)
    database = Database(settings, pool_size=20)
    migrating = threading.Thread(target=_migrate, args=(database,), name="migrate", daemon=True)
    migrating.start()
    migrating.join(MIGRATED_WITHIN_S)
    redis = Redis.from_url(settings.redis, socket_timeout=REDIS_PATIENCE_S, socket_connect_timeout=2)
    api = Api(settings=settings, secrets=secrets.ensure(settings.home), database=database, redis=redis)
    api.knowledge.prepare()
    watch = Watch(settings, database, redis, api.clock)
    threading.Thread(target=watch.run, name="alarms", daemon=True).start()
    app = create_app(api, broken=lambda: signal.raise_signal(signal.SIGTERM))
    gc.freeze()  # as in the engine: screens are told within milliseconds
    uvicorn.run(
        app,
        host=settings.http_host,
        port=settings.http_port,
        access_log=False,  # ours, in headers.py, holds no personal data
        proxy_headers=False,
        server_header=False,
        ws="websockets-sansio",
        ws_max_size=64 * 1024,
        ws_per_message_deflate=False,  # small messages on a local network: time is dearer than bytes
        timeout_graceful_shutdown=3,
        log_config=None,
    )


def _migrate(database: Database) -> None:
    while True:
        try:
            migrate(database)
            return
        except Unavailable as error:
            log.error("api.database-away reason=%s", error.message)
            time.sleep(DATABASE_AGAIN_S)


def _is_news(record: logging.LogRecord) -> bool:
    """uvicorn takes a refused WebSocket, which has its own line already, for a fault of ours."""
    return "without completing handshake" not in record.getMessage()

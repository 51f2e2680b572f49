"""Helpers of these tests: run a story in a loop, wait until something is true, a link to a fake server."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any

from callcenter.asterisk.events import TelephonyEvent
from callcenter.asterisk.link import AmiLink, LinkState, Timing
from tests.fakes.ami_server import SECRET, FakeAmi

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

QUICK = Timing(
    connect=1.0,
    action=0.5,
    list=0.5,
    ping_every=0.2,
    ping=0.3,
    retry_min=0.05,
    retry_max=0.2,
    wrong_secret=0.5,
    booting=1.0,
)


class StandingClock:
    def now(self) -> datetime:
        return NOW


def in_loop(story: Callable[..., Awaitable[None]]) -> Callable[..., None]:
    """Run an async test to its end, at most 20 s."""

    @functools.wraps(story)
    def run(*args: Any, **kwargs: Any) -> None:
        async def limited() -> None:
            async with asyncio.timeout(20):
                await story(*args, **kwargs)

        asyncio.run(limited())

    return run


async def until(condition: Callable[[], object], limit_s: float = 8.0) -> None:
    end = asyncio.get_running_loop().time() + limit_s
    while not condition():
        assert asyncio.get_running_loop().time() < end, "it did not come true in time"
        await asyncio.sleep(0.005)


class Seen(list[TelephonyEvent]):
    """A sink that keeps what it gets."""

    def names(self) -> list[str]:
        return [type(event).__name__ for event in self]


@asynccontextmanager
async def linked(
    ami: FakeAmi,
    *,
    timing: Timing = QUICK,
    secret: str = SECRET,
    ready: bool = True,
) -> AsyncIterator[tuple[AmiLink, Seen]]:
    seen = Seen()
    link = AmiLink("127.0.0.1", ami.port, "engine", secret, seen.append, StandingClock(), timing=timing)
    running = asyncio.create_task(link.run())
    try:
        if ready:
            await until(lambda: link.state is LinkState.READY)
        yield link, seen
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

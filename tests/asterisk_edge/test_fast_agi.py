"""The server itself: deadlines, failures, too many callers, an end. It must never hold a caller for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from callcenter.asterisk.agi_session import AgiSession
from callcenter.asterisk.fast_agi import FastAgiServer
from tests.asterisk_edge.support import in_loop, until
from tests.fakes.agi_caller import Asterisk, FakeCaller


@asynccontextmanager
async def serving(handler: Callable[[AgiSession], Awaitable[None]], **limits: Any) -> Any:
    server = FastAgiServer("127.0.0.1", 0, handler, **limits)
    await server.start()
    try:
        yield server
    finally:
        await server.close()


@in_loop
async def test_a_session_past_its_deadline_is_closed_and_the_caller_goes_on() -> None:
    async def sleeper(session: AgiSession) -> None:
        await asyncio.Event().wait()

    async with serving(sleeper, session_s=0.1) as server:
        caller = await FakeCaller.call(server.port, Asterisk())
        await caller.ended()
        assert (server.failed, server.sessions) == (1, 0)


@in_loop
async def test_a_handler_that_fails_closes_its_session_only() -> None:
    async def broken(session: AgiSession) -> None:
        raise RuntimeError("no")

    async with serving(broken) as server:
        for _ in range(2):
            caller = await FakeCaller.call(server.port, Asterisk())
            await caller.ended()
        assert server.failed == 2


@in_loop
async def test_one_session_too_many_is_turned_away_at_once() -> None:
    hold = asyncio.Event()

    async def waiting(session: AgiSession) -> None:
        await hold.wait()

    async with serving(waiting, max_sessions=2) as server:
        callers = [await FakeCaller.call(server.port, Asterisk()) for _ in range(2)]
        await until(lambda: server.sessions == 2)
        late = await FakeCaller.call(server.port, Asterisk())
        await late.ended()
        assert server.refused == 1
        hold.set()
        for caller in callers:
            await caller.ended()


@in_loop
async def test_a_connection_without_headers_is_dropped_and_costs_nothing() -> None:
    async def unused(session: AgiSession) -> None:
        raise AssertionError("there is no session")

    async with serving(unused) as server:
        for data in (b"", b"agi_network: yes\n", b"x" * 200_000):
            _, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(data)
            writer.close()
        await until(lambda: server.sessions == 0)
        assert server.failed == 0


@in_loop
async def test_closing_the_server_ends_every_session() -> None:
    async def waiting(session: AgiSession) -> None:
        await asyncio.Event().wait()

    async with serving(waiting) as server:
        caller = await FakeCaller.call(server.port, Asterisk())
        await until(lambda: server.sessions == 1)
    await caller.ended()
    assert server.sessions == 0

"""`/api/live`: one screen's WebSocket. Holds no database connection while it streams."""

import asyncio
import contextlib

from fastapi import APIRouter, WebSocket, WebSocketDisconnect
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool

from callcenter.account.service import SignedIn
from callcenter.api.auth import check_origin, cookie_name
from callcenter.api.deps import Api, api_of
from callcenter.api.error_handlers import answer
from callcenter.api.screen import Screen
from callcenter.errors import CallCenterError, NotSignedIn

router = APIRouter()

SIGNED_OUT = 4401
TOO_SLOW = 4408
TRY_LATER = 1013
READY_WITHIN_S = 8.0
STILL_SIGNED_IN_S = 15.0
"""The sign-in is looked at so often. Of those on shift an open screen counts as use."""


@router.websocket("/api/live")
async def live(socket: WebSocket) -> None:
    """Messages `snapshot`, `delta`, `beat`; anything the screen sends is ignored.

    Closes with 4401 when the sign-in ended, 4408 when the screen is too slow, 1013 when the board cannot be read yet.
    """
    api = api_of(socket)
    try:
        check_origin(socket)
        who = await run_in_threadpool(api.accounts.who, socket.cookies.get(cookie_name(api.settings)))
        who.check_whole()
    except CallCenterError as error:
        await socket.send_denial_response(answer(error.status, error.code, error.message))
        return
    await socket.accept()
    try:
        async with asyncio.timeout(READY_WITHIN_S):
            screen = await api.hub.open(who.person.role)
    except TimeoutError:
        await socket.close(TRY_LATER, "the board cannot be read yet")
        return
    try:
        await _serve(socket, screen, api, who)
    finally:
        api.hub.close(screen)


async def _serve(socket: WebSocket, screen: Screen, api: Api, who: SignedIn) -> None:
    """Until the first of the three ends: the screen, the telling, the sign-in."""
    tasks = [
        asyncio.create_task(work)
        for work in (_until_gone(socket), _tell(socket, screen), _until_signed_out(socket, api, who))
    ]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _until_gone(socket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            message = await socket.receive()
            if message["type"] == "websocket.disconnect":
                return


async def _tell(socket: WebSocket, screen: Screen) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while (message := await screen.queue.get()) is not None:
            await socket.send_text(message)
        await socket.close(TOO_SLOW, "this screen cannot keep up")


async def _until_signed_out(socket: WebSocket, api: Api, who: SignedIn) -> None:
    while True:
        await asyncio.sleep(STILL_SIGNED_IN_S)
        try:
            await run_in_threadpool(api.accounts.watches, who.token_hash)
        except NotSignedIn:
            with contextlib.suppress(WebSocketDisconnect, RuntimeError):
                await socket.close(SIGNED_OUT, "signed out")
            return
        except SQLAlchemyError:
            continue  # the database is away: nobody is thrown out for that

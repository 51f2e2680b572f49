"""No request is taken in that is larger than the largest file anybody may hand in: by what it says of itself, and,
for those that say nothing or something else, while it is read."""

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.api.error_handlers import answer
from callcenter.errors import TooLarge

BODY_MAX = 24 * 1024 * 1024
"""Bytes. The largest table of entries has 20 MiB (`knowledge/exchange`), a recorded prompt with its form 12 MiB."""
MESSAGE = f"the request is larger than {BODY_MAX // 1024**2} MiB, the most that is taken; nothing was saved. Split it."


class BodyLimit:
    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"")
        if stated.isdigit() and int(stated[:20]) > BODY_MAX:
            await answer(TooLarge.status, TooLarge.code, MESSAGE)(scope, receive, send)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > BODY_MAX:
                raise HTTPException(TooLarge.status, MESSAGE)  # only this one leaves FastAPI's reading as it is
            return message

        await self._app(scope, limited, send)

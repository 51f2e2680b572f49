"""Security headers on every answer, and an access log without personal data."""

import logging
import time
from typing import Any

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from callcenter.config import EVERYWHERE, Settings

log = logging.getLogger("callcenter.access")


def security_headers(settings: Settings) -> dict[str, str]:
    host = "*" if settings.http_host in EVERYWHERE else settings.http_host
    phone = f"ws://{host}:{settings.ws_port} wss://{host}:{settings.ws_port}"
    policy = {
        "default-src": "'self'",
        "connect-src": f"'self' {phone}",
        "img-src": "'self' data: blob:",
        "media-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "style-src": "'self' 'unsafe-inline'",  # Element Plus places its pop-ups by inline style
        "worker-src": "'self' blob:",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "Permissions-Policy": "microphone=(self), camera=(), geolocation=()",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


class Headers:
    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._headers = security_headers(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, seen = time.monotonic(), {"status": 0}

        async def send_on(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers[name] = value
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        try:
            await self._app(scope, receive, send_on)
        finally:
            _note(scope, seen["status"], time.monotonic() - began)


def _note(scope: Scope, status: int, took: float) -> None:
    """The route's pattern, not the address: an address may hold a call's id or a number that was searched for."""
    route: Any = scope.get("route")
    path = getattr(route, "path", "-") or "-"
    log.info("http method=%s route=%s status=%d ms=%.1f", scope["method"], path, status, took * 1000)

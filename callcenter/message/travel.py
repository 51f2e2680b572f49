"""What a fault on the way to a gateway means: it certainly never heard of the message, or nobody knows."""

from collections.abc import Callable

import httpx

from callcenter.message.gateway import Answer, Lost, NotSent

PATIENCE_S = 20.0
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
)


def carried(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except _NEVER_LEFT as error:
        return NotSent(f"the gateway cannot be reached: {type(error).__name__}")
    except httpx.HTTPError as error:
        return Lost(f"the gateway's answer was lost: {type(error).__name__}")

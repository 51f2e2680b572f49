"""Which Redis serves this home: our own, or one that runs already."""

import socket
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from callcenter.config import Settings
from callcenter.errors import BadInput, Unavailable

LOOPBACK = ("127.0.0.1", "localhost", "::1")


@dataclass(frozen=True, slots=True)
class OwnRedis:
    """Started and stopped by us: on a socket, or on a loopback port when the setting names one."""

    socket: Path | None = None
    port: int = 0
    password: str = ""


def own(settings: Settings) -> OwnRedis | None:
    """None: the Redis of `redis_url` runs already. Raises Unavailable when it should and does not."""
    url = urlsplit(settings.redis)
    if url.scheme == "unix":
        path = Path(unquote(url.path))
        if not settings.redis_url:
            return OwnRedis(socket=path)
        return None if _answers(socket.AF_UNIX, str(path)) else OwnRedis(socket=path)
    if url.scheme not in ("redis", "rediss") or not url.hostname:
        raise BadInput(f"redis_url: {settings.redis} is not of the form redis://host:port/0 or unix:///path")
    port = url.port or 6379
    if _answers(socket.AF_INET6 if ":" in url.hostname else socket.AF_INET, (url.hostname, port)):
        return None
    if url.scheme == "redis" and url.hostname in LOOPBACK:
        return OwnRedis(port=port, password=unquote(url.password or ""))
    raise Unavailable(f"no Redis answers at {url.hostname}:{port}. Start it, or leave CALLCENTER_REDIS_URL unset.")


def _answers(family: int, address: str | tuple[str, int]) -> bool:
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        trial.settimeout(2)
        try:
            trial.connect(address)
        except OSError:
            return False
    return True

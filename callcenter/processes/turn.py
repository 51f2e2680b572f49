"""The TURN server: carries the sound of browsers whose network lets it through to one port only, or by TCP only."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from callcenter import secrets
from callcenter.confgen.machine import loopback, own_addresses
from callcenter.config import EVERYWHERE, Settings
from callcenter.errors import Unavailable

PROGRAM = "turnserver"


@dataclass(frozen=True, slots=True)
class OwnTurn:
    """Started and stopped by us. It reaches nothing but this machine's Asterisk."""

    port: int
    listen: str
    """Empty: on every address."""
    peers: tuple[str, ...]
    """Where Asterisk sends and takes sound. The first one is where it relays from."""
    on_loopback: bool
    realm: str
    key: str


def own(settings: Settings) -> OwnTurn | None:
    """None: not asked for. Raises Unavailable when it is, and its program is not installed."""
    if not settings.turn_port:
        return None
    if shutil.which(PROGRAM) is None:
        raise Unavailable(
            f"CALLCENTER_TURN_PORT={settings.turn_port} asks for a TURN server, and there is no program {PROGRAM}. "
            "`apt-get install --no-install-recommends coturn`, or leave the setting out."
        )
    inside = loopback(settings.http_host)
    return OwnTurn(
        port=settings.turn_port,
        listen="" if settings.http_host in EVERYWHERE else inside or settings.http_host,
        peers=(*own_addresses(), *([inside] if inside else [])),
        on_loopback=inside is not None,
        realm=settings.hotline_number,
        key=secrets.ensure(settings.home).turn_key(),
    )


def conf(settings: Settings) -> Path:
    return settings.home / "turn" / "turnserver.conf"


def command(settings: Settings) -> list[str]:
    return [PROGRAM, "-c", str(conf(settings))]

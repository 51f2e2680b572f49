"""What runs, and the files that tell supervisord, Redis and the TURN server so."""

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from callcenter.confgen.installation import Installation
from callcenter.config import Settings
from callcenter.processes import turn as turnserver
from callcenter.processes.bus import OwnRedis
from callcenter.processes.telephone_user import TelephoneUser
from callcenter.processes.turn import OwnTurn

TEMPLATES = Path(__file__).parent / "templates"
OUR_OWN = ("engine", "api", "worker")
"""Verbs of `callcenter`, each one process."""


@dataclass(frozen=True, slots=True)
class Program:
    name: str
    command: str
    directory: str
    base: bool = False
    """Others stand on it: stopped last."""
    user: str = ""
    forks: bool = False


def programs(
    settings: Settings, installation: Installation, redis: OwnRedis | None, turn: OwnTurn | None, user: TelephoneUser
) -> list[Program]:
    home = _doubled(str(settings.home))
    asterisk_conf = settings.asterisk_dir / "etc" / "asterisk.conf"
    asterisk = [*installation.command, "-f", "-C", str(asterisk_conf)]
    found = [
        Program(
            "asterisk", _command(asterisk), _doubled(str(settings.asterisk_dir / "spool")), base=True, user=user.name
        )
    ]
    if redis:
        found.append(Program("redis", _command(["redis-server", str(redis_conf(settings))]), home, base=True))
    if turn:
        found.append(Program("turn", _command(turnserver.command(settings)), home, base=True))
    callcenter = [sys.executable, "-m", "callcenter"]
    # The folder of `callcenter run`: callcenter.toml is read from there.
    here = _doubled(str(Path.cwd()))
    found += [Program(verb, _command([*callcenter, verb]), here, forks=verb == "worker") for verb in OUR_OWN]
    if settings.speech_model is not None:
        found.append(Program("speech", _command([*callcenter, "speech", "serve"]), here))
    return found


def redis_conf(settings: Settings) -> Path:
    return settings.home / "redis" / "redis.conf"


def supervisor_conf(settings: Settings) -> Path:
    return settings.home / "supervisord.conf"


def write(settings: Settings, running: list[Program], redis: OwnRedis | None, turn: OwnTurn | None) -> None:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,  # noqa: S701 - no HTML
    )
    values = {
        "log_dir": _doubled(str(settings.log_dir)),
        "run_dir": _doubled(str(settings.run_dir)),
        "programs": running,
        "redis": redis,
        "redis_dir": redis_conf(settings).parent,
        "turn": turn,
        "turn_dir": turnserver.conf(settings).parent,
    }
    asked = {supervisor_conf(settings): True, redis_conf(settings): redis, turnserver.conf(settings): turn}
    for path in (path for path, wanted in asked.items() if wanted):
        path.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(environment.get_template(path.name).render(values))


def _command(words: list[str]) -> str:
    """As supervisord wants it. Each program dies with supervisord, however that ends: nothing is left behind."""
    guarded = ["setpriv", "--pdeathsig", "TERM", "--", *words]
    return _doubled(shlex.join(guarded))


def _doubled(text: str) -> str:
    """supervisord puts values in where it finds a percent sign."""
    return text.replace("%", "%%")

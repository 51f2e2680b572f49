"""`callcenter run`: everything of one home, in the foreground, until Ctrl-C or SIGTERM."""

import fcntl
import os
import resource
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import IO

from callcenter.confgen import installation
from callcenter.config import Settings
from callcenter.errors import Conflict, Unavailable
from callcenter.processes import bus, first_start, ports, programs, telephone_user, turn
from callcenter.processes.engine_watch import LOOK_EVERY_S, EngineWatch
from callcenter.processes.supervision import TICK_S, Supervision, health

PATIENCE_S = 20.0
"""After so long without being ready we say what is missing, and again each time."""


class AlreadyRunning(Conflict):
    code = "already-running"


def run(settings: Settings) -> int:
    """Exit status: 0 stopped when asked to, 1 supervisord ended by itself. Raises before anything is started."""
    os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # memory holds callers' numbers and the keys to them
    asterisk = installation.find()
    settings.home.mkdir(parents=True, exist_ok=True)
    settings.run_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _only_one(settings.run_dir / "callcenter.lock"):
        ports.check(ports.needed(settings))
        redis, relay = bus.own(settings), turn.own(settings)
        user = telephone_user.choose([settings.home.parent, asterisk.modules, Path(asterisk.command[-1])])
        first_start.make_folders(settings, user)
        accounts = first_start.prepare(settings, asterisk, user, _say)
        running = programs.programs(settings, asterisk, redis, relay, user)
        programs.write(settings, running, redis, relay)
        conf = settings.asterisk_dir / "etc" / "asterisk.conf"
        if not conf.is_file():  # Asterisk would start with its stock configuration on the public ports
            raise Unavailable(f"{conf} is missing although it was just written; look at the disk.")
        if accounts:
            _show(accounts)
        _say("Starting ...")
        return _watch(settings, Supervision(programs.supervisor_conf(settings)))


def _watch(settings: Settings, supervision: Supervision) -> int:
    asked_to_stop = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked_to_stop
        asked_to_stop = True

    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(name, stop)
    ready, complain_at, look_at = False, time.monotonic() + PATIENCE_S, 0.0
    watch = EngineWatch(settings.engine_beat, supervision.family)
    while not asked_to_stop and supervision.ended() is None:
        time.sleep(TICK_S)
        if time.monotonic() < look_at:
            continue
        look_at = time.monotonic() + LOOK_EVERY_S
        if watch.look():
            _say("The engine stood still and was ended; a new one starts.")
        if not ready:
            answer = health(settings.http_host, settings.http_port)
            ready = answer is not None and answer.get("status") == "ok"
            if ready:
                _say(_addresses(settings))
            elif time.monotonic() > complain_at:
                missing = (answer or {}).get("message") or "the api does not answer"
                _say(f"Not ready: {missing}. Logs: {settings.log_dir}")
                complain_at = time.monotonic() + PATIENCE_S
    if asked_to_stop:
        _say("Stopping ...")
    supervision.stop()
    if asked_to_stop:
        _say("Stopped.")
        return 0
    _say(f"supervisord ended by itself. Its log: {settings.log_dir / 'supervisord.log'}")
    return 1


@contextmanager
def _only_one(path: Path) -> Iterator[None]:
    """One run per home. The lock goes with the process that holds it."""
    with path.open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(
                f"{path.parent}: already running, process {_text(file)}. Stop that one first."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def _text(file: IO[str]) -> str:
    file.seek(0)
    return file.read().strip() or "unknown"


def _addresses(settings: Settings) -> str:
    web = f"http://{settings.http_host}:{settings.http_port}"
    lines = {
        "Screens": f"{web}/",
        "Wallboard": f"{web}/wallboard",
        "Dial in": f"sip:{settings.hotline_number}@{settings.sip_host}:{settings.sip_port} (UDP)"
        f" from {', '.join(settings.trunk_addresses)}",
        "Browsers' phones": f"ws://{settings.http_host}:{settings.ws_port}/ws",
        "Logs": str(settings.log_dir),
    }
    shown = "\n".join(f"  {name:<17} {value}" for name, value in lines.items())
    return f"{settings.hotline_number} is ready.\n{shown}\nStop with Ctrl-C."


def _show(accounts: list[tuple[str, str]]) -> None:
    rows = "\n".join(f"  {name:<11} {password}" for name, password in accounts)
    _say(f"Accounts made now. Their passwords are shown this once:\n{rows}")


def _say(text: str) -> None:
    with suppress(OSError):  # a full disk, a terminal that is gone: no reason to end the calls
        print(text, flush=True)  # noqa: T201 - the command line's own output

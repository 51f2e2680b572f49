"""supervisord as our child: started, watched until a call can be taken, and stopped with all that it started."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

STOP_LIMIT_S = 10.0
"""Two groups, 4 s each at most, and what supervisord itself needs."""
TICK_S = 0.1
HEALTH_TIMEOUT_S = 3.0


class Supervision:
    def __init__(self, conf: Path) -> None:
        # A session of its own: Ctrl-C reaches us alone, and we stop the rest in order.
        # Should we be killed, the kernel stops supervisord for us.
        self._child = subprocess.Popen(
            ["setpriv", "--pdeathsig", "TERM", "--", sys.executable, "-m", "supervisor.supervisord", "-c", str(conf)],
            stdin=subprocess.DEVNULL,
            # It tells there that it cannot write its logs, and dies when it cannot tell even that: on a full disk a
            # redirected output would end every call. What it says otherwise is in its own log.
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def ended(self) -> int | None:
        """Exit status, None while it runs."""
        return self._child.poll()

    def family(self) -> dict[int, str]:
        """As `descendants`, of supervisord."""
        return descendants(self._child.pid)

    def stop(self) -> None:
        """Returns when nothing of it is left."""
        family = descendants(self._child.pid)
        if self.ended() is None:
            self._child.send_signal(signal.SIGTERM)
        try:
            self._child.wait(STOP_LIMIT_S)
        except subprocess.TimeoutExpired:
            family |= descendants(self._child.pid)
            self._child.kill()
            self._child.wait()
        if not until_gone(family, 1.0):
            kill(family)


def descendants(pid: int) -> dict[int, str]:
    """Processes started by `pid`, at any depth -> when each was started, so that a reused number is not mistaken."""
    parents = {other: _stat(other) for other in map(int, filter(str.isdigit, os.listdir("/proc")))}
    found: dict[int, str] = {}
    fresh = {pid}
    while fresh:
        fresh = {child for child, stat in parents.items() if stat and int(stat[1]) in fresh and child not in found}
        found |= {child: parents[child][19] for child in fresh}
    return found


def health(host: str, port: int) -> dict[str, Any] | None:
    """The answer of `/api/health`, None while nobody answers."""
    name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"http://{name}:{port}/api/health", timeout=HEALTH_TIMEOUT_S) as answer:
            return _dict(answer.read())
    except urllib.error.HTTPError as error:
        return _dict(error.read())
    except OSError:
        return None


def _dict(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _stat(pid: int) -> list[str]:
    """Fields of /proc/PID/stat after the name: state, parent, ...; empty when it is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def kill(processes: dict[int, str]) -> None:
    for pid, started in processes.items():
        if _runs(pid, started):
            os.kill(pid, signal.SIGKILL)


def until_gone(processes: dict[int, str], limit_s: float) -> bool:
    """True when none of these processes runs any more."""
    end = time.monotonic() + limit_s
    while any(_runs(pid, started) for pid, started in processes.items()):
        if time.monotonic() > end:
            return False
        time.sleep(TICK_S)
    return True


def _runs(pid: int, started: str) -> bool:
    stat = _stat(pid)
    return bool(stat) and stat[0] != "Z" and stat[19] == started

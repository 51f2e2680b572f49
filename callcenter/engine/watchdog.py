"""Ends an engine that hangs. Its sockets close, every caller in a menu goes on in the plain dialplan, and the process
supervisor starts a new engine. A caller must never wait for a program that does not answer."""

import asyncio
import contextlib
import faulthandler
import logging
import os
import sys
import threading
import time
from pathlib import Path

log = logging.getLogger(__name__)

HUNG_AFTER_S = 5.0
BEAT_S = 0.5
EXIT_CODE = 70
"""EX_SOFTWARE."""


class Watchdog:
    """The loop beats; a thread listens. So does `processes/engine_watch.py`, for a process that stands still."""

    def __init__(self, beat_file: Path, hung_after_s: float = HUNG_AFTER_S) -> None:
        """`beat_file`: holds our process id; its time changes with every beat."""
        self._file = beat_file
        self._hung_after = hung_after_s
        self._beat_at = time.monotonic()

    async def run(self) -> None:
        threading.Thread(target=self._listen, name="watchdog", daemon=True).start()
        with contextlib.suppress(OSError):
            self._file.write_text(str(os.getpid()))
        while True:
            self._beat_at = time.monotonic()
            with contextlib.suppress(OSError):
                os.utime(self._file)
            await asyncio.sleep(BEAT_S)

    def _listen(self) -> None:
        while (silent := time.monotonic() - self._beat_at) < self._hung_after:
            time.sleep(max(self._hung_after - silent, 0.05))
        log.critical("watchdog.hung seconds=%.1f: ending, so that callers go on in the dialplan", silent)
        faulthandler.dump_traceback(file=sys.stderr)
        os._exit(EXIT_CODE)

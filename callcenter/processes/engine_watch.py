"""Ends an engine that cannot do it itself (`engine/watchdog.py` lives in the process that it watches): one that was
stopped, or that gets no processor. Until its sockets close, callers in a menu hear nothing, and new ones are accepted
by the kernel in its name.
"""

import os
import signal
from collections.abc import Callable, Collection
from pathlib import Path

LOOK_EVERY_S = 0.5
GONE_AFTER_LOOKS = 16
"""8 s, longer than the engine's own watchdog waits. Looks, not seconds: if we were stopped ourselves, nobody missed a
beat."""


class EngineWatch:
    def __init__(self, beat_file: Path, ours: Callable[[], Collection[int]]) -> None:
        """`ours`: processes that we may end. The number in the file may be another program's by now."""
        self._file = beat_file
        self._ours = ours
        self._beat = 0
        self._missed = 0

    def look(self) -> bool:
        """Called every `LOOK_EVERY_S`. True when an engine was ended."""
        try:
            beat = self._file.stat().st_mtime_ns
            if beat != self._beat:
                self._beat, self._missed = beat, 0
                return False
            self._missed += 1
            if self._missed != GONE_AFTER_LOOKS:
                return False
            pid = int(self._file.read_text())
            if pid not in self._ours():
                return False
            os.kill(pid, signal.SIGKILL)
        except (OSError, ValueError):
            return False  # there is none, or it is gone by itself
        return True

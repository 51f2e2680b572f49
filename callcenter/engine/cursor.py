"""Notes how far Asterisk's CEL file is surely on record, so that a new engine need not read it from the beginning.

"Surely": what the file held some seconds ago, while the engine was in step all the time and the pump had nothing
waiting.
"""

import asyncio
import os
from collections import deque
from pathlib import Path

from callcenter.asterisk.link import AmiLink, LinkState
from callcenter.engine.pump import Pump
from callcenter.engine.resync import Resync

EVERY_S = 5.0
SETTLED_AFTER = 3
"""Looks at the file, `EVERY_S` apart, before its size counts: 15 s, more than an event may be late."""


class CelCursor:
    def __init__(self, cel_file: Path, link: AmiLink, pump: Pump, resync: Resync) -> None:
        self._file = cel_file
        self._resync = resync
        self._link = link
        self._pump = pump
        self._sizes: deque[tuple[int, int]] = deque(maxlen=SETTLED_AFTER)
        self._kept: tuple[int, int] | None = None

    async def run(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            self.look()

    def look(self) -> None:
        if self._link.state is not LinkState.READY or not self._pump.synced or self._pump.inbox.qsize() > 100:
            self._sizes.clear()
            return
        try:
            status = os.stat(self._file)
        except FileNotFoundError:
            return
        if len(self._sizes) == SETTLED_AFTER and (oldest := self._sizes[0]) != self._kept:
            self._kept = self._resync.cursor = oldest
            self._pump.keep_cursor(*oldest)
        self._sizes.append((status.st_ino, status.st_size))

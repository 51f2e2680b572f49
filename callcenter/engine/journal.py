"""The ordered writer. The pump hands steps over and never waits; one thread writes them, in order, each whole.

While the database is away, steps wait in memory and in a file of the home, so that neither a long outage nor a kill
loses one; when it is back they are written in order. The file's steps carry numbers: none is written twice.
"""

import errno
import logging
import os
import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection

from callcenter.bus.envelope import Envelope
from callcenter.clock import Clock
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step import Step, from_json
from callcenter.ids import NodeName
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

RETRY_S = 1.0
GATHER_S = 0.01
"""So long a step waits for others to share its commit: what one moment of a call brings comes within milliseconds."""
GROUP = 50
"""Steps that may share a commit when they wait anyway."""
AWAY = (OperationalError, InterfaceError, InternalError, NoConnection)
"""No fault of a step. InternalError: PostgreSQL is read-only, as a standby is until it takes over."""
EVERY_S = 0.05
"""Commits follow each other no faster: on a busy line one takes five or ten steps, and a commit costs as much as they
do. A screen learns of an event so much later at most; the first after a pause goes at once."""


WrittenSteps = Callable[[Sequence[Step], Sequence[Envelope]], None]


class Journal:
    """`written` is called in the writer thread, after the commit, with the new envelopes."""

    def __init__(
        self,
        database: Database,
        node: NodeName,
        clock: Clock,
        home: Path,
        written: WrittenSteps,
    ) -> None:
        self._database = database
        self._node = node
        self._clock = clock
        self._file = home / f"journal-{node}.jsonl"
        self._aside = self._file.with_suffix(".refused")
        self._written = written
        self._inbox: queue.Queue[Step | None] = queue.Queue()
        self._waiting: deque[Step] = deque()
        self._away = False
        self._file_whole = False
        self._wrote_at = 0.0
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @property
    def away(self) -> bool:
        """The database did not take the last step; steps are kept in the file."""
        return self._away

    @property
    def alive(self) -> bool:
        """The writer runs. Without it nothing would be recorded, and nobody would notice."""
        return self._thread.is_alive()

    @property
    def backlog(self) -> int:
        return self._inbox.qsize() + len(self._waiting)

    def recover(self) -> int:
        """Take over what an earlier engine kept in the file. Returns the number of its newest step, 0 for none.

        Called before the first `put`; the steps are written at once if the database is there. Nobody is told of them
        here: who wants to know begins with what the database holds then.
        """
        if self._file.exists():
            self._waiting.extend(self._kept())
            log.warning("journal.recovered steps=%d", len(self._waiting))
        newest = max((step.number for step in self._waiting), default=0)
        self._flush(lambda _steps, _envelopes: None)
        return newest

    def _kept(self) -> Iterator[Step]:
        for line in self._file.read_bytes().splitlines(keepends=True):
            try:
                yield from_json(line.decode())
            except (ValueError, TypeError, KeyError):
                if line.endswith(b"\n"):  # otherwise torn by the kill, which is to be expected
                    log.error("journal.line_unreadable kept_in=%s", self._aside)
                    _append(self._aside, line)

    def start(self) -> None:
        self._thread.start()

    def put(self, step: Step) -> None:
        self._inbox.put(step)

    def stop(self) -> None:
        """Write what waits, or leave it in the file, and end."""
        self._inbox.put(None)
        self._thread.join(timeout=10)

    def _run(self) -> None:
        ending = False
        while not ending:
            ending = self._take(block_s=RETRY_S if self._waiting else None)
            self._flush(self._written)

    def _take(self, block_s: float | None) -> bool:
        """Move new steps to the waiting ones. True when the end was asked for."""
        try:
            step = self._inbox.get(timeout=block_s)
        except queue.Empty:
            return False
        if step is not None:
            time.sleep(max(GATHER_S, self._wrote_at + EVERY_S - time.monotonic()))
            self._wrote_at = time.monotonic()
        while True:
            if step is None:
                return True
            self._waiting.append(step)
            if self._away:
                self._keep(step)
            try:
                step = self._inbox.get_nowait()
            except queue.Empty:
                return False

    def _flush(self, written: WrittenSteps) -> None:
        size = GROUP
        while self._waiting:
            group = list(islice(self._waiting, size))
            try:
                envelopes = self._write(group)
            except AWAY as error:
                self._went_away(error)
                return
            except Exception as error:  # whatever a step holds, it must not end the only writer
                if len(group) > 1:
                    size = 1
                else:
                    self._set_aside(error)
                continue
            for _ in group:
                self._waiting.popleft()
            written(group, envelopes)
        if self._away or self._file.exists():
            self._file.unlink(missing_ok=True)
            log.warning("journal.database_back")
            self._away = False

    def _write(self, group: Sequence[Step]) -> list[Envelope]:
        now = self._clock.now()
        with self._database.begin() as session:
            return EngineRepository(session, self._node).write(group, now)

    def _set_aside(self, error: Exception) -> None:
        """The database refuses this step for what is in it: a defect. It must not hold up all others."""
        step = self._waiting.popleft()
        log.error("journal.step_refused step=%d kept_in=%s reason=%s", step.number, self._aside, _reason(error))
        try:
            _append(self._aside, _line(step))
        except OSError as failed:
            log.error("journal.file_failed reason=%s; step %d is lost", failed, step.number)

    def _went_away(self, error: Exception) -> None:
        if not self._away:
            self._away, self._file_whole = True, False  # an earlier engine's last line may be torn
            log.error("journal.database_away reason=%s", _reason(error))
            self._keep()

    def _keep(self, step: Step | None = None) -> None:
        """This step too; or all that waits, when the file lacks some of it: a gap in it would not be seen later."""
        try:
            if step is not None and self._file_whole:
                _append(self._file, _line(step))
            else:
                whole = self._file.with_suffix(".new")
                whole.unlink(missing_ok=True)
                _append(whole, b"".join(map(_line, self._waiting)))
                os.replace(whole, self._file)
            self._file_whole = True
        except OSError as error:
            self._file_whole = False
            log.error("journal.file_failed reason=%s; steps are kept in memory only", error)


def _line(step: Step) -> bytes:
    return step.to_json().encode() + b"\n"


def _append(path: Path, lines: bytes) -> None:
    """All of it or, on a full disk, nothing: half a line would spoil the next one."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with open(descriptor, "ab", buffering=0) as file:
        before = os.fstat(descriptor).st_size
        try:
            done = file.write(lines)
            if done < len(lines):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError:
            os.ftruncate(descriptor, before)
            raise


def _reason(error: Exception) -> str:
    return str(getattr(error, "orig", error)).partition("\n")[0]

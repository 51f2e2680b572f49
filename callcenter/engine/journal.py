"""The ordered writer. The pump hands steps over and never waits; one thread writes them, in order, each whole.

While the database is away, steps wait in memory and in a file of the home, so that neither a long outage nor a kill
loses one; when it is back they are written in order. The file's steps carry numbers: none is written twice.
"""

import logging
import queue
import threading
from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from callcenter.bus.envelope import Envelope
from callcenter.clock import Clock
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step import Step, from_json
from callcenter.ids import NodeName
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

RETRY_S = 1.0
GROUP = 50
"""Steps that may share a commit when they wait anyway."""


class Journal:
    """`written` is called in the writer thread, after the commit, with the new envelopes."""

    def __init__(
        self,
        database: Database,
        node: NodeName,
        clock: Clock,
        home: Path,
        written: Callable[[Sequence[Step], Sequence[Envelope]], None],
    ) -> None:
        self._database = database
        self._node = node
        self._clock = clock
        self._file = home / f"journal-{node}.jsonl"
        self._written = written
        self._inbox: queue.Queue[Step | None] = queue.Queue()
        self._waiting: deque[Step] = deque()
        self._away = False
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @property
    def away(self) -> bool:
        """The database did not take the last step; steps are kept in the file."""
        return self._away

    @property
    def backlog(self) -> int:
        return self._inbox.qsize() + len(self._waiting)

    def recover(self) -> int:
        """Take over what an earlier engine kept in the file. Returns the number of its newest step, 0 for none.

        Called before the first `put`; the steps are written at once if the database is there.
        """
        if self._file.exists():
            whole = [line for line in self._file.read_text().splitlines(keepends=True) if line.endswith("\n")]
            self._waiting.extend(from_json(line) for line in whole)
            log.warning("journal.recovered steps=%d", len(self._waiting))
        newest = self._waiting[-1].number if self._waiting else 0
        self._flush()
        return newest

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
            self._flush()

    def _take(self, block_s: float | None) -> bool:
        """Move new steps to the waiting ones. True when the end was asked for."""
        try:
            step = self._inbox.get(timeout=block_s)
        except queue.Empty:
            return False
        while True:
            if step is None:
                return True
            if self._away:
                self._keep([step])
            self._waiting.append(step)
            try:
                step = self._inbox.get_nowait()
            except queue.Empty:
                return False

    def _flush(self) -> None:
        size = GROUP
        while self._waiting:
            group = list(islice(self._waiting, size))
            try:
                envelopes = self._write(group)
            except (OperationalError, InterfaceError) as error:
                self._went_away(error)
                return
            except DBAPIError as error:
                if len(group) > 1:
                    size = 1
                else:
                    self._set_aside(error)
                continue
            for _ in group:
                self._waiting.popleft()
            self._written(group, envelopes)
        if self._away or self._file.exists():
            self._file.unlink(missing_ok=True)
            log.warning("journal.database_back")
            self._away = False

    def _write(self, group: Sequence[Step]) -> list[Envelope]:
        now = self._clock.now()
        with self._database.begin() as session:
            repository = EngineRepository(session, self._node)
            return [envelope for step in group for envelope in repository.write(step, now)]

    def _set_aside(self, error: DBAPIError) -> None:
        """The database refuses this step for what is in it: a defect. It must not hold up all others."""
        step = self._waiting.popleft()
        aside = self._file.with_suffix(".refused")
        with aside.open("a", encoding="utf-8") as file:
            file.write(step.to_json() + "\n")
        log.error("journal.step_refused step=%d kept_in=%s reason=%s", step.number, aside, error.orig)

    def _went_away(self, error: DBAPIError) -> None:
        if not self._away:
            log.error("journal.database_away reason=%s", str(error.orig).splitlines()[0])
            self._away = True
            self._keep(self._waiting)

    def _keep(self, steps: Sequence[Step] | deque[Step]) -> None:
        try:
            with self._file.open("a", encoding="utf-8") as file:
                self._file.chmod(0o600)
                file.writelines(step.to_json() + "\n" for step in steps)
        except OSError as error:
            log.error("journal.file_failed reason=%s; steps are kept in memory only", error)

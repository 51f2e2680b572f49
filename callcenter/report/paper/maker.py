"""Makes one file that was asked for. Whoever claims it in the database makes it; a dead maker is replaced."""

import logging
import os
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from callcenter import typefaces
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import CallCenterError
from callcenter.report.paper import calls_sheet, html, pdf, words, xlsx
from callcenter.report.paper.compose import compose, digest
from callcenter.report.paper.period import period
from callcenter.report.paper.places import place
from callcenter.report.paper.state import BEAT_S, PaperState, may_begin
from callcenter.report.paper.table import PaperRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)


class Stopped(Exception):
    """Somebody cancelled it, or another maker has it now."""


@dataclass(frozen=True, slots=True)
class Found:
    """The row as it was when it was claimed."""

    row: PaperRow
    run: str


class Maker:
    def __init__(self, settings: Settings, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock

    def make(self, id_: str) -> bool:
        """Whether it was made by this call. May be called any number of times. What fails is kept as the reason."""
        found = self._claim(id_)
        if found is None:
            return False
        try:
            with self._beating(found):
                self._calls(found) if found.row.kind == "calls" else self._report(found)
        except Stopped:
            log.info("paper.stopped id=%s", id_)
            return False
        except (CallCenterError, OSError, SQLAlchemyError) as error:
            reason = error.message if isinstance(error, CallCenterError) else f"{type(error).__name__}, see the log"
            log.error("paper.failed id=%s reason=%s", id_, str(error).splitlines()[0])
            self._set(found, state=PaperState.FAILED, problem=reason)
            return False
        return True

    def _claim(self, id_: str) -> Found | None:
        now = self._clock.now()
        with self._database.begin() as session:
            row = session.get(PaperRow, id_, with_for_update=True)
            if row is None or not may_begin(row.state, row.beat_at, now):
                return None
            run = uuid.uuid4().hex
            row.state, row.run, row.beat_at, row.progress, row.problem = PaperState.MAKING, run, now, 0, ""
        return Found(row, run)

    def _report(self, found: Found) -> None:
        row = found.row
        span = period(row.kind, row.of)
        tell = self._tell(found)
        with self._database.read() as session:
            paper = compose(session, self._settings, self._vault, span, self._clock.now(), tell)
        said = digest(paper)
        seen = {"checked_at": self._clock.now(), "state": PaperState.MADE, "progress": 100}
        if said == row.digest and row.upto == paper.upto and not row.person:
            self._set(found, **seen)
            return
        wrong_before = row.version > 0 and row.upto is not None and row.upto >= span.end and said != row.digest
        corrected_at = self._clock.now() if wrong_before else row.corrected_at
        paper = replace(paper, corrected=corrected_at is not None)
        version = row.version + 1
        files = ["xlsx", "html"]
        self._write(row.id, version, "xlsx", lambda path: xlsx.write(paper, path))
        self._write(row.id, version, "html", lambda path: html.write(paper, path, typefaces.from_site()))
        tell(95)
        if pdf.chromium():
            try:
                self._write(row.id, version, "pdf", lambda path: pdf.write(paper, path))
                files.append("pdf")
            except pdf.NoPdf as error:
                log.warning("paper.no-pdf id=%s reason=%s", row.id, error.message)
        made = {"made_at": paper.made_at, "upto": paper.upto, "version": version, "digest": said, "files": files}
        self._set(found, **seen, **made, corrected_at=corrected_at, person="")

    def _calls(self, found: Found) -> None:
        row = found.row
        wanted, tell = calls_sheet.from_asked(row.asked), self._tell(found)
        places = words.places(self._settings)

        def write(path: Path) -> None:
            with self._database.read() as session:
                calls_sheet.write(session, self._vault, wanted, places, path, tell)

        self._write(row.id, 1, "xlsx", write)
        now = self._clock.now()
        made = {"made_at": now, "upto": now, "version": 1, "files": ["xlsx"], "checked_at": now}
        self._set(found, state=PaperState.MADE, progress=100, **made)

    def _write(self, id_: str, version: int, form: str, write: Callable[[Path], None]) -> None:
        """Whole or not at all: under another name first."""
        path = place(self._settings, id_, version, form)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = path.with_name(f".{uuid.uuid4().hex}.part")
        try:
            write(part)
            part.chmod(0o600)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)

    def _tell(self, found: Found) -> Callable[[int], None]:
        said = -1

        def tell(percent: int) -> None:
            nonlocal said
            if percent > said:
                said = percent
                self._set(found, progress=percent)

        return tell

    def _set(self, found: Found, **values: object) -> None:
        """Raises Stopped when it is not ours any more."""
        with self._database.begin() as session:
            row = session.get(PaperRow, found.row.id, with_for_update=True)
            if row is None or row.run != found.run or row.state != PaperState.MAKING:
                raise Stopped
            row.beat_at = self._clock.now()
            for name, value in values.items():
                setattr(row, name, value)

    @contextmanager
    def _beating(self, found: Found) -> Iterator[None]:
        """Signs of life while one question takes long."""
        over = threading.Event()

        def beat() -> None:
            while not over.wait(BEAT_S):
                with suppress(Stopped, SQLAlchemyError):
                    self._set(found)

        thread = threading.Thread(target=beat, name="paper-beat", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join(BEAT_S)

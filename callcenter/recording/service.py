"""Seal a finished recording: two files of Asterisk's become one, with its checksum and figures in the row.

May run at any time, any number of times, in several processes at once, and be killed anywhere:

    parts ── write `.stem.wav.unfinished` ── rename to `stem.wav` ── commit the row ── remove the parts

Up to the commit the row is `due` and the parts are there, so the next run does it all again with the same result.
After it, the next run only removes what is left of the parts. Nothing is removed before the row stands.
"""

import errno
import logging
from datetime import datetime

from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import BadInput, CallCenterError
from callcenter.recording import empties, files, repository, wav
from callcenter.recording.files import Files
from callcenter.recording.model import GIVE_UP, GRACE, Measured, RecordingState
from callcenter.recording.table import RecordingRow
from callcenter.storage.database import Database

log = logging.getLogger(__name__)


class NoSound(CallCenterError):
    code = "no-sound"


class NotYet(Exception):
    """The recording stays due; the sweeper reminds again. The text is kept in the row when `shown`."""

    def __init__(self, reason: str, *, shown: bool = False) -> None:
        super().__init__(reason)
        self.shown = shown


class RecordingService:
    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._folder = settings.recordings_dir
        self._database = database
        self._clock = clock

    def seal(self, call: str) -> str:
        """Do what can be done for this call's recording now; say in words what became of it."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            with files.alone(self._folder, call) as alone:
                return self._seal(call) if alone else "another worker is at it"
        except NotYet as reason:
            if reason.shown:
                self._note(call, str(reason))
            return f"not yet: {reason}"
        except OSError as error:
            problem = _in_words(error)
            log.error("recording of call %s: %s", call, problem)
            self._note(call, problem)
            return f"not yet: {problem}"

    def remove_leftovers(self, row: RecordingRow) -> bool:
        """Remove Asterisk's two files of a sealed recording. Only when the sealed file is there, whole."""
        own = files.of(self._folder, row.file)
        if not any(part.exists() for part in own.parts):
            return False
        if not own.sealed.exists() or own.sealed.stat().st_size != row.bytes:
            log.error("recording of call %s: %s is not as it was sealed; its parts are kept", row.call, own.sealed)
            return False
        for part in own.parts:
            part.unlink(missing_ok=True)
        return True

    def remove_empty(self) -> int:
        """Remove what Asterisk left of callers who never talked. How many files."""
        with self._database.read() as session:
            return empties.remove(session, self._folder, self._clock.now())

    def _seal(self, call: str) -> str:
        with self._database.read() as session:
            row = repository.find(session, call)
        if row is None:
            return "there is no recording of this call"
        if row.state == RecordingState.SEALED:
            self.remove_leftovers(row)
        if row.state != RecordingState.DUE:
            return row.state
        try:
            own = files.of(self._folder, row.file)
            measured, problem = self._bring_together(own, self._clock.now(), row.due_at)
        except NoSound as error:
            return self._give_up(call, RecordingState.MISSING, error.message)
        except (BadInput, wav.UnreadableSound) as error:
            return self._give_up(call, RecordingState.BROKEN, error.message)
        with self._database.begin() as session:
            repository.seal(session, call, self._clock.now(), measured, problem)
        for part in own.parts:
            part.unlink(missing_ok=True)
        return RecordingState.SEALED

    def _bring_together(self, own: Files, now: datetime, due_at: datetime) -> tuple[Measured, str]:
        """Make the sealed file, or take the one that is there.

        Raises NotYet, UnreadableSound, and NoSound when nothing is there and it is too late for it to come.
        """
        there = [part for part in own.parts if part.exists()]
        if not there and own.sealed.exists():  # the row is older than the file: the database came from a backup
            measured = wav.measure(own.sealed)
            return measured, measured.problem
        late = now - due_at
        if len(there) < 2 and late < GRACE:
            raise NotYet("Asterisk has not made both files yet")
        if not there:
            raise NoSound("no sound file was found")
        for part in there:
            if files.being_written(part):
                if late < GIVE_UP:
                    raise NotYet(f"{part.name} is still being written", shown=late > GRACE)
                raise wav.UnreadableSound(f"{part.name} is still being written long after the talk")
        return self._join(own, [part in there for part in own.parts])

    def _join(self, own: Files, there: list[bool]) -> tuple[Measured, str]:
        left, right = (
            wav.locate(part) if is_there and part.stat().st_size > wav.HEADER.size else None
            for part, is_there in zip(own.parts, there, strict=True)
        )
        if not any(side.frames for side in (left, right) if side is not None):
            raise wav.UnreadableSound("the files hold no sound")
        try:
            wav.write_stereo(own.unfinished, left, right)
            measured = wav.measure(own.unfinished)
        except OSError:
            own.unfinished.unlink(missing_ok=True)  # gives a full disk its space back
            raise
        files.put_in_place(own.unfinished, own.sealed)
        absent = [side for side, is_there in zip(("caller's", "seat's"), there, strict=True) if not is_there]
        return measured, f"there is no file of the {absent[0]} side" if absent else measured.problem

    def _give_up(self, call: str, state: RecordingState, problem: str) -> str:
        log.error("recording of call %s: %s: %s", call, state, problem)
        with self._database.begin() as session:
            repository.give_up(session, call, state, problem)
        return state

    def _note(self, call: str, problem: str) -> None:
        with self._database.begin() as session:
            repository.note(session, call, problem)


def _in_words(error: OSError) -> str:
    again = "nothing is removed; it is tried again"
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return f"the disk of the recordings is full: make room; {again}"
    return f"{error.strerror or error}: {error.filename or 'recordings folder'}; {again}"

"""Asterisk's CEL file and queue_log, a file for each day: moved aside after midnight, compressed, in the end removed.

`cel.csv` is opened by Asterisk for each line, so that a rename is all. `queue_log` is held open: after the rename
Asterisk goes on writing into the renamed file until it is asked to open its logs anew; nothing is lost in between.
Every step may be cut off and is found again: what is to be done is read from the files themselves.
"""

import gzip
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from callcenter import secrets
from callcenter.asterisk import probe
from callcenter.asterisk.cel_line import CelRubbish, parse_line
from callcenter.asterisk.queue_log import QueueLogRubbish, parse
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.ids import NodeName
from callcenter.instants import CHINA
from callcenter.reconcile import repository
from callcenter.storage.database import Database

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=5)
LATE = timedelta(minutes=5)
"""So long after midnight a line of the day before may still be written."""
SETTLED = timedelta(hours=1)
"""A rotated file that was not written for so long is finished."""
DATED = re.compile(r"(\d{4}-\d{2}-\d{2})(?:-\d+)?(?:\.gz)?")
HEAD = 64
"""Lines at a file's beginning among which one can be read."""


class Rotation:
    def __init__(
        self, settings: Settings, database: Database, clock: Clock, reopen: Callable[[], bool] | None = None
    ) -> None:
        """`reopen`: makes Asterisk open its logs anew; False when it does not answer."""
        log_dir = settings.asterisk_dir / "log"
        self._cel = log_dir / "cel-custom" / "cel.csv"
        self._queue_log = log_dir / "queue_log"
        self._keep = timedelta(days=settings.call_log_days)
        self._node = NodeName(settings.node)
        self._settings = settings
        self._database = database
        self._clock = clock
        self._reopen = reopen or self._ask_asterisk
        self._look_at = clock.now()

    def look(self) -> None:
        """Do what is due. Raises OSError, SQLAlchemyError."""
        now = self._clock.now()
        if now < self._look_at:
            return
        self._look_at = now + LOOK_EVERY
        moved = self._rotate(self._queue_log, _queue_log_second, now)
        if moved or (not self._queue_log.exists() and any(_rotated(self._queue_log))):
            self._reopen()
        self._rotate(self._cel, _cel_second, now)
        self._compress(now)
        self._remove(now)

    def _rotate(self, file: Path, second: Callable[[str], float | None], now: datetime) -> bool:
        local = (now - LATE).astimezone(CHINA)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        if local.date() != now.astimezone(CHINA).date():
            return False  # just after midnight: lines of the day before may come
        first = _first_second(file, second)
        if first is None or first >= midnight.timestamp():
            return False
        day = midnight.date() - timedelta(days=1)
        os.rename(file, _free_name(file, day))
        log.info("rotation.moved file=%s day=%s", file.name, day)
        return True

    def _compress(self, now: datetime) -> None:
        """A CEL file only when the engine has read past it: it finds its place by the file's inode."""
        with self._database.read() as session:
            inode, _, _ = repository.cursor(session, self._node)
        present = _inode(self._cel)
        for file, held in ((self._cel, inode not in (0, present)), (self._queue_log, False)):
            if not file.exists():
                continue  # Asterisk may still write into the newest of the rotated ones
            for path in sorted(_rotated(file), key=lambda path: path.stat().st_mtime_ns):
                if held and _inode(path) == inode:
                    break
                if path.suffix != ".gz" and now.timestamp() - path.stat().st_mtime > SETTLED.total_seconds():
                    _compress(path)

    def _remove(self, now: datetime) -> None:
        oldest = (now - self._keep).astimezone(CHINA).date()
        for file in (self._cel, self._queue_log):
            for path in list(_rotated(file)):
                if (day := _day(file, path)) is not None and day < oldest:
                    path.unlink(missing_ok=True)
                    log.info("rotation.removed file=%s", path.name)

    def _ask_asterisk(self) -> bool:
        secret = secrets.read(self._settings.home).ami_password("doctor")
        return probe.reload("127.0.0.1", self._settings.ami_port, "doctor", secret, "logger")


def _compress(path: Path) -> None:
    """The original goes when the compressed file is whole on the disk."""
    unfinished = path.with_name(f".{path.name}.gz")
    status = path.stat()
    with path.open("rb") as plain, unfinished.open("wb") as packed:
        os.chmod(unfinished, status.st_mode & 0o777)
        with gzip.GzipFile(fileobj=packed, mode="wb", filename="", mtime=0) as zipped:
            shutil.copyfileobj(plain, zipped)
        packed.flush()
        os.fsync(packed.fileno())
    os.utime(unfinished, ns=(status.st_atime_ns, status.st_mtime_ns))
    os.replace(unfinished, path.with_name(f"{path.name}.gz"))
    path.unlink()


def _first_second(file: Path, second: Callable[[str], float | None]) -> float | None:
    try:
        with file.open("rb") as lines:
            for _, raw in zip(range(HEAD), lines, strict=False):
                at = second(raw.decode("utf-8", "replace").rstrip("\r\n"))
                if at is not None:
                    return at
    except FileNotFoundError:
        pass
    return None


def _cel_second(text: str) -> float | None:
    try:
        return parse_line(text).at.timestamp()
    except CelRubbish:
        return None


def _queue_log_second(text: str) -> float | None:
    try:
        return datetime.fromtimestamp(parse(text).at, UTC).timestamp()
    except QueueLogRubbish:
        return None


def _rotated(file: Path) -> Iterator[Path]:
    return (path for path in file.parent.glob(f"{file.name}.*") if _day(file, path) is not None)


def _day(file: Path, path: Path) -> date | None:
    match = DATED.fullmatch(path.name.removeprefix(f"{file.name}."))
    return date.fromisoformat(match[1]) if match else None


def _free_name(file: Path, day: date) -> Path:
    number, path = 1, file.with_name(f"{file.name}.{day}")
    while path.exists() or path.with_name(f"{path.name}.gz").exists():
        number += 1
        path = file.with_name(f"{file.name}.{day}-{number}")
    return path


def _inode(path: Path) -> int:
    try:
        return path.stat().st_ino
    except FileNotFoundError:
        return 0

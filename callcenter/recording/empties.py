"""Asterisk opens a recording's two files when a caller begins to wait. Of those who never talked nothing but headers
remains; without this they would lie there for ever, two for each abandoned call."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from callcenter.recording import files, repository
from callcenter.recording.wav import HEADER

OLD_ENOUGH_S = 900.0
DAYS_BACK = 2
SUFFIXES = ("-caller.wav", "-seat.wav")


def remove(session: Session, folder: Path, now: datetime) -> int:
    """Remove header-only files of the last days that belong to no recording and are written no more. How many."""
    removed = 0
    for day in _days(folder, now):
        stems = {str(path.relative_to(folder)).removesuffix(suffix): None for path, suffix in _empty(day)}
        known = repository.stems_known(session, list(stems))
        for path, suffix in _empty(day):
            stem = str(path.relative_to(folder)).removesuffix(suffix)
            if stem in stems and stem not in known and not files.being_written(path):
                path.unlink(missing_ok=True)
                removed += 1
    return removed


def _days(folder: Path, now: datetime) -> Iterator[Path]:
    for back in range(DAYS_BACK):
        day = folder / f"{now - timedelta(days=back):%Y/%m/%d}"
        if day.is_dir():
            yield day


def _empty(day: Path) -> Iterator[tuple[Path, str]]:
    for path in day.iterdir():
        suffix = next((suffix for suffix in SUFFIXES if path.name.endswith(suffix)), None)
        if suffix is None:
            continue
        status = path.stat()
        if status.st_size <= HEADER.size and time.time() - status.st_mtime > OLD_ENOUGH_S:
            yield path, suffix

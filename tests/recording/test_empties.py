"""What Asterisk leaves of a caller who never talked."""

import os
import time
from datetime import timedelta
from pathlib import Path

from callcenter.recording.empties import OLD_ENOUGH_S
from callcenter.recording.service import RecordingService
from callcenter.storage.database import Database
from tests.recording.conftest import HandClock
from tests.recording.given import STEM, due_row, parts, silence, tone, write


def old(path: Path) -> Path:
    then = time.time() - OLD_ENOUGH_S - 1
    os.utime(path, (then, then))
    return path


def test_headers_without_sound_are_removed(service: RecordingService, folder: Path) -> None:
    both = [old(write(part, silence(0))) for part in parts(folder)]
    assert service.remove_empty() == 2
    assert not any(part.exists() for part in both)


def test_of_today_and_yesterday_only(service: RecordingService, folder: Path, clock: HandClock) -> None:
    part = old(write(parts(folder)[0], silence(0)))
    clock.go_on(timedelta(days=2))
    assert service.remove_empty() == 0
    assert part.exists()


def test_sound_a_waiting_caller_and_a_recording_that_is_due_are_left_alone(
    service: RecordingService, folder: Path, database: Database, clock: HandClock
) -> None:
    day = (folder / STEM).parent
    sounding = old(write(day / "a-1.1-caller.wav", tone(0.1)))
    waiting = write(day / "a-1.2-caller.wav", silence(0))
    due = old(write(day / "a-1.3-seat.wav", silence(0)))
    due_row(database, clock.now(), "a-1.3", str((day / "a-1.3").relative_to(folder)))
    opened = old(write(day / "a-1.4-seat.wav", silence(0)))
    with opened.open("ab"):
        assert service.remove_empty() == 0
    assert all(path.exists() for path in (sounding, waiting, due, opened))

"""kill -9 at any step of sealing leaves a state from which the next run finishes."""

import hashlib
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from callcenter.config import CHECKOUT, Settings
from callcenter.recording.service import RecordingService
from callcenter.storage.database import Database
from tests.recording.conftest import HandClock
from tests.recording.given import CALL, STEM, due_row, parts, row, tone, write

pytestmark = pytest.mark.slow

STEPS = [
    "before:fsync:1",
    "after:fsync:1",
    "before:replace:1",
    "after:replace:1",
    "after:fsync:2",
    "before:commit:1",
    "after:commit:1",
    "before:unlink:1",
    "after:unlink:1",
    "after:unlink:2",
]


@pytest.mark.parametrize("step", STEPS)
def test_the_next_run_finishes_what_a_killed_one_began(
    step: str, settings: Settings, database: Database, service: RecordingService, folder: Path, clock: HandClock
) -> None:
    for part, hertz in zip(parts(folder), (440, 1000), strict=True):
        write(part, tone(2, hertz))
    due_row(database, clock.now())
    killed = subprocess.run(
        [sys.executable, "-m", "tests.recording.killed", str(settings.home), step, settings.database_url],
        cwd=CHECKOUT,
        timeout=60,
    )
    assert killed.returncode == -signal.SIGKILL
    committed = row(database).state == "sealed"
    assert committed or all(part.exists() for part in parts(folder)), "sound was removed before the row stood"

    assert service.seal(CALL) == "sealed"

    sealed = folder / f"{STEM}.wav"
    assert row(database).sha256 == hashlib.sha256(sealed.read_bytes()).hexdigest()
    assert row(database).seconds == 2.0
    assert [p.name for p in sealed.parent.iterdir()] == [sealed.name]

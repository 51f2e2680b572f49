"""An engine that stands still is ended from outside; one that beats, and any other program, is left alone."""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.processes.engine_watch import GONE_AFTER_LOOKS, EngineWatch


@pytest.fixture
def engine() -> Iterator[subprocess.Popen[bytes]]:
    """A program that does nothing, stopped."""
    program = subprocess.Popen(["sleep", "60"])
    program.send_signal(signal.SIGSTOP)
    yield program
    program.kill()
    program.wait()


@pytest.fixture
def beat_file(tmp_path: Path, engine: subprocess.Popen[bytes]) -> Path:
    file = tmp_path / "engine.beat"
    file.write_text(str(engine.pid))
    return file


def looks(watch: EngineWatch) -> list[bool]:
    return [watch.look() for _ in range(2 * GONE_AFTER_LOOKS)]


def test_one_that_stands_still_is_ended_once(beat_file: Path, engine: subprocess.Popen[bytes]) -> None:
    assert looks(EngineWatch(beat_file, lambda: [engine.pid])).count(True) == 1
    assert engine.wait(10) == -signal.SIGKILL


def test_one_that_beats_is_left_alone(beat_file: Path, engine: subprocess.Popen[bytes]) -> None:
    watch = EngineWatch(beat_file, lambda: [engine.pid])
    for beat in range(1, 4):
        os.utime(beat_file, ns=(beat, beat))
        assert not any(watch.look() for _ in range(GONE_AFTER_LOOKS))
    assert engine.poll() is None


def test_a_number_that_belongs_to_another_program_by_now_is_left_alone(
    beat_file: Path, engine: subprocess.Popen[bytes]
) -> None:
    assert not any(looks(EngineWatch(beat_file, lambda: [])))
    assert engine.poll() is None


@pytest.mark.parametrize("left_behind", ["", "no number"])
def test_a_file_without_a_number_is_nobodys_sign(tmp_path: Path, left_behind: str) -> None:
    file = tmp_path / "engine.beat"
    watch = EngineWatch(file, lambda: [])
    assert not any(looks(watch))
    file.write_text(left_behind)
    assert not any(looks(watch))

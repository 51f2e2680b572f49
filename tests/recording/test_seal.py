import errno
import hashlib
import os
from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.recording import files, wav
from callcenter.recording.model import GIVE_UP, GRACE
from callcenter.recording.service import RecordingService
from callcenter.storage.database import Database
from tests.recording.conftest import HandClock
from tests.recording.given import CALL, STEM, deny_length, due_row, parts, row, silence, tone, write


@pytest.fixture
def talk(database: Database, folder: Path, clock: HandClock) -> tuple[Path, Path]:
    """A finished talk: both files closed, the row due."""
    caller, seat = parts(folder)
    write(caller, tone(3, 440))
    write(seat, tone(2, 1000))
    due_row(database, clock.now())
    return caller, seat


def test_a_finished_talk_becomes_one_file_and_one_row(
    talk: tuple[Path, Path], service: RecordingService, database: Database, folder: Path
) -> None:
    assert service.seal(CALL) == "sealed"
    sealed = folder / f"{STEM}.wav"
    found = row(database)
    assert (found.state, found.problem, found.seconds) == ("sealed", "", 3.0)
    assert found.sha256 == hashlib.sha256(sealed.read_bytes()).hexdigest()
    assert found.bytes == sealed.stat().st_size == 44 + 3 * 8000 * 4
    assert found.caller_rms == pytest.approx(0.212, abs=0.001)
    assert found.seat_rms == pytest.approx(0.212 * (2 / 3) ** 0.5, abs=0.001)
    assert sorted(p.name for p in sealed.parent.iterdir()) == [sealed.name]


def test_sealing_twice_acts_once(
    talk: tuple[Path, Path], service: RecordingService, database: Database, folder: Path, clock: HandClock
) -> None:
    service.seal(CALL)
    first, before = row(database), (folder / f"{STEM}.wav").stat()
    clock.go_on(timedelta(minutes=1))
    assert service.seal(CALL) == "sealed"
    assert row(database).sealed_at == first.sealed_at
    assert (folder / f"{STEM}.wav").stat() == before


def test_nothing_happens_while_asterisk_still_writes(
    talk: tuple[Path, Path], service: RecordingService, database: Database
) -> None:
    with talk[1].open("ab"):
        assert service.seal(CALL).startswith("not yet")
        assert row(database).state == "due"
        assert all(part.exists() for part in talk)
    assert service.seal(CALL) == "sealed"


def test_a_file_that_nobody_ever_closes_is_given_to_a_person(
    talk: tuple[Path, Path], service: RecordingService, database: Database, clock: HandClock
) -> None:
    with talk[0].open("ab"):
        clock.go_on(GRACE + timedelta(seconds=1))
        service.seal(CALL)
        assert "still being written" in row(database).problem
        clock.go_on(GIVE_UP)
        assert service.seal(CALL) == "broken"
    assert "long after the talk" in row(database).problem
    assert all(part.exists() for part in talk)


def test_a_side_without_sound_is_sealed_and_said(
    talk: tuple[Path, Path], service: RecordingService, database: Database
) -> None:
    write(talk[1], silence(3))
    assert service.seal(CALL) == "sealed"
    assert row(database).problem == "the seat's side is silent"
    assert row(database).seat_rms == 0


def test_both_sides_of_a_killed_asterisk_are_kept(
    talk: tuple[Path, Path], service: RecordingService, database: Database, folder: Path
) -> None:
    for part in talk:
        deny_length(part)
    assert service.seal(CALL) == "sealed"
    assert row(database).seconds == 3.0
    assert wav.locate(folder / f"{STEM}.wav").frames == 24000


def test_files_may_come_a_little_later_than_the_row(
    service: RecordingService, database: Database, folder: Path, clock: HandClock
) -> None:
    due_row(database, clock.now())
    assert service.seal(CALL).startswith("not yet")
    for part in parts(folder):
        write(part, tone(1))
    assert service.seal(CALL) == "sealed"


def test_no_file_at_all_is_missing(service: RecordingService, database: Database, clock: HandClock) -> None:
    due_row(database, clock.now())
    clock.go_on(GRACE)
    assert service.seal(CALL) == "missing"
    assert row(database).problem == "no sound file was found"


def test_one_missing_side_does_not_lose_the_other(
    talk: tuple[Path, Path], service: RecordingService, database: Database, clock: HandClock
) -> None:
    talk[0].unlink()
    assert service.seal(CALL).startswith("not yet")
    clock.go_on(GRACE)
    assert service.seal(CALL) == "sealed"
    assert row(database).problem == "there is no file of the caller's side"
    assert row(database).seconds == 2.0


def test_what_is_not_sound_is_broken_and_kept(
    talk: tuple[Path, Path], service: RecordingService, database: Database
) -> None:
    talk[0].write_bytes(b"not a sound file at all, and longer than a header would be")
    assert service.seal(CALL) == "broken"
    assert "not a WAV file" in row(database).problem
    assert all(part.exists() for part in talk)


def test_a_talk_of_no_length_is_broken_in_words(
    talk: tuple[Path, Path], service: RecordingService, database: Database
) -> None:
    write(talk[0], silence(0))
    talk[1].write_bytes(b"")
    assert service.seal(CALL) == "broken"
    assert row(database).problem == "the files hold no sound"


def test_a_name_that_leads_out_of_the_folder_is_refused(
    service: RecordingService, database: Database, clock: HandClock
) -> None:
    due_row(database, clock.now(), stem="../../etc/passwd")
    assert service.seal(CALL) == "broken"
    assert "inside the recordings folder" in row(database).problem


def test_an_unknown_call_is_no_error(service: RecordingService) -> None:
    assert service.seal("a-1.1") == "there is no recording of this call"


def test_a_full_disk_is_said_and_tried_again(
    talk: tuple[Path, Path],
    service: RecordingService,
    database: Database,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def no_room(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", no_room)
        assert "disk of the recordings is full" in service.seal(CALL)
    assert row(database).state == "due"
    assert "disk of the recordings is full" in row(database).problem
    assert {p.name for p in talk[0].parent.iterdir()} == {p.name for p in talk}
    assert service.seal(CALL) == "sealed"
    assert row(database).problem == ""


def test_a_database_from_a_backup_finds_its_sealed_file_again(
    talk: tuple[Path, Path], service: RecordingService, database: Database, clock: HandClock
) -> None:
    service.seal(CALL)
    before = row(database)
    with database.begin() as session:
        session.delete(before)
    due_row(database, clock.now())
    assert service.seal(CALL) == "sealed"
    assert row(database).sha256 == before.sha256


def test_two_workers_do_not_seal_the_same_call_at_once(
    talk: tuple[Path, Path], service: RecordingService, database: Database, folder: Path
) -> None:
    child = os.fork()
    if child == 0:  # POSIX locks exclude processes, so the other worker must be one
        with files.alone(folder, CALL) as alone:
            os._exit(0 if alone and _sealed_by_another(folder) == "another worker is at it" else 1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert service.seal(CALL) == "sealed"


def _sealed_by_another(folder: Path) -> str:
    child = os.fork()
    if child == 0:
        with files.alone(folder, CALL) as alone:
            os._exit(0 if alone else 1)
    return "sealed" if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0 else "another worker is at it"

"""Asterisk's files, a file for each day: nothing is lost, nothing is read twice, the old ones go."""

import gzip
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.asterisk.cel import CelReader
from callcenter.config import Settings
from callcenter.engine.table import NodeRow
from callcenter.reconcile.rotation import Rotation
from callcenter.storage.database import Database
from tests.reconcile.given import HandClock

MIDNIGHT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)
"""Of the 23rd in China."""


class Logs:
    def __init__(self, settings: Settings, database: Database) -> None:
        self.database = database
        self.clock = HandClock(MIDNIGHT - timedelta(hours=1))
        self.cel = settings.asterisk_dir / "log" / "cel-custom" / "cel.csv"
        self.queue_log = settings.asterisk_dir / "log" / "queue_log"
        self.cel.parent.mkdir(parents=True)
        self.reopened = 0
        self.answers = True
        self.rotation = Rotation(settings, database, self.clock, self._reopen)

    def _reopen(self) -> bool:
        """Asterisk closes the renamed file and makes a new one."""
        self.reopened += 1
        if self.answers:
            self.queue_log.touch()
        return self.answers

    def write(self) -> str:
        """One line in each file, now."""
        second = int(self.clock.at.timestamp())
        call = f"a-{second}.1"
        with self.cel.open("a") as file:
            file.write(f'"CHAN_START","{second}.5","PJSIP/trunk-1","{call}","{call}","","","12348","","","","",""\n')
        with self.queue_log.open("a") as file:
            file.write(f"{second}|{call}|zh|NONE|ENTERQUEUE|||1\n")
        for path in (self.cel, self.queue_log):
            os.utime(path, (second, second))
        return call

    def at(self, moment: datetime) -> None:
        self.clock.at = moment
        self.rotation.look()

    def names(self) -> list[str]:
        found = [*self.cel.parent.iterdir(), *self.queue_log.parent.glob("queue_log*")]
        return sorted(path.name for path in found)

    def engine_has_read(self, path: Path) -> None:
        with self.database.begin() as session:
            session.merge(
                NodeRow(id="a", cel_inode=path.stat().st_ino, cel_offset=0, seq=0, step=0, seen_at=self.clock.at)
            )


@pytest.fixture
def logs(database_settings: Settings, database: Database) -> Logs:
    return Logs(database_settings, database)


def test_files_move_once_after_midnight_and_keep_their_lines(logs: Logs) -> None:
    logs.clock.at = MIDNIGHT - timedelta(minutes=10)
    logs.write()
    logs.at(MIDNIGHT - timedelta(minutes=1))
    logs.at(MIDNIGHT + timedelta(minutes=4))
    assert logs.names() == ["cel.csv", "queue_log"]
    logs.at(MIDNIGHT + timedelta(minutes=10))
    assert logs.names() == ["cel.csv.2026-11-22", "queue_log", "queue_log.2026-11-22"]
    assert logs.reopened == 1
    logs.write()
    for minutes in (20, 30, 40):
        logs.at(MIDNIGHT + timedelta(minutes=minutes))
    assert logs.names() == ["cel.csv", "cel.csv.2026-11-22", "queue_log", "queue_log.2026-11-22"]
    assert logs.reopened == 1


def test_the_engine_reads_on_across_the_rotation(logs: Logs) -> None:
    first = logs.write()
    reader = CelReader(logs.cel)
    batch = reader.read_from(0, 0)
    logs.clock.at += timedelta(minutes=50)
    second = logs.write()
    logs.at(MIDNIGHT + timedelta(minutes=10))
    third = logs.write()
    later = reader.read_from(batch.inode, batch.offset)
    told = [getattr(event, "linkedid", "") for event in (*batch.events, *later.events)]
    assert told == [first, second, third]
    assert not later.lost_file


def test_asterisk_that_does_not_answer_is_asked_again(logs: Logs) -> None:
    logs.write()
    logs.answers = False
    logs.at(MIDNIGHT + timedelta(minutes=10))
    logs.at(MIDNIGHT + timedelta(minutes=20))
    assert logs.reopened == 2
    logs.answers = True
    logs.at(MIDNIGHT + timedelta(minutes=30))
    logs.at(MIDNIGHT + timedelta(minutes=40))
    assert logs.reopened == 3


def test_a_finished_file_is_compressed_and_reads_the_same(logs: Logs) -> None:
    logs.write()
    plain = logs.cel.read_bytes()
    logs.at(MIDNIGHT + timedelta(minutes=10))
    logs.write()
    logs.engine_has_read(logs.cel)
    logs.at(MIDNIGHT + timedelta(hours=2))
    assert logs.names() == ["cel.csv", "cel.csv.2026-11-22.gz", "queue_log", "queue_log.2026-11-22.gz"]
    packed = logs.cel.with_name("cel.csv.2026-11-22.gz")
    assert gzip.decompress(packed.read_bytes()) == plain
    assert packed.stat().st_mtime == pytest.approx((MIDNIGHT - timedelta(hours=1)).timestamp())


def test_what_the_engine_has_still_to_read_is_not_compressed(logs: Logs) -> None:
    logs.write()
    logs.engine_has_read(logs.cel)
    logs.at(MIDNIGHT + timedelta(minutes=10))
    logs.write()
    logs.at(MIDNIGHT + timedelta(days=1, minutes=10))
    logs.write()
    logs.at(MIDNIGHT + timedelta(days=1, hours=3))
    assert [name for name in logs.names() if name.startswith("cel")] == [
        "cel.csv",
        "cel.csv.2026-11-22",
        "cel.csv.2026-11-23",
    ]


def test_a_compression_that_was_cut_off_is_done_again(logs: Logs) -> None:
    logs.write()
    plain = logs.cel.read_bytes()
    logs.at(MIDNIGHT + timedelta(minutes=10))
    logs.write()
    logs.cel.with_name(".cel.csv.2026-11-22.gz").write_bytes(b"half")
    logs.cel.with_name("cel.csv.2026-11-22.gz").write_bytes(b"renamed, the original not removed")
    logs.at(MIDNIGHT + timedelta(hours=2))
    assert logs.names() == ["cel.csv", "cel.csv.2026-11-22.gz", "queue_log", "queue_log.2026-11-22.gz"]
    assert gzip.decompress(logs.cel.with_name("cel.csv.2026-11-22.gz").read_bytes()) == plain


def test_after_the_retention_they_are_removed_and_not_a_day_before(logs: Logs) -> None:
    logs.write()
    logs.at(MIDNIGHT + timedelta(minutes=10))
    logs.write()
    stranger = logs.cel.with_name("cel.csv.bak")
    stranger.touch()
    kept = ["cel.csv", "cel.csv.2026-11-22.gz", "cel.csv.bak", "queue_log", "queue_log.2026-11-22.gz"]
    logs.at(MIDNIGHT + timedelta(hours=23))
    assert logs.names() == kept
    logs.at(MIDNIGHT + timedelta(days=399, hours=1))
    assert "cel.csv.2026-11-22.gz" in logs.names()
    logs.at(MIDNIGHT + timedelta(days=400, hours=1))
    assert "cel.csv.2026-11-22.gz" not in logs.names()
    assert "queue_log.2026-11-22.gz" not in logs.names()
    assert stranger.exists()

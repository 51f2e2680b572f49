"""Whatever is cut out of the files, doubled or torn in them: the comparison answers, and finds what is gone."""

import random
from pathlib import Path

import pytest

from callcenter.reconcile.model import Kind, Witness
from tests.reconcile.given import RecordedDay


def damage(file: Path, dice: random.Random) -> None:
    """Some lines are gone, some are there twice, some are torn."""
    kept: list[str] = []
    for line in file.read_text().splitlines(keepends=True):
        kind = dice.random()
        if kind < 0.06:
            continue
        if kind < 0.12:
            line = line[: dice.randrange(len(line))] + dice.choice(["", "\n"])
        kept += [line] * (2 if kind > 0.94 else 1)
    file.write_text("".join(kept))


@pytest.mark.parametrize("seed", range(12))
def test_damaged_files_are_answered_with_differences(day: RecordedDay, seed: int) -> None:
    dice = random.Random(seed)
    damage(day.cel, dice)
    damage(day.queue_log, dice)
    report = day.compare()
    assert report.differences, "the damage is not seen"
    assert report.compared[Witness.RECORD] == 11
    assert not any(kind in (Kind.EVENTS_DIFFER, Kind.NO_EVENTS) for kind, _, _ in report.summary())
    assert "13900000001" not in repr(report)


def test_lines_that_are_there_twice_change_nothing(day: RecordedDay) -> None:
    for file in (day.cel, day.queue_log):
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(line * (1 if "RINGNOANSWER" in line else 2) for line in lines))
    assert day.compare().differences == []

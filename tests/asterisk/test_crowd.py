"""Two hundred calls, two a second: every count of ours equals the telephones' own."""

import csv
import json
from collections import Counter
from datetime import UTC, datetime

import pytest

from tests.asterisk.desk import Desk
from tests.asterisk.every_side import assert_the_same_from_every_side

pytestmark = [pytest.mark.asterisk, pytest.mark.slow, pytest.mark.both]

CALLS = 200
PATIENT, HASTY, TIRED = "138", "139", "137"
"""Who waits until he is served; who leaves in the menu; who leaves a line without any seat."""


@pytest.mark.timeout(600)
def test_our_counts_equal_the_telephones_own(wide_story: Desk) -> None:
    system = wide_story.system
    numbers = [f"10{n:02}" for n in range(1, 11) if n != 3]  # 1003 alone serves Mongolian: that line stays empty
    seats = [wide_story.seat(number, ring_s=0.3, talk_s=2.5) for number in numbers]
    crowds = [
        wide_story.crowd(_numbers(PATIENT, 120), 1.2, key="1", key_after_s=4, stays_s=180),
        wide_story.crowd(_numbers(HASTY, 40), 0.4, stays_s=1.7),
        wide_story.crowd(_numbers(TIRED, 40), 0.4, key="3", key_after_s=4.5, stays_s=6),
    ]
    for crowd in crowds:
        assert crowd.wait(within=400) == 0, crowd.errors()
    records = wide_story.until_all_ended(CALLS)

    said = Counter((word, number[:3]) for crowd in crowds for word, number in crowd.said())
    talks = sum(seat.count("talking") for seat in seats)
    assert said["answered", PATIENT] + said["answered", HASTY] + said["answered", TIRED] == CALLS == len(records)
    outcomes = Counter(record["outcome"] for record in records)
    assert outcomes == {
        "answered": talks,
        "abandoned_ivr": said["hung up", HASTY],
        "abandoned_queue": said["hung up", TIRED] + said["hung up", PATIENT],
    }
    assert outcomes["answered"] == said["let go", PATIENT], "somebody who was served is not counted, or the reverse"
    assert len({record["id"] for record in records}) == CALLS
    by_number = Counter(record["caller"][:3] for record in records)
    assert by_number == {PATIENT: 120, HASTY: 40, TIRED: 40}

    rings = Counter(ring["result"] for record in records for ring in record["rings"])
    assert sum(rings.values()) == sum(seat.count("ringing") for seat in seats)
    assert rings["answered"] == talks
    assert sum(rings.values()) - talks == sum(seat.count("cancelled") for seat in seats)
    by_seat = Counter(record["seat"] for record in records if record["outcome"] == "answered")
    assert by_seat == {
        number: count for number, seat in zip(numbers, seats, strict=True) if (count := seat.count("talking"))
    }

    kpi = system.person("manager").kpi(wide_story.since)
    assert kpi["counts"]["in"] == CALLS
    assert kpi["counts"]["answered"] == talks
    assert kpi["counts"]["to_seat"] == talks + outcomes["abandoned_queue"]
    window = ("--from", wide_story.since.isoformat(), "--to", datetime.now(UTC).isoformat(), "--json")
    printed = system.command("report", "kpi", *window)
    assert json.loads(printed.stdout)["counts"] == kpi["counts"]
    assert _calls_in_asterisks_own_log(wide_story) == {record["id"] for record in records}
    for record in records:
        if record["outcome"] == "answered":
            assert wide_story.until_sealed(record["id"], within=60)["state"] == "sealed"
    assert_the_same_from_every_side(wide_story, wide_story.until_all_ended(CALLS))


def _numbers(kind: str, count: int) -> list[str]:
    return [f"{kind}0000{n:04}" for n in range(count)]


def _calls_in_asterisks_own_log(story: Desk) -> set[str]:
    folder = story.system.settings.asterisk_dir / "log"
    with next(folder.rglob("cel.csv")).open(newline="") as file:
        return {row[4] for row in csv.reader(file) if row[0] == "CHAN_START" and row[6] == "from-trunk"}

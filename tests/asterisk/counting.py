"""What telephones counted themselves, and the same from ours."""

import csv
import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from tests.asterisk.api import Record
from tests.asterisk.desk import Desk
from tests.asterisk.sipp import Crowd, SippSeat

KIND = 3
"""So many leading digits of a caller's number tell his kind."""


@dataclass(frozen=True)
class Telephones:
    """What a day's telephones said: callers by kind, desk phones by seat."""

    callers: Counter[tuple[str, str]]
    """(answered, let go or hung up; kind)."""
    seats: Mapping[str, Counter[str]]
    """ringing, cancelled, talking … of each."""

    @classmethod
    def of(cls, crowds: Collection[Crowd], seats: Mapping[str, SippSeat]) -> "Telephones":
        callers = Counter((word, number[:KIND]) for crowd in crowds for word, number in crowd.said())
        return cls(callers, {number: Counter(word for word, _ in seat.said()) for number, seat in seats.items()})

    def said(self, word: str, *kinds: str) -> int:
        return sum(
            count for (said, kind), count in self.callers.items() if said == word and (not kinds or kind in kinds)
        )

    def rang(self, word: str) -> int:
        return sum(seat[word] for seat in self.seats.values())


def assert_counts_equal(story: Desk, heard: Telephones, records: list[Record], hasty: str) -> None:
    """Records, figures by HTTP and by the command line, and Asterisk's own log count what the telephones counted.

    `hasty`: the kind of those who leave in the menu.
    """
    calls, talks = heard.said("answered"), heard.rang("talking")
    waited = {kind for _, kind in heard.callers} - {hasty}
    left_served = talks - heard.said("let go")
    outcomes = Counter(record["outcome"] for record in records)
    assert len({record["id"] for record in records}) == len(records) == calls
    assert outcomes == Counter(
        answered=talks,
        abandoned_ivr=heard.said("hung up", hasty),
        abandoned_queue=heard.said("hung up", *waited) - left_served,
    )
    answered = Counter(record["seat"] for record in records if record["outcome"] == "answered")
    assert answered == Counter({number: seat["talking"] for number, seat in heard.seats.items()})

    rings = Counter(ring["result"] for record in records for ring in record["rings"])
    assert sum(rings.values()) == heard.rang("ringing")
    assert rings["answered"] == talks
    assert sum(rings.values()) - talks == heard.rang("cancelled")

    kpi = story.system.person("manager").kpi(story.since)["counts"]
    assert (kpi["in"], kpi["answered"]) == (calls, talks)
    assert kpi["to_seat"] == talks + outcomes["abandoned_queue"]
    window = ("--from", story.since.isoformat(), "--to", datetime.now(UTC).isoformat(), "--json")
    assert json.loads(story.system.command("report", "kpi", *window).stdout)["counts"] == kpi
    assert _calls_in_asterisks_own_log(story) == {record["id"] for record in records}


def _calls_in_asterisks_own_log(story: Desk) -> set[str]:
    folder = story.system.settings.asterisk_dir / "log"
    with next(folder.rglob("cel.csv")).open(newline="") as file:
        return {row[4] for row in csv.reader(file) if row[0] == "CHAN_START" and row[6] == "from-trunk"}

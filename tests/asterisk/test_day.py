"""A day of 2,500 calls on forty seats, an hour in thirty seconds: its figures equal the telephones' own."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk
from tests.asterisk.counting import Telephones, assert_counts_equal
from tests.asterisk.desk import Desk
from tests.asterisk.every_side import assert_the_same_from_every_side
from tests.asterisk.harness import System
from tests.asterisk.sipp import Crowd
from tests.asterisk.witnesses import unexplained_of_a_silent_day
from tests.given import until

pytestmark = [
    pytest.mark.asterisk, pytest.mark.slow, pytest.mark.long, pytest.mark.usefixtures("_asterisk"),
]  # fmt: skip

HOURS = (1, 1, 1, 1, 1, 1, 2, 3, 6, 9, 9, 8, 5, 6, 8, 9, 8, 6, 4, 3, 3, 2, 2, 1)
"""Hundredths of the day's calls from midnight on: two peaks, and a night that is not empty."""
CALLS = 2500
HOUR_S = 30
"""The peaks are 7.5 calls a second then, near what the seats can take: a machine of two cores keeps up with it."""
HASTY = "139"
KINDS = {
    "138": (0.70, {"key": "1", "key_after_s": 5.5, "stays_s": 60}),
    "137": (0.05, {"key": "2", "key_after_s": 5.5, "stays_s": 60}),
    "136": (0.03, {"key": "3", "key_after_s": 5.5, "stays_s": 60}),
    "135": (0.10, {"key": "1", "key_after_s": 5.5, "stays_s": 14}),
    HASTY: (0.12, {"stays_s": 1.7}),
}
"""Who calls: in Mandarin, Tibetan, Mongolian, who waits a moment after the notice, and who leaves in the menu.
Share of each hour; what they do. They choose when the welcome is over on a busy machine, too: a key that comes between
two prompts is lost at times (decision 0030), and who leaves then has left the menu."""
SEATS = {
    "zh": tuple(str(number) for number in range(1005, 1038)),
    "bo": ("1038", "1039"),
    "mn": ("1040",),
}
"""Beside the four demo seats, of which one speaks Tibetan and one Mongolian."""


@pytest.mark.timeout(1800)
def test_a_days_figures_equal_the_telephones_own(tmp_path: Path) -> None:
    settings = {"WRAP_UP_CAP_S": "2", "RING_TIMEOUT_S": "10", "RTP_TIMEOUT_S": "60"}  # the callers send no sound
    system = System(tmp_path / "home", **{f"CALLCENTER_{name}": value for name, value in settings.items()})
    for language, numbers in SEATS.items():
        system.add_seats(*numbers, languages=tuple(dict.fromkeys(("zh", language))))
    with system, desk.opened(system, tmp_path / "phones") as story:
        numbers = ("1001", "1002", "1003", "1004", *sum(SEATS.values(), ()))
        seats = {number: story.seat(number, ring_s=0.3, talk_s=2.5, sounds=False) for number in numbers}
        crowds = list(day_of_callers(story))
        for crowd in crowds:
            assert crowd.wait(within=120) == 0, crowd.errors()
        heard = Telephones.of(crowds, seats)
        records = story.until_all_ended(CALLS)
        assert heard.said("answered") == CALLS
        assert_counts_equal(story, heard, records, HASTY)
        assert_the_same_from_every_side(story, records)
        assert unexplained_of_a_silent_day(system) == []


def day_of_callers(story: Desk) -> Iterator[Crowd]:
    """Hour after hour, each begun when it is its time; returns when the last one has begun."""
    began = time.monotonic()
    for hour, share in enumerate(HOURS):
        until(lambda due=began + hour * HOUR_S: time.monotonic() >= due, within=2 * HOUR_S)
        for kind, (part, plan) in KINDS.items():
            if count := round(CALLS * share / 100 * part):
                callers = [f"{kind}{hour:02}{n:06}" for n in range(count)]
                yield story.crowd(callers, count / HOUR_S, sounds=False, **plan)

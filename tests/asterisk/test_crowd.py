"""Two hundred calls, two a second: every count of ours equals the telephones' own."""

from collections import Counter

import pytest

from tests.asterisk.counting import Telephones, assert_counts_equal
from tests.asterisk.desk import Desk
from tests.asterisk.every_side import assert_the_same_from_every_side
from tests.asterisk.witnesses import unexplained_of_a_silent_day

pytestmark = [pytest.mark.asterisk, pytest.mark.slow, pytest.mark.both]

CALLS = 200
PATIENT, HASTY, TIRED = "138", "139", "137"
"""Who waits until he is served; who leaves in the menu; who leaves a line without any seat."""
COUNTED = ("", "outcome", "seat", "line", "language")
"""Fields of a difference that would change a count; "" is a call that a witness does not know."""


@pytest.mark.timeout(600)
def test_our_counts_equal_the_telephones_own(wide_story: Desk) -> None:
    numbers = [f"10{n:02}" for n in range(1, 11) if n != 3]  # 1003 alone serves Mongolian: that line stays empty
    seats = {number: wide_story.seat(number, ring_s=0.3, talk_s=2.5) for number in numbers}
    crowds = [
        wide_story.crowd(_numbers(PATIENT, 120), 1.2, key="1", key_after_s=4, stays_s=180),
        wide_story.crowd(_numbers(HASTY, 40), 0.4, stays_s=1.7),
        wide_story.crowd(_numbers(TIRED, 40), 0.4, key="3", key_after_s=4.5, stays_s=6),
    ]
    for crowd in crowds:
        assert crowd.wait(within=400) == 0, crowd.errors()
    records = wide_story.until_all_ended(CALLS)

    heard = Telephones.of(crowds, seats)
    assert heard.said("answered") == CALLS
    assert heard.said("let go", PATIENT) == heard.rang("talking"), "who waits is served, nobody else is"
    assert Counter(record["caller"][:3] for record in records) == {PATIENT: 120, HASTY: 40, TIRED: 40}
    assert_counts_equal(wide_story, heard, records, HASTY)
    for record in records:
        if record["outcome"] == "answered":
            assert wide_story.until_sealed(record["id"], within=60)["state"] == "sealed"
    assert_the_same_from_every_side(wide_story, wide_story.until_all_ended(CALLS))


@pytest.mark.long
@pytest.mark.timeout(600)
def test_five_hundred_callers_at_once_are_all_taken_and_counted(wide_story: Desk) -> None:
    """Fifty a second for ten seconds, on ten seats: most of them leave, nobody is turned away, nobody is lost."""
    for seat in range(1001, 1011):
        wide_story.seat(str(seat), ring_s=0.3, talk_s=2.5, sounds=False)
    crowds = [
        wide_story.crowd(_numbers(PATIENT, 450), 45, key="1", key_after_s=12, stays_s=15, sounds=False),
        wide_story.crowd(_numbers(HASTY, 50), 5, stays_s=2, sounds=False),
    ]
    for crowd in crowds:
        assert crowd.wait(within=300) == 0, crowd.errors()
    assert Telephones.of(crowds, {}).said("answered") == 500
    records = wide_story.until_all_ended(500, within=120)
    outcomes = Counter(record["outcome"] for record in records)
    assert outcomes["answered"] > 0
    assert outcomes["abandoned_ivr"] >= 50
    # Who hangs up in the moment in which a seat answers may be counted by its telephone and not by Asterisk: here the
    # witnesses are Asterisk's own files. Its manager falls seconds behind by such a rush, and its clocks with it.
    differences = unexplained_of_a_silent_day(wide_story.system)
    assert [row for row in differences if row["field"] in COUNTED] == []
    assert wide_story.system.person("manager").kpi(wide_story.since)["counts"]["answered"] == outcomes["answered"]


def _numbers(kind: str, count: int) -> list[str]:
    return [f"{kind}0000{n:04}" for n in range(count)]

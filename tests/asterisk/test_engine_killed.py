"""kill -9 of the engine while five talk and three wait."""

import pytest

from tests.asterisk.desk import Desk
from tests.given import until

pytestmark = pytest.mark.asterisk


def test_nobody_is_cut_off_and_the_waiting_are_served_without_an_engine(wide_story: Desk) -> None:
    system = wide_story.system
    seats = {number: wide_story.seat(number) for number in ("1001", "1005", "1006", "1007", "1008")}
    talking = {}
    for number in range(5):
        caller, call = wide_story.call("1", number=f"1390000000{number}")
        wide_story.until_state(call, "talking")
        talking[call] = caller
    waiting = {}
    for number in range(5, 8):
        caller, call = wide_story.call("1", number=f"1390000000{number}")
        wide_story.until_state(call, "queued")
        waiting[call] = caller

    with system.held_down("engine"):
        until(lambda: system.health()["parts"]["engine"]["status"] == "fail", saying="health does not see it")
        assert all(caller.is_connected for caller in (*talking.values(), *waiting.values())), "somebody was cut off"
        for call in list(talking)[:3]:
            talking[call].hang_up()
        until(
            lambda: sum(seat.count("talking") for seat in seats.values()) == 8,
            within=40,
            saying="the waiting are not served",
        )
        newcomer = wide_story.caller("13900000008").dial()
        assert all(caller.is_connected for caller in (*list(talking.values())[3:], *waiting.values(), newcomer))
    until(system.is_healthy, within=60, saying="it does not recover")

    for caller in (*list(talking.values())[3:], *waiting.values(), newcomer):
        caller.hang_up()
    records = wide_story.until_all_ended(9)
    served = [record for record in records if not record["caller"].endswith("08")]
    assert len(served) == 8
    for record in served:
        assert record["outcome"] == "answered", record
        times = [record[name] for name in ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at")]
        assert all(times), record
        assert times == sorted(times), record
        assert record["seat"] in seats, record
        assert record["ended_by"] == "caller", record
        assert wide_story.until_sealed(record["id"], within=90)["state"] == "sealed"
    said = sum(seat.count("talking") for seat in seats.values())
    assert said >= 8

"""kill -9 of the engine while five talk and three wait."""

import pytest

from tests.asterisk.desk import Desk
from tests.given import until

pytestmark = pytest.mark.asterisk


def test_nobody_is_cut_off_and_the_waiting_are_served_without_an_engine(own_story: Desk) -> None:
    system = own_story.system
    seats = {number: own_story.seat(number) for number in own_story.enough_seats(5)}
    talking = {}
    for number in range(5):
        caller, call = own_story.call("1", number=f"1390000000{number}")
        own_story.until_state(call, "talking")
        talking[call] = caller
    waiting = {}
    for number in range(5, 8):
        caller, call = own_story.call("1", number=f"1390000000{number}")
        own_story.until_state(call, "queued")
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
        newcomer = own_story.caller("13900000008").dial()
        assert all(caller.is_connected for caller in (*list(talking.values())[3:], *waiting.values(), newcomer))
    until(system.is_healthy, within=60, saying="it does not recover")

    for caller in (*list(talking.values())[3:], *waiting.values(), newcomer):
        caller.hang_up()
    records = until(lambda: _all_ended(own_story, 9), within=30, saying=lambda: str(system.calls(own_story.since)))
    served = [record for record in records if not record["caller"].endswith("08")]
    assert len(served) == 8
    for record in served:
        assert record["outcome"] == "answered", record
        times = [record[name] for name in ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at")]
        assert all(times), record
        assert times == sorted(times), record
        assert record["seat"] in seats, record
        assert record["ended_by"] == "caller", record
        assert own_story.until_sealed(record["id"], within=90)["state"] == "sealed"
    said = sum(seat.count("talking") for seat in seats.values())
    assert said >= 8


def _all_ended(story: Desk, count: int) -> list[dict[str, object]] | None:
    records = story.system.calls(story.since)
    return records if len(records) == count and all(record["state"] == "ended" for record in records) else None

"""Callers who hang up, at every step; seats that do not take a call."""

import pytest

from tests.asterisk.api import figure
from tests.asterisk.desk import Desk
from tests.given import until

pytestmark = pytest.mark.asterisk


@pytest.mark.parametrize("node", ["welcome", "language"])
def test_hung_up_in_the_menu(story: Desk, node: str) -> None:
    caller, call = story.call()
    story.until_node(call, node)
    caller.hang_up()
    record = story.until_ended(call)
    assert (record["outcome"], record["ended_by"]) == ("abandoned_ivr", "caller")
    assert record["queued_at"] is None
    assert record["recording"] is None


def test_hung_up_in_the_queue(story: Desk) -> None:
    caller, call = story.call("3")
    story.until_state(call, "queued")
    caller.hang_up()
    record = story.until_ended(call)
    assert (record["outcome"], record["ended_by"], record["rings"]) == ("abandoned_queue", "caller", [])
    kpi = story.system.person("manager").kpi(story.since)
    assert figure(kpi, "abandonment_rate", "queue")["numerator"] == 1
    assert figure(kpi, "longest_wait_s", "all")["value"] == pytest.approx(record["wait_s"], abs=0.001)


def test_hung_up_while_a_seat_rings(story: Desk) -> None:
    lawyer = story.seat("1002", ring_s=None)
    caller, call = story.call("2")
    lawyer.rings()
    story.until_state(call, "ringing")
    caller.hang_up()
    until(lambda: lawyer.count("cancelled") == 1, saying="the phone rings on")
    record = story.until_ended(call)
    assert (record["outcome"], record["ended_by"]) == ("abandoned_queue", "caller")
    assert [(ring["seat"], ring["result"]) for ring in record["rings"]] == [("1002", "caller_left")]
    row = story.until_seat("1002", "ready")
    assert row.missed == 0, "the seat is blamed for a caller who left"


def test_hung_up_in_the_survey_after_the_talk(story: Desk) -> None:
    lawyer = story.seat("1001")
    caller, call = story.call("1")
    lawyer.talks()
    story.until_state(call, "talking")
    lawyer.hang_up()
    story.until_state(call, "survey")
    caller.hang_up()
    record = story.until_ended(call)
    assert (record["outcome"], record["ended_by"]) == ("answered", "seat")
    assert (record["survey_offered"], record["grade"]) == (True, None)


def test_no_answer_goes_to_the_next_seat_and_the_place_is_kept(story: Desk) -> None:
    asleep = story.seat("1002", ring_s=None)
    first, first_call = story.call("2", number="13900000001")
    asleep.rings()
    second, second_call = story.call("2", number="13900000002")
    story.until_state(second_call, "queued", "ringing")
    until(lambda: asleep.count("cancelled") >= 1, within=15, saying="it rings for ever")
    asleep.answer()
    talking = story.until_state(first_call, "talking")
    assert [(ring["seat"], ring["result"]) for ring in talking["rings"]] == [
        ("1002", "no_answer"),
        ("1002", "answered"),
    ]
    assert story.record(second_call)["state"] in ("queued", "ringing"), "the second caller overtook the first"
    first.hang_up()
    second.hang_up()
    story.until_ended(first_call)
    story.until_ended(second_call)


def test_a_seat_that_lets_it_ring_loses_the_call_to_another(story: Desk) -> None:
    asleep, awake = story.seat("1001", ring_s=None), story.seat("1004", ring_s=None)
    caller, call = story.call("1")
    until(lambda: asleep.count("ringing") + awake.count("ringing") == 1, within=20, saying="nobody is rung")
    sleeper, other = (asleep, awake) if asleep.count("ringing") else (awake, asleep)
    other.rings(within=20)
    other.answer()
    record = story.until_state(call, "talking")
    assert [ring["result"] for ring in record["rings"]] == ["no_answer", "answered"]
    assert sleeper.count("talking") == 0
    caller.hang_up()
    story.until_ended(call)


def test_a_refused_call_goes_to_another_seat_at_once(story: Desk) -> None:
    first, second = story.seat("1001", ring_s=None), story.seat("1004", ring_s=None)
    caller, call = story.call("1")
    until(lambda: first.count("ringing") + second.count("ringing") == 1, within=20, saying="nobody is rung")
    refuser, other = (first, second) if first.count("ringing") else (second, first)
    refuser.reject()
    other.answer()
    record = story.until_state(call, "talking")
    assert [ring["result"] for ring in record["rings"]] == ["rejected", "answered"]
    caller.hang_up()
    story.until_ended(call)


def test_a_paused_seat_is_not_rung(story: Desk) -> None:
    lawyer = story.seat("1002")
    story.system.person("1002").want("paused", "break")
    story.until_seat("1002", "paused")
    caller, call = story.call("2")
    story.until_state(call, "queued")
    story.system.person("1002").want("ready")
    lawyer.talks()
    record = story.until_state(call, "talking")
    assert len(record["rings"]) == 1
    caller.hang_up()
    story.until_ended(call)


def test_wrap_up_keeps_the_next_caller_waiting_until_it_is_done(story: Desk) -> None:
    lawyer = story.seat("1002")
    first, first_call = story.call("2", number="13900000001")
    lawyer.talks()
    story.until_state(first_call, "talking")
    first.hang_up()
    story.until_seat("1002", "wrap_up")
    _, second_call = story.call("2", number="13900000002")
    story.until_state(second_call, "queued")
    story.system.person("1002").post("/api/me/wrap-up", action="done")
    until(lambda: lawyer.count("talking") == 2, within=15, saying="the second caller is not served")
    first_record = story.record(first_call)
    assert first_record["wrap_up_ended_at"] is not None
    assert first_record["wrap_up_ended_at"] <= story.until_state(second_call, "talking")["first_ring_at"]

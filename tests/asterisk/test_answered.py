"""A call that goes as it should, from the first ring to the grade."""

import pytest

from tests.asterisk import sound
from tests.asterisk.api import figure
from tests.asterisk.desk import Desk, seconds
from tests.given import until

pytestmark = pytest.mark.asterisk


def test_a_tibetan_caller_is_served_by_the_tibetan_seat_and_rates_the_service(story: Desk) -> None:
    others = [story.seat(number, ring_s=None) for number in ("1001", "1003", "1004")]
    lawyer = story.seat("1002")

    caller, call = story.call("2", number="13812345678")
    lawyer.talks()
    talking = story.until_state(call, "talking")
    assert (talking["line"], talking["language"], talking["seat"]) == ("bo", "bo", "1002")
    assert story.until_seat("1002", "talking").call == call
    _talk_for_a_while(story, call)
    lawyer.hang_up()
    story.until_state(call, "survey")
    caller.press("2")
    caller.wait_for_goodbye()

    record = story.until_ended(call)
    assert record["outcome"] == "answered"
    assert record["ended_by"] == "seat"
    assert (record["survey_offered"], record["grade"]) == (True, 2)
    assert [(ring["seat"], ring["result"]) for ring in record["rings"]] == [("1002", "answered")]
    assert record["caller"] != "13812345678", "a seat's screen shows the number in clear"
    assert record["caller"].startswith("138")
    times = [record[name] for name in ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at")]
    assert all(times)
    assert times == sorted(times)
    assert seconds(record, "answered_at", "ended_at") == pytest.approx(record["talk_s"], abs=0.001)
    assert [seat.count("ringing") for seat in others] == [0, 0, 0], "another seat was rung"

    kpi = story.system.person("manager").kpi(story.since)
    assert kpi["counts"]["in"] == kpi["counts"]["to_seat"] == kpi["counts"]["answered"] == 1
    assert figure(kpi, "satisfaction", "grades_1_2")["value"] == 1.0
    assert figure(kpi, "talk_s", "all")["value"] == pytest.approx(record["talk_s"], abs=0.001)

    sealed = story.until_sealed(call)
    assert sealed["state"] == "sealed"
    assert sealed["problem"] == ""
    assert sealed["seconds"] == pytest.approx(record["talk_s"], abs=1.5)
    left, right, rate = sound.sides(story.system.person("supervisor").recording(call))
    assert sound.share(left, rate, sound.CALLER_HZ) > 0.8, "the caller is not heard on the left"
    assert sound.share(right, rate, sound.SEAT_HZ) > 0.8, "the seat is not heard on the right"
    assert sound.share(right, rate, sound.CALLER_HZ) < 0.1


@pytest.mark.parametrize(("key", "way", "line"), [("1", "rtp", "zh"), ("3", "info", "mn"), ("2", "info", "bo")])
def test_keys_choose_the_line_by_both_ways(story: Desk, key: str, way: str, line: str) -> None:
    caller, call = story.call(key, way=way)
    assert story.until_state(call, "queued")["line"] == line
    caller.hang_up()
    assert story.until_ended(call)["outcome"] == "abandoned_queue"


def test_silence_means_chinese(story: Desk) -> None:
    caller, call = story.call()
    record = story.until_state(call, "queued", within=60)
    assert (record["line"], record["language"]) == ("zh", "zh")
    caller.hang_up()
    story.until_ended(call)


@pytest.mark.parametrize("key", ["0", "9", "#"])
def test_a_key_without_meaning_does_not_lose_the_caller(story: Desk, key: str) -> None:
    caller, call = story.call(key)
    until(lambda: key in [str(k) for k in story.events(call, "KeyPressed", "key")], within=10, saying="key not heard")
    record = story.until_state(call, "queued", within=90)
    assert record["line"] == "zh"
    assert caller.is_connected
    caller.hang_up()
    story.until_ended(call)


def test_the_caller_may_end_the_talk_and_is_not_asked_then(story: Desk) -> None:
    lawyer = story.seat("1001")
    caller, call = story.call("1")
    lawyer.talks()
    story.until_state(call, "talking")
    caller.hang_up()
    record = story.until_ended(call)
    assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
    assert (record["survey_offered"], record["grade"]) == (False, None)


def test_two_calls_in_one_second_are_two_records(story: Desk) -> None:
    first, second = story.caller("13900000001"), story.caller("13900000002")
    first.start()
    second.start()
    until(lambda: first.is_connected and second.is_connected, saying="not both were answered")
    records = until(lambda: found if len(found := story.system.calls(story.since)) == 2 else None)
    assert abs(seconds(records[0], "started_at", "started_at")) == 0
    assert len({record["id"] for record in records}) == 2
    assert {record["caller"][-2:] for record in records} == {"01", "02"}
    first.hang_up()
    ended = until(lambda: [r for r in story.system.calls(story.since) if r["state"] == "ended"])
    assert [record["caller"][-2:] for record in ended] == ["01"]
    second.hang_up()
    until(lambda: all(r["state"] == "ended" for r in story.system.calls(story.since)))


def test_a_caller_who_withholds_his_number_is_served_like_any_other(story: Desk) -> None:
    lawyer = story.seat("1001", talk_s=1)
    caller, call = story.call("1", number="")
    lawyer.talks()
    record = story.until_state(call, "talking", "survey")
    assert record["caller"] == ""
    caller.wait_for_goodbye()
    assert story.until_ended(call)["outcome"] == "answered"


def _talk_for_a_while(story: Desk, call: str) -> None:
    """Some seconds of sound must be on the recording to be looked at."""
    folder = story.system.settings.recordings_dir
    until(
        lambda: [f for f in folder.rglob(f"{call}-caller.wav") if f.stat().st_size > 40_000], saying="nothing recorded"
    )


def test_who_is_signed_out_by_a_supervisor_in_a_talk_finishes_it_first(story: Desk) -> None:
    lawyer = story.seat("1001")
    caller, call = story.call("1")
    lawyer.talks()
    story.until_state(call, "talking")
    story.system.person("supervisor").post("/api/seats/1001/state", state="signed_out")
    until(lambda: (row := story.seat_row("1001")) and row.desired == "signed_out", saying="not asked")
    _talk_for_a_while(story, call)
    assert caller.is_connected
    assert story.until_state(call, "talking")["seat"] == "1001"
    lawyer.hang_up()
    story.until_state(call, "survey", "ended")
    story.until_seat("1001", "wrap_up")
    story.system.person("1001").post("/api/me/wrap-up", action="done")
    story.until_seat("1001", "signed_out")
    caller.hang_up()
    assert story.until_ended(call)["outcome"] == "answered"

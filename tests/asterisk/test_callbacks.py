"""Calling back those who asked for it, the citizen's telephone first, on a real Asterisk: SIPp is the citizen."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from redis import Redis

from tests.asterisk import calling_back
from tests.asterisk.calling_back import Floor, Story
from tests.asterisk.harness import now
from tests.asterisk.witnesses import reconciled

pytestmark = pytest.mark.asterisk


@pytest.fixture(scope="module")
def floor(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with calling_back.running(tmp_path_factory.mktemp("c")) as floor:
        yield floor


@pytest.fixture
def story(floor: Floor, tmp_path: Path) -> Iterator[Story]:
    with calling_back.told(floor, tmp_path) as story:
        yield story


def test_a_citizen_who_presses_1_is_served_and_counted_apart(story: Story) -> None:
    number = "13900001001"
    citizens = story.citizens()
    before = story.system.person("supervisor").kpi(story.desk.since - timedelta(hours=1))
    call = story.asks(number, ago=timedelta(minutes=3))
    seat = story.desk.seat("1001")
    citizens.until("answered", number)
    seat.talks(within=20)
    attempt = story.until_attempt(call, lambda it: it.state == "confirmed")
    seat.hang_up()
    row = story.until_state(call, "served")
    assert row.served_call == attempt.id
    record = story.desk.until_ended(attempt.id)
    assert (record["source"], record["outcome"], record["language"]) == ("callback", "answered", "zh")
    assert record["seat"] == "1001"
    assert record["caller"] == "139****1001"
    assert citizens.times("ringing", number) == 1
    after = story.system.person("supervisor").kpi(story.desk.since - timedelta(hours=1))
    assert after["counts"] == before["counts"]


def test_nobody_answers_and_he_is_called_once_more_and_then_given_up(story: Story) -> None:
    number = "13900001002"
    citizens = story.citizens(ring_s=None)
    story.desk.seat("1001")
    call = story.asks(number)
    row = story.until_state(call, "given_up")
    assert story.results(call) == ["no_answer", "no_answer"]
    assert (row.tries, row.reason) == (2, "no_answer")
    assert citizens.times("ringing", number) == 2
    first, second = story.attempts(call)
    assert first.ended_at is not None
    assert second.claimed_at - first.ended_at >= timedelta(seconds=2)


def test_a_busy_telephone_is_called_again_after_the_pause(story: Story) -> None:
    number = "13900001003"
    busy = story.citizens(then="reject")
    seat = story.desk.seat("1001", talk_s=1)
    call = story.asks(number)
    story.until_attempt(call, lambda it: it.result == "busy")
    busy.close()
    story.citizens()
    story.until_state(call, "served")
    assert story.results(call) == ["busy", "served"]
    assert seat.count("talking") == 1


def test_whoever_answers_without_pressing_1_reaches_no_seat(story: Story) -> None:
    number = "13900001004"
    story.citizens(key="")
    seat = story.desk.seat("1001")
    call = story.asks(number)
    story.until_state(call, "given_up", within=60)
    assert story.results(call) == ["unconfirmed", "unconfirmed"]
    assert seat.count("ringing") == 0


def test_he_may_say_that_he_needs_no_call_any_more(story: Story) -> None:
    number = "13900001005"
    story.citizens(key="2")
    seat = story.desk.seat("1001")
    call = story.asks(number)
    assert story.until_state(call, "cancelled").reason == "declined"
    assert story.results(call) == ["declined"]
    assert seat.count("ringing") == 0


def test_an_engine_that_dies_between_claim_and_dial_leaves_one_outcome(story: Story) -> None:
    number = "13900001006"
    citizens = story.citizens()
    story.desk.seat("1001", talk_s=1)
    service = story.service()
    with story.system.held_down("engine"):
        call = story.asks(number)
        claimed = service.claim_next("zh", now())
        assert claimed is not None
        assert service.claim_next("zh", now()) is None
    row = story.until_state(call, "served", within=90)
    assert story.results(call) == ["lost", "served"]
    assert row.tries == 2
    assert citizens.times("ringing", number) == 1


def test_an_engine_that_dies_while_it_rings_never_dials_twice(story: Story) -> None:
    number = "13900001007"
    citizens = story.citizens(ring_s=3)
    story.desk.seat("1001", talk_s=1)
    call = story.asks(number)
    citizens.until("ringing", number)
    with story.system.held_down("engine"):
        citizens.until("let go", number)
    row = story.until_state(call, "served", within=90)
    assert story.results(call) == ["served"]
    assert citizens.times("ringing", number) == 1
    assert row.served_call is not None
    record = story.desk.until_ended(row.served_call)
    assert (record["source"], record["outcome"], record["caller"]) == ("callback", "answered", "139****1007")


def test_a_flush_of_redis_in_the_middle_loses_no_request_and_rings_nobody_twice(story: Story) -> None:
    """Orders of persons on their way, reminders, heartbeats: all of it is gone, the database decides."""
    numbers = ("13900001011", "13900001012", "13900001013")
    citizens = story.citizens(ring_s=2)
    story.desk.seat("1001", talk_s=1)
    calls = [story.asks(number) for number in numbers]
    citizens.until("ringing", numbers[0])
    story.system.person("supervisor").post(f"/api/callbacks/{calls[2]}/dial")
    with Redis.from_url(story.system.settings.redis) as redis:
        redis.flushall()
    for call in calls:
        story.until_state(call, "served", within=90)
    assert [story.results(call) for call in calls] == [["served"]] * 3
    assert [citizens.times("ringing", number) for number in numbers] == [1, 1, 1]


def test_key_9_while_waiting_keeps_the_place(story: Story) -> None:
    number, later = "13900001008", "13900001009"
    story.citizens()
    caller, call = story.desk.call("1", number)
    waiting = story.desk.until_state(call, "queued")
    _, behind = story.desk.call("1", later)
    story.desk.until_state(behind, "queued")
    caller.press("9")
    caller.press("1")
    caller.wait_for_goodbye()
    assert story.desk.until_ended(call)["outcome"] == "callback_requested"
    assert abs(story.request(call).at - datetime.fromisoformat(waiting["queued_at"])) < timedelta(seconds=2)
    seat = story.desk.seat("1001", ring_s=None)
    back = story.until_attempt(call, lambda it: it.state == "confirmed").id
    story.desk.until_state(back, "ringing", within=30)
    seat.answer()
    story.desk.until_state(back, "talking")
    assert story.desk.record(behind)["state"] == "queued"
    seat.hang_up()
    story.until_state(call, "served")


def test_who_hangs_up_at_the_offer_gave_up_and_stands_on_the_list_of_missed_calls(story: Story) -> None:
    number = "13900001010"
    caller, call = story.desk.call("1", number)
    story.desk.until_state(call, "queued")
    caller.press("9")
    caller.hang_up()
    assert story.desk.until_ended(call)["outcome"] == "abandoned_queue"
    missed = story.system.person("1001").get("/api/missed-calls")
    assert [it["call"] for it in missed if it["number"] == "139****1010"] == [call]


def test_the_witnesses_agree_about_all_of_them(floor: Floor) -> None:
    """The last one of this file: the day of every story above."""
    assert [row for row in reconciled(floor.system)["differences"] if not row["explained"]] == []

"""Calling back from a seat: it takes the request, its telephone rings, then the citizen's. Real Asterisk; SIPp is the
citizen and the seat."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.asterisk import calling_back
from tests.asterisk.calling_back import Floor, Story
from tests.asterisk.witnesses import reconciled
from tests.given import until

pytestmark = pytest.mark.asterisk

SEAT = "1002"
"""Speaks Tibetan, whose line rings seats first here."""


@pytest.fixture(scope="module")
def floor(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with calling_back.running(tmp_path_factory.mktemp("s")) as floor:
        yield floor


@pytest.fixture
def story(floor: Floor, tmp_path: Path) -> Iterator[Story]:
    with calling_back.told(floor, tmp_path) as story:
        yield story


def takes(story: Story, call: str) -> str:
    """The seat is offered this request, and takes it; the attempt."""
    person = story.system.person(SEAT)
    offered = until(lambda: person.get("/api/callbacks/offer")["offered"], within=20, saying="nothing is offered")
    assert offered["call"] == call
    return str(person.post(f"/api/callbacks/{call}/dial")["attempt"])


def test_the_citizen_hears_a_person_at_once(story: Story) -> None:
    number = "13900002001"
    citizens = story.citizens(key="")
    before = story.system.person("supervisor").kpi(story.desk.since - timedelta(hours=1))
    seat = story.desk.seat(SEAT, ring_s=None)
    call = story.asks(number, ago=timedelta(minutes=3), line="bo")
    attempt = takes(story, call)
    seat.rings(within=20)
    story.desk.until_seat(SEAT, "ringing")
    assert citizens.times("ringing", number) == 0
    assert story.system.person(SEAT).get("/api/callbacks/offer")["calling"]["call"] == call
    seat.answer()
    citizens.until("answered", number)
    talks(story, call, attempt)
    record = story.desk.record(attempt)
    assert (record["source"], record["seat"], record["caller"]) == ("callback", SEAT, "139****2001")
    story.desk.until_seat(SEAT, "talking")
    seat.hang_up()
    row = story.until_state(call, "served")
    assert row.served_call == attempt
    record = story.desk.until_ended(attempt)
    assert (record["outcome"], record["ended_by"], record["language"]) == ("answered", "seat", "bo")
    assert citizens.times("ringing", number) == 1
    after = story.system.person("supervisor").kpi(story.desk.since - timedelta(hours=1))
    assert after["counts"] == before["counts"]


def talks(story: Story, call: str, attempt: str) -> None:
    """Until the seat and the citizen talk."""
    story.until_attempt(call, lambda it: it.state == "confirmed")
    story.desk.until_state(attempt, "talking", within=30)


@pytest.mark.parametrize(("then", "ring_s", "result"), [("reject", 0.3, "busy"), ("answer", None, "no_answer")])
def test_a_citizen_who_is_not_reached_is_offered_again(
    story: Story, then: str, ring_s: float | None, result: str
) -> None:
    number = f"1390000201{len(result)}"
    citizens = story.citizens(then=then, ring_s=ring_s)
    seat = story.desk.seat(SEAT)
    call = story.asks(number, line="bo")
    takes(story, call)
    story.until_state(call, "open")
    assert story.results(call) == [result]
    story.desk.until_seat(SEAT, "ready")
    takes(story, call)
    row = story.until_state(call, "given_up")
    assert (row.tries, row.reason) == (2, result)
    assert citizens.times("ringing", number) == 2
    assert seat.count("ringing") == 2
    assert story.system.person(SEAT).get("/api/callbacks/offer") == {"offered": None, "calling": None}


def test_a_seat_that_does_not_answer_leaves_the_citizen_unrung_and_the_request_to_others(story: Story) -> None:
    number = "13900002003"
    citizens = story.citizens()
    seat = story.desk.seat(SEAT, ring_s=None)
    call = story.asks(number, line="bo")
    takes(story, call)
    seat.rings(within=20)
    seat.reject()
    row = story.until_state(call, "open")
    assert (story.results(call), row.tries) == (["no_seat"], 0)
    assert citizens.times("ringing", number) == 0
    story.desk.until_seat(SEAT, "ready")


def test_the_citizen_hangs_up_first(story: Story) -> None:
    number = "13900002004"
    story.citizens(key="", key_s=0.1, talk_s=1.5)
    story.desk.seat(SEAT)
    call = story.asks(number, line="bo")
    attempt = takes(story, call)
    story.until_state(call, "served")
    assert story.desk.until_ended(attempt)["ended_by"] == "caller"


def test_a_carriers_voicemail_is_told_by_the_seat_and_he_is_called_again(story: Story) -> None:
    number = "13900002005"
    story.citizens(key="")
    seat = story.desk.seat(SEAT)
    call = story.asks(number, line="bo")
    attempt = takes(story, call)
    talks(story, call, attempt)
    story.system.person(SEAT).post(f"/api/callbacks/{call}/machine")
    seat.hang_up()
    row = story.until_state(call, "open")
    assert (story.results(call), row.tries) == (["unconfirmed"], 1)


def test_an_engine_that_dies_between_the_two_legs_dials_nobody_twice(story: Story) -> None:
    number = "13900002006"
    citizens = story.citizens(key="", ring_s=3)
    seat = story.desk.seat(SEAT, ring_s=None)
    call = story.asks(number, line="bo")
    attempt = takes(story, call)
    seat.rings(within=20)
    with story.system.held_down("engine"):
        seat.answer()
        citizens.until("ringing", number)
    talks(story, call, attempt)
    record = story.desk.record(attempt)
    assert (record["seat"], record["caller"]) == (SEAT, "139****2006")
    story.desk.until_seat(SEAT, "talking")
    seat.hang_up()
    story.until_state(call, "served", within=60)
    assert story.desk.until_ended(attempt)["ended_by"] == "seat"
    assert story.results(call) == ["served"]
    assert citizens.times("ringing", number) == 1


def test_an_engine_that_dies_in_the_talk_knows_its_end(story: Story) -> None:
    number = "13900002007"
    citizens = story.citizens(key="")
    seat = story.desk.seat(SEAT)
    call = story.asks(number, line="bo")
    attempt = takes(story, call)
    talks(story, call, attempt)
    with story.system.held_down("engine"):
        seat.hang_up()
        citizens.until("let go", number)
    story.until_state(call, "served", within=60)
    record = story.desk.until_ended(attempt)
    assert (record["outcome"], record["seat"]) == ("answered", SEAT)
    assert story.results(call) == ["served"]
    assert citizens.times("ringing", number) == 1


def test_the_witnesses_agree_about_all_of_them(floor: Floor) -> None:
    """The last one of this file: the day of every story above."""
    assert [row for row in reconciled(floor.system)["differences"] if not row["explained"]] == []

"""A caller presses 5 after the talk: he is visited by somebody else, whatever dies meanwhile."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk import calling_back
from tests.asterisk.calling_back import Floor, Story
from tests.asterisk.desk import Desk
from tests.asterisk.sipp import Caller, SippSeat
from tests.given import until

pytestmark = pytest.mark.asterisk

CLOSING = {"result": "explained", "cause": "waiting", "correction": "a second lawyer on Mondays"}


@pytest.fixture(scope="module")
def floor(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with calling_back.running(tmp_path_factory.mktemp("v")) as floor:
        yield floor


@pytest.fixture
def called(floor: Floor, tmp_path: Path) -> Iterator[Story]:
    with calling_back.told(floor, tmp_path) as story:
        yield story


@pytest.fixture
def story(called: Story) -> Desk:
    return called.desk


def visits(story: Desk, who: str = "supervisor", shown: str = "unsettled") -> list[dict[str, Any]]:
    since = story.since.isoformat()
    items = story.system.person(who).get("/api/visits", shown=shown, limit=200)["items"]
    return [visit for visit in items if visit["called_at"] >= since]


def talks(story: Desk, seat: SippSeat, number: str) -> tuple[Caller, str]:
    caller, call = story.call("1", number=number)
    seat.talks(within=20)
    story.until_state(call, "talking")
    return caller, call


def test_a_caller_who_presses_5_is_called_by_somebody_else(called: Story, story: Desk) -> None:
    number = "13812340005"
    lawyer = story.seat("1001")
    caller, call = talks(story, lawyer, number)
    lawyer.hang_up()
    story.until_state(call, "survey")
    assert visits(story) == []
    caller.press("5")
    caller.wait_for_goodbye()
    (visit,) = until(lambda: visits(story), saying="no visit was opened")
    assert (visit["call"], visit["grade"], visit["seat"], visit["number"]) == (call, 5, "1001", "138****0005")
    assert story.until_ended(call)["grade"] == 5

    path = f"/api/visits/dissatisfied/{call}"
    boss, other = story.system.person("supervisor"), story.system.person("1002")
    assert visits(story, "1001") == []
    assert boss.try_post(f"{path}/assign", person="1001").status_code == 409
    boss.post(f"{path}/assign", person="1002")
    assert [it["call"] for it in visits(story, "1002")] == [call]
    assert story.until_sealed(call)["state"] == "sealed"
    assert other.recording(call)[:4] == b"RIFF", "the visitor hears the talk"
    assert other.try_post(f"{path}/close", **CLOSING).status_code == 400

    citizens = called.citizens(key="")
    seat = story.seat("1002", ring_s=None)
    attempt = other.post(f"{path}/dial")["attempt"]
    seat.rings(within=20)
    assert citizens.times("ringing", number) == 0, "he was rung before the visitor answered"
    seat.answer()
    citizens.until("answered", number)
    called.until_attempt(call, lambda it: it.state == "confirmed")
    assert story.until_state(attempt, "talking", within=30)["seat"] == "1002"
    seat.hang_up()
    until(lambda: other.get(path)["visit"]["attempts"][0]["reached"], within=30, saying="the call is no attempt")
    other.post(f"{path}/close", **CLOSING)
    assert visits(story) == []
    assert [it["closed_by"] for it in visits(story, shown="closed")] == ["1002"]
    assert citizens.times("ringing", number) == 1


def test_a_5_that_is_pressed_while_the_engine_is_dead_is_visited_once(story: Desk) -> None:
    lawyer = story.seat("1001")
    caller, call = talks(story, lawyer, "13812340006")
    with story.system.held_down("engine"):
        lawyer.hang_up()
        caller.press("5")
        caller.wait_for_goodbye()
    until(story.system.is_healthy, within=60, saying="it does not recover")
    assert story.until_ended(call, within=60)["grade"] == 5
    assert [(it["kind"], it["call"]) for it in visits(story)] == [("dissatisfied", call)]

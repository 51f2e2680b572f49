"""A caller whose language no seat on duty speaks: a seat that helps answers, and the on-call interpreter comes in."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk
from tests.asterisk.api import Record
from tests.asterisk.citizens import Citizens
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of, system_of
from tests.given import until

pytestmark = pytest.mark.asterisk

DESTINATIONS = """
destinations:
  tibetan-interpreter: {{number: "13800000002", via: "127.0.0.1:{port}", press_1: true, title: 藏语译员}}
"""
LINES = """
lines:
  bo: {helpers: [zh], helpers_after_s: 1, interpreter: tibetan-interpreter}
"""


@pytest.fixture(scope="module")
def helped(_asterisk: None, outside: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("i")
    places = DESTINATIONS.format(port=outside)
    system = system_of(folder, flows_of(folder / "flows", destinations=places, lines=LINES))
    with system:
        yield system


@pytest.fixture
def story(helped: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(helped, tmp_path) as opened:
        yield opened


def came(story: Desk, call: str) -> Record | None:
    return next((party for party in story.record(call)["parties"] if party["joined_at"]), None)


def test_the_interpreter_is_called_when_a_helper_answers_and_joins_by_pressing_1(
    story: Desk, outside: int, tmp_path: Path
) -> None:
    story.seat("1001")
    with Citizens(tmp_path, story.system.settings.sip_port, outside, key_s=2.0).start():
        caller, call = story.call("2")
        story.until_state(call, "talking", within=30)
        party = until(lambda: came(story, call), within=40, saying=lambda: f"nobody came: {story.record(call)}")
        assert (party["place"], party["seat"]) == ("tibetan-interpreter", None)
        record = story.record(call)
        assert (record["seat"], record["state"], record["line"]) == ("1001", "talking", "bo")
        caller.hang_up()
        assert story.until_ended(call)["outcome"] == "answered"


def test_a_voicemail_does_not_come_in_and_the_seat_may_ask_again(story: Desk, outside: int, tmp_path: Path) -> None:
    story.seat("1001")
    with Citizens(tmp_path, story.system.settings.sip_port, outside, key="", talk_s=3.0).start() as mailbox:
        caller, call = story.call("2")
        until(lambda: story.events(call, "PartyUnreached", "seat"), within=60, saying="the voicemail is in the talk")
    assert came(story, call) is None
    assert story.record(call)["state"] == "talking"
    assert mailbox.times("answered", "13800000002") == 1
    with Citizens(tmp_path, story.system.settings.sip_port, outside, key_s=2.0).start():
        story.system.person("1001").post("/api/me/talk", action="interpret", name="bo")
        until(lambda: came(story, call), within=40, saying="the interpreter did not come")
        caller.hang_up()
        story.until_ended(call)


def test_a_language_without_an_interpreter_says_so(story: Desk) -> None:
    story.seat("1001")
    _, call = story.call("1")
    story.until_state(call, "talking")
    answer = story.system.person("1001").try_post("/api/me/talk", action="interpret", name="mn")
    assert answer.json()["code"] == "not-found"
    assert story.system.person("1001").get("/api/me/parties")["interpreters"] == ["bo"]

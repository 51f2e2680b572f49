"""Why a caller goes first, seen where it matters; and the interpreter, called by a button."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.asterisk import desk
from tests.asterisk.citizens import Citizens
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of, system_of
from tests.browser.seat import PATIENCE_MS, BrowserSeat

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]

DESTINATIONS = """
destinations:
  tibetan-interpreter: {{number: "13800000002", via: "127.0.0.1:{port}", press_1: true, title: 藏语译员}}
"""
LINES = """
lines:
  bo: {interpreter: tibetan-interpreter}
head_start_s: {elderly: 60}
"""
MAIN = """
id: main
start: language
nodes:
  language:
    language: language-menu
    choices: {"2": bo}
    keys: {"0": chinese, "5": elderly}
    timeout_s: 8
    next: chinese
    otherwise: chinese
  elderly: {set: {priority: elderly}, next: chinese}
  chinese: {queue: zh}
"""
"""Who chooses Tibetan waits in the Chinese line: no seat of his language is on duty."""


@pytest.fixture(scope="module")
def system(_asterisk: None, outside: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("g")
    places = DESTINATIONS.format(port=outside)
    system = system_of(folder, flows_of(folder / "flows", MAIN, destinations=places, lines=LINES))
    with system:
        yield system


@pytest.fixture
def story(system: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(system, tmp_path) as opened:
        yield opened


def test_why_he_goes_first_stands_in_the_rail_on_the_call_and_on_the_record(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1001")
    busy, first = story.call("0", number="13900000001")
    lawyer.answer()
    story.until_state(first, "talking")
    _, call = story.call("5", number="13900000002")
    story.until_state(call, "queued")
    expect(lawyer.find("reasons-zh")).to_have_text("老年人", timeout=PATIENCE_MS)
    busy.hang_up()
    story.until_ended(first)
    expect(lawyer.find("priority")).to_have_text("优先：老年人", timeout=PATIENCE_MS)
    lawyer.answer()
    assert story.until_state(call, "talking")["priority"] == "elderly"
    assert lawyer.complaints == []


def test_the_interpreter_is_called_by_a_button(story: Desk, lawyer: BrowserSeat, outside: int, tmp_path: Path) -> None:
    lawyer.arrive("1001")
    _, call = story.call("2", number="13900000003")
    lawyer.answer()
    story.until_state(call, "talking")
    with Citizens(tmp_path, story.system.settings.sip_port, outside, key_s=3.0).start():
        lawyer.press("interpret")
        lawyer.shows("party-tibetan-interpreter", "called")
        lawyer.shows("party-tibetan-interpreter", "talking")
        lawyer.shows("call-card", "talking")
    assert story.record(call)["parties"][0]["place"] == "tibetan-interpreter"
    assert lawyer.complaints == []

"""A talk of more than two, by the buttons; and what a supervisor does with a seat."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.asterisk import desk
from tests.asterisk.desk import Desk, seats_of
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of
from tests.browser.seat import PATIENCE_MS, Browser, BrowserSeat
from tests.given import until

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]

DESTINATIONS = """
destinations:
  police: {title: 110 报警, number: "110"}
"""


@pytest.fixture(scope="module")
def system(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """With a number outside, and a caller who waits long enough for a slow machine."""
    folder = tmp_path_factory.mktemp("r")
    flows = flows_of(folder / "flows", destinations=DESTINATIONS)
    system = System(folder / "home", CALLCENTER_FLOWS_DIR=str(flows), CALLCENTER_ROOM_WAIT_S="60")
    with system:
        yield system


@pytest.fixture
def story(system: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(system, tmp_path) as opened:
        yield opened


def sound_goes_on(seat: BrowserSeat, within: float = 30.0) -> None:
    """From now on it hears somebody, and its microphone is sent."""
    before = seat.stats()
    assert before is not None, "no talk runs in this browser"

    def both() -> bool:
        now = seat.stats()
        if now is None:
            return False
        heard = now["inbound"]["energy"] - before["inbound"]["energy"]
        said = now["microphone"]["energy"] - before["microphone"]["energy"]
        return heard > 0.001 and said > 0.001 and now["outbound"]["packets"] - before["outbound"]["packets"] >= 50

    until(both, within=within, saying=lambda: f"no sound both ways since {before}: {seat.stats()}")


def test_consult_then_three_then_the_colleague_goes_on_alone(
    story: Desk, lawyer: BrowserSeat, screens: Callable[..., Browser]
) -> None:
    colleague = screens(BrowserSeat)
    assert isinstance(colleague, BrowserSeat)
    lawyer.arrive("1001")
    caller, call = story.call("1", number="13812345678")
    lawyer.answer()
    story.until_state(call, "talking")
    colleague.arrive("1002")

    lawyer.page.keyboard.press("F9")
    lawyer.find("target-1002").wait_for()
    expect(lawyer.find("target-1004")).to_have_attribute("aria-disabled", "true")
    lawyer.find("target-police").wait_for()
    assert '"110"' not in lawyer.page.content()
    lawyer.find("party-filter").fill("藏语 10")
    expect(lawyer.find("target-1002")).to_have_attribute("aria-selected", "true")
    lawyer.find("party-filter").press("Enter")
    lawyer.shows("party-1002", "called")
    colleague.answer()
    lawyer.shows("party-1002", "talking")
    colleague.shows("party-1001", "talking")
    story.until_state(call, "holding")
    sound_goes_on(lawyer)
    sound_goes_on(colleague)

    lawyer.press("talk-join")
    story.until_state(call, "talking")
    lawyer.shows("call-card", "talking")
    sound_goes_on(lawyer)

    lawyer.press("talk-leave")
    lawyer.shows("call-card", "wrap_up")
    assert story.record(call)["state"] == "talking"
    expect(colleague.find("company")).to_have_count(0)
    sound_goes_on(colleague)
    caller.hang_up()
    record = story.until_ended(call)
    assert [(party["seat"], party["joined_at"] is not None) for party in record["parties"]] == [("1002", True)]
    colleague.shows("call-card", "wrap_up")
    assert lawyer.complaints == colleague.complaints == []


def test_handed_on_to_a_line(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1001")
    caller, call = story.call("1")
    lawyer.answer()
    story.until_state(call, "talking")
    story.seat("1002")
    lawyer.press("party")
    lawyer.find("target-bo").click()
    lawyer.press("party-hand-on")
    lawyer.shows("call-card", "wrap_up")
    story.until_seat("1002", "talking")
    assert seats_of(story.record(call)) == ["1001", "1002"]
    caller.hang_up()
    story.until_ended(call)


def test_a_talk_is_ended_with_a_reason_only_after_two_warnings(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1001")
    caller, call = story.call("1")
    lawyer.answer()
    story.until_state(call, "talking")
    lawyer.press("end-with-reason")
    lawyer.find("end-reason-abuse").click()
    lawyer.find("warned-1").click()
    expect(lawyer.find("end-talk")).to_be_disabled()
    lawyer.find("warned-2").click()
    lawyer.find("end-talk").click()
    lawyer.shows("call-card", "wrap_up")
    record = story.until_state(call, "survey", "ended")
    assert (record["end_reason"], record["ended_by"]) == ("abuse", "seat")
    caller.hang_up()


def test_a_supervisor_pauses_a_seat_frees_it_and_signs_it_out(story: Desk, screens: Callable[..., Browser]) -> None:
    floor = screens()
    floor.sign_in("supervisor", at="/floor")
    story.seat("1001")
    caller, call = story.call("1")
    story.until_state(call, "talking")

    def does(action: str) -> None:
        floor.find("seat-menu-1001").click()
        floor.find(f"seat-do-{action}").click()
        floor.find("seat-confirm").click()

    does("paused")
    floor.find("seat-asked-1001").wait_for()
    assert story.record(call)["state"] == "talking"
    does("free")
    story.until_seat("1001", "paused")
    expect(floor.find("seat-asked-1001")).to_have_count(0, timeout=PATIENCE_MS)
    assert story.record(call)["state"] == "talking", "a real call was cut off"
    caller.hang_up()
    story.until_ended(call)
    does("ready")
    story.until_seat("1001", "ready")
    does("signed_out")
    story.until_seat("1001", "signed_out")
    expect(floor.find("seat-menu-1001")).to_have_count(0, timeout=PATIENCE_MS)
    assert floor.complaints == []


def test_paused_for_missed_calls_and_back_with_one_click(story: Desk, lawyer: BrowserSeat) -> None:
    story.seat("1004", ring_s=None)
    lawyer.arrive("1001")
    caller, _call = story.call("1")
    lawyer.find("paused-for-missed").wait_for(timeout=90_000)
    assert "3" in lawyer.find("paused-for-missed").inner_text()
    caller.hang_up()
    lawyer.press("go-ready")
    lawyer.shows("state-menu", "ready")

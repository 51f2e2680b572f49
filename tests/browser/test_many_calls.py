"""Two hundred calls in one tab: a console keeps nothing of a call that is over, neither memory nor an open line."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk
from tests.asterisk.harness import System
from tests.browser.heap import measured
from tests.browser.seat import BrowserSeat
from tests.given import until

pytestmark = [pytest.mark.asterisk, pytest.mark.browser, pytest.mark.slow, pytest.mark.long]

WARM, CALLS = 20, 200
EVERY_S = 3.0
"""Callers come a little faster than they are served, so that the next one waits already."""
MORE_NODES, MORE_LISTENERS, MORE_HEAP = 300, 100, 2_000_000
"""What may differ between the 20th and the 200th call: 11 kB a call would be seen."""
LINES = """
window.__lines = 0;
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...given) { super(...given); window.__lines += 1; }
  close() { if (this.signalingState !== "closed") window.__lines -= 1; super.close(); }
};
"""


@pytest.fixture
def system(_asterisk: None, tmp_path: Path) -> Iterator[System]:
    """A short wrap-up: the seat is ready again by itself."""
    system = System(tmp_path / "home", CALLCENTER_WRAP_UP_CAP_S="1")
    with system:
        yield system


@pytest.mark.timeout(2400)
def test_a_tab_of_two_hundred_calls_keeps_nothing_of_them(
    system: System, screens: Callable[..., BrowserSeat], tmp_path: Path
) -> None:
    lawyer = screens(BrowserSeat)
    lawyer.page.add_init_script(LINES)
    lawyer.arrive("1001")
    cdp = lawyer.page.context.new_cdp_session(lawyer.page)
    with desk.opened(system, tmp_path / "phones") as story:
        numbers = [f"1380000{n:04}" for n in range(CALLS)]
        crowd = story.crowd(numbers, 1 / EVERY_S, key="1", key_after_s=4, stays_s=600)
        for _ in range(WARM):
            serve(lawyer)
        before = measured(cdp)
        for _ in range(CALLS - WARM):
            serve(lawyer)
        later = measured(cdp)
        assert crowd.wait(within=120) == 0, crowd.errors()
        records = story.until_all_ended(CALLS)
    assert {record["seat"] for record in records if record["outcome"] == "answered"} == {"1001"}
    assert sum(1 for record in records if record["outcome"] == "answered") == CALLS
    assert later["nodes"] - before["nodes"] < MORE_NODES, (before, later)
    assert later["listeners"] - before["listeners"] < MORE_LISTENERS, (before, later)
    assert later["heap"] - before["heap"] < MORE_HEAP, (before, later)
    until(lambda: lawyer.page.evaluate("window.__lines") == 0, saying="a line of a call that is over is open")
    assert lawyer.complaints == []


def serve(lawyer: BrowserSeat) -> None:
    lawyer.answer()
    lawyer.press("hangup")
    until(lambda: lawyer.find("call-card").get_attribute("data-state") != "talking", within=30)

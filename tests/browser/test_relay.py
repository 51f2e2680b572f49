"""A lawyer whose network lets no sound through but to one port talks all the same: over our own TURN server."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk, ports
from tests.asterisk.harness import System
from tests.browser.seat import BrowserSeat

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]

NOTHING_ELSE = """
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(given, ...more) { super({ ...given, iceTransportPolicy: "relay" }, ...more); window.__connection = this; }
};
"""
"""The browser offers no address of its own."""
WAY = """
async () => {
  const told = [...(await window.__connection.getStats()).values()];
  const pair = told.find((entry) => entry.type === "candidate-pair" && entry.nominated);
  const local = told.find((entry) => entry.id === pair?.localCandidateId);
  return local?.candidateType;
}
"""


@pytest.fixture
def system(_asterisk: None, tmp_path: Path) -> Iterator[System]:
    if shutil.which("turnserver") is None:
        pytest.skip("no TURN server is installed (apt-get install coturn)")
    system = System(tmp_path / "home", CALLCENTER_TURN_PORT=str(ports.block(1)))
    with system:
        yield system


def test_sound_goes_both_ways_over_the_turn_server(
    system: System, screens: Callable[..., BrowserSeat], tmp_path: Path
) -> None:
    lawyer = screens(BrowserSeat)
    lawyer.page.add_init_script(NOTHING_ELSE)
    lawyer.arrive("1001")
    with desk.opened(system, tmp_path / "phones") as story:
        caller, call = story.call("1")
        lawyer.answer()
        story.until_state(call, "talking")
        lawyer.hears_and_is_heard()
        assert lawyer.page.evaluate(WAY) == "relay"
        caller.hang_up()
        story.until_ended(call)
    assert lawyer.complaints == []

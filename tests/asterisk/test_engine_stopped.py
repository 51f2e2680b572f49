"""An engine that stands still holds the menus' sockets open: nobody may be left in silence behind them."""

import signal

import pytest

from tests.asterisk import processes
from tests.asterisk.desk import Desk
from tests.given import until

pytestmark = pytest.mark.asterisk


def test_callers_go_on_in_the_dialplan_and_a_new_engine_comes(own_story: Desk) -> None:
    system = own_story.system
    seat = own_story.seat("1001")
    _, call = own_story.call()
    own_story.until_node(call, "language")
    engine = system.part("engine")

    processes.send(engine, signal.SIGSTOP)
    newcomer = own_story.caller("13900000002").dial()

    def in_a_menu() -> list[str]:
        with system.asterisk() as line:
            return [channel["Channel"] for channel in line.channels() if channel["Application"] == "AGI"]

    until(lambda: not processes.runs(engine), within=20, saying="the engine stands still for ever")
    until(lambda: not in_a_menu(), within=5, saying="callers are left in silence")
    assert newcomer.is_connected
    until(system.is_healthy, within=30, saying="no new engine comes")
    newcomer.press("1")
    until(lambda: seat.count("talking") == 1, within=40, saying="the caller is not served")
    newcomer.hang_up()

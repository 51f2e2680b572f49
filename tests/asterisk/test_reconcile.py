"""A day on the real Asterisk: whatever dies in between, the witnesses agree or it is known why they do not."""

from datetime import datetime, timedelta

import pytest

from callcenter.clock import SystemClock
from callcenter.instants import CHINA
from callcenter.reconcile.rotation import Rotation
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.witnesses import reconciled
from tests.given import until

pytestmark = pytest.mark.asterisk


class Tomorrow:
    """A clock after the next midnight in China: what was written today is yesterday's."""

    def now(self) -> datetime:
        today = SystemClock().now().astimezone(CHINA).replace(hour=0, minute=10, second=0, microsecond=0)
        return today + timedelta(days=1)


def talk(story: Desk, number: str) -> str:
    story.until_seat("1001", "ready", within=40)
    caller, call = story.call("1", number=number)
    story.until_state(call, "talking")
    caller.hang_up()
    story.until_ended(call)
    return call


def test_calls_around_a_kill_of_the_engine_and_a_rotation_and_a_kill_of_asterisk(own_story: Desk) -> None:
    system = own_story.system
    own_story.seat("1001")
    talk(own_story, "13900000001")
    with system.held_down("engine"):
        unseen = own_story.caller("13900000002").dial()
        until(lambda: _lines(system).count("ENTERQUEUE") == 2, within=30, saying="the second caller is not queued")
        unseen.hang_up()
    until(system.is_healthy, within=60, saying="it does not recover")
    own_story.until_all_ended(2)
    report = reconciled(system)
    assert (report["records"], report["queue_log"], report["exit"]) == (2, 2, 0), report

    asked = []
    rotation = Rotation(system.settings, system.database, Tomorrow())
    ask = rotation._reopen
    rotation._reopen = lambda: asked.append(ask()) or asked[-1]
    rotation.look()
    assert asked == [True], "Asterisk does not open its logs anew"
    log = system.settings.asterisk_dir / "log"
    assert until(lambda: (log / "queue_log").exists(), saying="there is no new queue_log")
    assert not (log / "cel-custom" / "cel.csv").exists()
    talk(own_story, "13900000003")
    assert (log / "cel-custom" / "cel.csv").exists(), "Asterisk writes into the file that was moved away"
    assert "ENTERQUEUE" in (log / "queue_log").read_text()
    report = reconciled(system)
    assert (report["records"], report["queue_log"], report["exit"]) == (3, 3, 0), report

    own_story.until_seat("1001", "ready", within=40)
    _caller, call = own_story.call("1", number="13900000004")
    own_story.until_state(call, "talking")
    with system.held_down("asterisk"):
        pass
    until(system.is_healthy, within=90, saying="it does not recover")
    own_story.until_ended(call, within=60)
    report = reconciled(system)
    assert (report["records"], report["exit"]) == (4, 0), report
    found = {(row["call"] == call, row["reason"]) for row in report["differences"]}
    assert (True, "asterisk-stopped") in found, report
    # a caller who hangs up at once leaves a talk too short to hold sound, on a slow machine
    assert found <= {(True, "asterisk-stopped"), (False, "never-joined"), (False, "too-short")}, report


def _lines(system: System) -> str:
    log = system.settings.asterisk_dir / "log"
    return "".join(path.read_text() for path in sorted(log.glob("queue_log*")))

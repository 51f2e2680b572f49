"""Phones that vanish without a word, and parts of the system that break during a call."""

import signal
import subprocess
from pathlib import Path

import pytest

from tests.asterisk import desk, processes
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.given import until

pytestmark = pytest.mark.asterisk


def test_a_phone_that_vanishes_while_it_rings(story: Desk) -> None:
    gone = story.seat("1001", ring_s=None)
    caller, call = story.call("1")
    gone.rings()
    gone.kill()
    awake = story.seat("1004")
    awake.talks(within=40)
    record = story.until_state(call, "talking")
    assert record["seat"] == "1004"
    assert [ring["result"] for ring in record["rings"]].count("answered") == 1
    caller.hang_up()
    story.until_ended(call)


def test_a_phone_that_vanishes_in_a_talk_ends_it_and_the_caller_goes_on(story: Desk) -> None:
    gone = story.seat("1001")
    caller, call = story.call("1")
    gone.talks()
    story.until_state(call, "talking")
    gone.kill()
    story.until_state(call, "survey", "ended", within=60)
    record = story.until_ended(call, within=60)
    assert record["outcome"] == "answered"
    assert record["seat"] == "1001"
    assert not caller.is_connected
    assert story.until_sealed(call)["state"] == "sealed"


def test_the_caller_vanishes_in_a_talk(story: Desk) -> None:
    lawyer = story.seat("1001")
    caller, call = story.call("1")
    lawyer.talks()
    story.until_state(call, "talking")
    caller.kill()
    record = story.until_ended(call, within=90)
    assert record["outcome"] == "answered"
    until(lambda: lawyer.count("let go") == 1, saying="the lawyer talks to nobody")


def test_redis_stopped_and_back(own_story: Desk) -> None:
    lawyer = own_story.seat("1001")
    caller, call = own_story.call("1")
    lawyer.talks()
    own_story.until_state(call, "talking")
    with own_story.system.held_down("redis"):
        until(lambda: own_story.system.health()["status"] == "fail", saying="health does not see it")
        assert own_story.system.health()["parts"]["redis"]["status"] == "fail"
        other = own_story.caller("13900000002").dial()
        assert caller.is_connected, "the talk was cut"
        lawyer.hang_up()
        caller.wait_for_goodbye()
        other.hang_up()
    until(own_story.system.is_healthy, within=60, saying="it does not recover")
    records = {record["caller"][-2:]: record for record in own_story.system.calls(own_story.since)}
    assert records["01"]["outcome"] == "answered"
    assert records["02"]["outcome"] in ("abandoned_ivr", "abandoned_queue")
    assert own_story.until_sealed(call, within=90)["state"] == "sealed"


def test_asterisk_restarted_in_a_call(own_story: Desk) -> None:
    system = own_story.system
    lawyer = own_story.seat("1001")
    _, call = own_story.call("1")
    lawyer.talks()
    own_story.until_state(call, "talking")
    with system.held_down("asterisk"):
        until(lambda: system.health()["parts"]["asterisk"]["status"] == "fail", saying="health does not see it")
    until(system.is_healthy, within=60, saying="it does not recover")
    record = own_story.until_ended(call)
    assert record["outcome"] == "answered"
    assert record["ended_by"] == "system"
    lawyer.go_away()
    again = own_story.seat("1004")
    after, next_call = own_story.call("1", number="13900000002")
    again.talks(within=30)
    own_story.until_state(next_call, "talking")
    after.hang_up()
    assert own_story.until_ended(next_call)["outcome"] == "answered"
    assert len(system.calls(own_story.since)) == 2


def test_a_wrong_secret_of_the_manager_interface_is_named(own_system: System) -> None:
    own_system.start()
    conf = own_system.settings.asterisk_dir / "etc" / "manager.conf"
    text = conf.read_text().splitlines()
    secret = next(n for n, line in enumerate(text) if line.startswith("[engine]"))
    place = next(n for n, line in enumerate(text) if n > secret and line.startswith("secret"))
    text[place] = "secret = not-the-one"
    conf.write_text("\n".join(text) + "\n")
    processes.send(own_system.part("asterisk"), signal.SIGKILL)
    until(lambda: own_system.health()["status"] == "fail", within=20, saying="health does not see it")

    def said() -> str:
        return str(own_system.health()["parts"]["asterisk"]["message"])

    until(lambda: "secret" in said() or "login" in said() or "password" in said(), within=20, saying=said)
    doctor = own_system.command("doctor")
    assert doctor.returncode == 1
    assert "secret" in doctor.stdout + doctor.stderr


def test_a_full_disk_for_recordings(own_system: System, tmp_path: Path) -> None:
    folder = own_system.settings.recordings_dir
    folder.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=300k,mode=777", "tmpfs", folder], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    try:
        own_system.start_sick()
        assert "full" in own_system.health()["parts"]["recordings"]["message"]
        with desk.opened(own_system, tmp_path / "phones") as story:
            lawyer = story.seat("1001")
            caller, call = story.call("1")
            lawyer.talks()
            until(lambda: sum(f.stat().st_size for f in folder.rglob("*.wav")) > 250_000, within=60)
            assert caller.is_connected, "a full disk cut the talk"
            lawyer.hang_up()
            caller.hang_up()
            record = story.until_ended(call)
            assert record["outcome"] == "answered"
            until(lambda: "disk" in (story.record(call)["recording"] or {}).get("problem", ""), within=60)
            assert story.record(call)["recording"]["state"] == "due"
            subprocess.run(["mount", "-o", "remount,size=100m", folder], check=True)
            assert story.until_sealed(call, within=90)["state"] == "sealed"
    finally:
        own_system.stop()
        subprocess.run(["umount", folder], check=False)

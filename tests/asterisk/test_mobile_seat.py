"""A lawyer who takes her calls on her mobile, on a real Asterisk with SIPp as the carrier behind the trunk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk import desk, ports
from tests.asterisk.citizens import Citizens
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.given import until

pytestmark = pytest.mark.asterisk

SEAT, MOBILE = "1001", "13800138001"


class Carrier:
    def __init__(self, folder: Path) -> None:
        self.port = ports.block(1)
        gateway = f"127.0.0.1:{self.port}"
        self.system = System(folder / "home", CALLCENTER_TRUNK_GATEWAY=gateway, CALLCENTER_RING_TIMEOUT_S="15")


@pytest.fixture(scope="module")
def carrier(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Carrier]:
    carrier = Carrier(tmp_path_factory.mktemp("m"))
    with carrier.system:
        yield carrier
    ports.give_back(carrier.port, 1)


@pytest.fixture
def story(carrier: Carrier, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(carrier.system, tmp_path) as opened:
        yield opened


def mobile(carrier: Carrier, folder: Path, **plan: Any) -> Citizens:
    return Citizens(folder, carrier.system.settings.sip_port, carrier.port, key_s=2.0, **plan).start()


def on_her_mobile(story: Desk) -> None:
    """Its number is on file, she has chosen it and is ready; no other phone of hers is registered."""
    admin = story.system.person("admin")
    account = next(person for person in admin.get("/api/people") if person["id"] == SEAT)
    details = {name: account[name] for name in ("name", "role", "seat", "licence", "licence_until", "law_firm")}
    changed = admin.put(f"/api/people/{SEAT}", **details, mobile=MOBILE)
    assert changed["mobile"] == "138****8001"
    lawyer = story.system.person(SEAT)
    until(
        lambda: lawyer.try_post("/api/me/ringing-phone", phone="mobile").is_success,
        within=30,
        saying="the engine does not learn the number",
    )
    story.ready(SEAT)


def test_she_talks_when_she_has_pressed_1_and_it_is_a_call_like_any_other(
    story: Desk, carrier: Carrier, tmp_path: Path
) -> None:
    with mobile(carrier, tmp_path) as phone:
        refused = story.system.person("1004").try_post("/api/me/ringing-phone", phone="mobile")
        assert refused.json()["code"] == "no-mobile"
        on_her_mobile(story)
        caller, call = story.call("1")
        story.until_seat(SEAT, "ringing")
        phone.until("answered", MOBILE)
        assert story.record(call)["state"] == "ringing", "nobody has pressed 1 yet"
        record = story.until_state(call, "talking", within=30)
        assert record["seat"] == SEAT
        story.until_seat(SEAT, "talking")
        caller.hang_up()
        record = story.until_ended(call)
        story.until_seat(SEAT, "wrap_up")
        assert [(ring["seat"], ring["result"]) for ring in record["rings"]] == [(SEAT, "answered")]
        assert (record["outcome"], record["ended_by"]) == ("answered", "caller")
        story.system.person(SEAT).post("/api/me/wrap-up", action="done")
        story.until_seat(SEAT, "ready")
        sealed = story.until_sealed(call)
        assert sealed["state"] == "sealed"
        assert sealed["caller_rms"] > 0.01
    log = carrier.system.logs()
    assert MOBILE not in log, "the number stands in a log"


def test_she_hangs_up_and_the_caller_is_asked_for_a_grade(story: Desk, carrier: Carrier, tmp_path: Path) -> None:
    with mobile(carrier, tmp_path, talk_s=3.0):
        on_her_mobile(story)
        _, call = story.call("1")
        story.until_state(call, "talking", within=30)
        record = story.until_state(call, "survey", within=30)
        assert record["ended_by"] in (None, "seat")
        record = story.until_ended(call, within=60)
        assert (record["seat"], record["ended_by"], record["survey_offered"]) == (SEAT, "seat", True)


def test_a_carriers_voicemail_is_no_answer_and_the_next_seat_takes_the_call(
    story: Desk, carrier: Carrier, tmp_path: Path
) -> None:
    with mobile(carrier, tmp_path, key="", talk_s=4.0) as voicemail:
        on_her_mobile(story)
        caller, call = story.call("1")
        voicemail.until("answered", MOBILE)
        other = story.seat("1004")
        other.talks(within=60)
        record = story.until_state(call, "talking")
        assert record["seat"] == "1004"
        assert all(ring["result"] != "answered" for ring in record["rings"] if ring["seat"] == SEAT)
        caller.hang_up()
        story.until_ended(call)

"""A lawyer who takes her calls on her mobile, on a real Asterisk with SIPp as the carrier behind the trunk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk import desk, ports
from tests.asterisk.citizens import Citizens
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.overheard import ABSENT, CALLER, SUPERVISOR, Talk, talk_of
from tests.asterisk.overheard import SEAT as LAWYER
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


@pytest.fixture
def talk(story: Desk, carrier: Carrier, tmp_path: Path) -> Iterator[Talk]:
    """1001 talks on her mobile."""
    phone = Citizens(tmp_path, story.system.settings.sip_port, carrier.port, key_s=2.0)
    with talk_of(story, tmp_path, phone, lambda: on_her_mobile(story)) as talk:
        yield talk


def test_a_supervisor_listens_whispers_and_joins(talk: Talk) -> None:
    talk.until_heard(talk.at_caller, LAWYER)
    talk.asks("listen")
    talk.until_told("SupervisorListened")
    talk.until_heard(talk.at_overseer, CALLER, LAWYER)
    talk.until_heard(talk.at_seat, CALLER, without=(SUPERVISOR,))
    talk.asks("whisper")
    talk.until_told("SupervisorWhispered")
    talk.until_heard(talk.at_seat, CALLER, SUPERVISOR)
    assert talk.at_caller.listens(2.0)(SUPERVISOR) < ABSENT, "the caller hears the whisper"
    talk.asks("barge")
    talk.until_told("SupervisorJoined")
    talk.until_heard(talk.at_caller, LAWYER, SUPERVISOR)
    talk.until_heard(talk.at_seat, CALLER, SUPERVISOR)
    talk.until_heard(talk.at_overseer, CALLER, LAWYER)
    talk.story.until_seat(SEAT, "talking")
    talk.asks("stop")
    talk.until_told("SupervisorLeft")
    talk.until_heard(talk.at_caller, LAWYER, without=(SUPERVISOR,))
    talk.caller.hang_up()
    record = talk.story.until_ended(talk.call)
    assert (record["outcome"], record["seat"], record["ended_by"]) == ("answered", SEAT, "caller")
    assert record["parties"] == []
    talk.seat.until("let go", MOBILE)


def test_a_supervisor_takes_the_talk_over(talk: Talk) -> None:
    talk.asks("take_over")
    talk.until_told("SupervisorTookOver")
    talk.story.until_seat(SEAT, "wrap_up")
    talk.seat.until("let go", MOBILE)
    talk.until_heard(talk.at_caller, SUPERVISOR, without=(LAWYER,))
    talk.asks("stop")
    record = talk.story.until_ended(talk.call, within=60)
    assert (record["outcome"], record["seat"]) == ("answered", SEAT)


def asks(story: Desk, seat: str, action: str, to: str = "", name: str = "") -> None:
    story.system.person(seat).post("/api/me/talk", action=action, to=to, name=name)


def test_she_consults_comes_back_and_makes_it_a_talk_of_three_which_she_leaves(
    story: Desk, carrier: Carrier, tmp_path: Path
) -> None:
    with mobile(carrier, tmp_path) as phone:
        on_her_mobile(story)
        caller, call = story.call("1")
        story.until_state(call, "talking", within=30)
        story.seat("1002")
        asks(story, SEAT, "consult", "seat", "1002")
        story.until_seat("1002", "talking")
        story.until_state(call, "holding")
        asks(story, SEAT, "back")
        story.until_state(call, "talking")
        story.until_seat("1002", "wrap_up")
        story.until_seat(SEAT, "talking")
        story.system.person("1002").post("/api/me/wrap-up", action="done")
        story.until_seat("1002", "ready")
        asks(story, SEAT, "consult", "seat", "1002")
        story.until_seat("1002", "talking")
        asks(story, SEAT, "join")
        story.until_state(call, "talking")
        asks(story, SEAT, "leave")
        story.until_seat(SEAT, "wrap_up")
        phone.until("let go", MOBILE)
        assert story.record(call)["state"] == "talking"
        caller.hang_up()
        record = story.until_ended(call)
        assert (record["outcome"], record["seat"], record["ended_by"]) == ("answered", SEAT, "caller")


def test_a_talk_is_handed_on_to_her_and_by_her(story: Desk, carrier: Carrier, tmp_path: Path) -> None:
    with mobile(carrier, tmp_path) as phone:
        story.seat("1004")
        caller, call = story.call("1")
        story.until_state(call, "talking")
        on_her_mobile(story)
        asks(story, "1004", "transfer", "seat", SEAT)
        phone.until("answered", MOBILE)
        story.until_seat(SEAT, "talking", within=30)
        story.until_state(call, "talking")
        story.until_seat("1004", "wrap_up")
        story.system.person("1004").post("/api/me/wrap-up", action="done")
        story.until_seat("1004", "ready")
        asks(story, SEAT, "transfer", "seat", "1004")
        story.until_seat("1004", "talking")
        story.until_seat(SEAT, "wrap_up")
        phone.until("let go", MOBILE)
        story.until_state(call, "talking")
        caller.hang_up()
        assert story.until_ended(call)["outcome"] == "answered"

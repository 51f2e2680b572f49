"""Which phone of a seat rings, on a real Asterisk with SIPp as the telephones."""

from pathlib import Path

import pytest

from tests.asterisk import desk
from tests.asterisk.desk import Desk, seats_of
from tests.asterisk.harness import System
from tests.given import until

pytestmark = pytest.mark.asterisk

SEAT = "1001"


def until_wished(story: Desk, phone: str, rings: str) -> None:
    def seen() -> bool:
        row = story.seat_row(SEAT)
        return row is not None and (row.wished_phone, row.phone) == (phone, rings)

    until(seen, saying=lambda: f"not {phone} and {rings}: {vars(story.seat_row(SEAT) or object)}")


def test_who_wishes_the_browser_is_rung_on_the_desk_phone_while_no_browser_is_there(story: Desk) -> None:
    phone = story.seat(SEAT)
    story.system.person(SEAT).post("/api/me/ringing-phone", phone="webrtc")
    until_wished(story, "webrtc", "sip")
    caller, call = story.call("1")
    phone.talks()
    story.until_state(call, "talking")
    caller.hang_up()
    story.until_ended(call)
    story.system.person(SEAT).post("/api/me/ringing-phone", phone="sip")
    until_wished(story, "sip", "sip")


def test_the_wish_survives_a_restart_of_the_engine(story: Desk) -> None:
    phone = story.seat(SEAT)
    story.system.person(SEAT).post("/api/me/ringing-phone", phone="sip")
    until_wished(story, "sip", "sip")
    with story.system.held_down("engine"):
        until(lambda: story.system.health()["parts"]["engine"]["status"] == "fail", saying="health does not see it")
    until(story.system.is_healthy, within=60, saying="the engine does not come back")
    caller, call = story.call("1")
    phone.talks()
    until_wished(story, "sip", "sip")
    caller.hang_up()
    story.until_ended(call)


def test_a_desk_phone_that_falls_silent_is_not_rung_until_it_answers_again(own_system: System, tmp_path: Path) -> None:
    own_system.environment["CALLCENTER_DESK_OPTIONS_S"] = "5"
    with own_system, desk.opened(own_system, tmp_path) as story:
        phone = story.seat(SEAT, talk_s=None)
        phone.fall_silent()
        story.until_seat(SEAT, "unreachable", within=40)
        shown = {seat["seat"]: seat for seat in own_system.person("1004").get("/api/me/parties")["seats"]}
        assert (shown[SEAT]["state"], shown[SEAT]["can_take"]) == ("unreachable", False)
        caller, call = story.call("1")
        story.until_state(call, "queued")
        other = story.seat("1004")
        other.talks()
        assert seats_of(story.until_state(call, "talking")) == ["1004"]
        caller.hang_up()
        story.until_ended(call)
        story.signed_out("1004")

        phone.wake()
        story.until_seat(SEAT, "ready", within=40)
        caller, call = story.call("1")
        phone.talks()
        story.until_state(call, "talking")
        phone.fall_silent()
        until_rings_on(story, None)
        phone.wake()
        until_rings_on(story, "sip")
        assert story.record(call)["state"] == "talking", "the talk was cut"
        caller.hang_up()
        assert seats_of(story.until_ended(call)) == [SEAT]


def until_rings_on(story: Desk, phone: str | None) -> None:
    def seen() -> bool:
        row = story.seat_row(SEAT)
        return row is not None and row.phone == phone

    until(seen, within=40, saying=f"{SEAT} does not ring on {phone}")


def test_a_phone_nobody_has_is_refused(story: Desk) -> None:
    answer = story.system.person(SEAT).try_post("/api/me/ringing-phone", phone="pigeon")
    assert answer.status_code == 400

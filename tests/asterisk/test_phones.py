"""Which phone of a seat rings, on a real Asterisk with SIPp as the telephones."""

import pytest

from tests.asterisk.desk import Desk
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


def test_a_phone_nobody_has_is_refused(story: Desk) -> None:
    answer = story.system.person(SEAT).try_post("/api/me/ringing-phone", phone="pigeon")
    assert answer.status_code == 400

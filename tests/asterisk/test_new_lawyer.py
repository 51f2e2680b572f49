"""A lawyer whose account is made while everything runs takes a call, without a restart of anything."""

import time

import pytest

from tests.asterisk.api import Api
from tests.asterisk.desk import Desk
from tests.asterisk.harness import PASSWORD
from tests.given import until

pytestmark = pytest.mark.asterisk

KNOWN_WITHIN_S = 60.0
"""The engine looks every few seconds; then Asterisk reads its phones anew."""


def test_a_lawyer_made_now_answers_and_his_talk_outlives_his_account(story: Desk) -> None:
    system, number = story.system, f"9{int(time.time()) % 100_000:05}"
    admin, manager = system.person("admin"), system.person("manager")
    once = admin.post("/api/people", id=number, name="刘洋", role="seat", seat=number)["one_time_password"]
    proposal = admin.post(f"/api/people/{number}/skills", languages={"bo": 3})["id"]
    manager.post(f"/api/skill-proposals/{proposal}", approve=True)
    first = Api(system.base, number, once)
    first.post("/api/me/password", old=once, new=PASSWORD)
    first.close()
    lawyer = system.person(number)
    until(
        lambda: lawyer.try_post("/api/me/state", state="signed_out").is_success,
        within=KNOWN_WITHIN_S,
        saying="the engine does not know the new seat",
    )

    phone = story.seat(number, ready=False)
    lawyer.want("ready")
    story.until_seat(number, "ready")
    caller, call = story.call("2")
    phone.talks()
    assert story.until_state(call, "talking")["seat"] == number

    admin.post(f"/api/people/{number}/close")
    until(lambda: (row := story.seat_row(number)) and row.desired == "signed_out", within=KNOWN_WITHIN_S)
    assert story.record(call)["state"] == "talking"
    assert lawyer.try_post("/api/me/state", state="ready").status_code == 401
    phone.hang_up()
    caller.hang_up()
    assert story.until_ended(call)["outcome"] == "answered"
    story.until_seat(number, "signed_out", within=90)  # at the latest with the cap of the wrap-up

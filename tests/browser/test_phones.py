"""Where a lawyer's calls ring, as she chooses it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.asterisk.desk import Desk
from tests.browser.seat import BrowserSeat
from tests.given import until

RENEWED_WITHIN_S = 150
"""A browser renews its registration of two minutes after one to one and a half, and asks then."""
pytestmark = [pytest.mark.asterisk, pytest.mark.browser]


def test_a_lawyer_with_a_powered_desk_phone_chooses_the_browser_and_the_desk_phone_again(
    story: Desk, lawyer: BrowserSeat
) -> None:
    desk_phone = story.seat("1004")
    lawyer.sign_in("1004")
    lawyer.shows("phone-status", "registered")
    lawyer.shows("state-menu", "ready")
    desk_phone.go_away()
    lawyer.shows("state-menu", "unreachable")
    expect(lawyer.find("microphone-untried")).to_be_visible()
    desk_phone = story.seat("1004", ready=False)
    lawyer.shows("state-menu", "ready")
    choose(lawyer, "webrtc")
    story_rings(story, "webrtc")

    lawyer.find("state-menu").click()
    caller, call = story.call("1")
    lawyer.answer()
    story.until_state(call, "talking")
    choose(lawyer, "sip")
    expect(lawyer.find("rings-elsewhere")).to_contain_text("通话结束后")
    assert desk_phone.count("ringing") == 0
    lawyer.hears_and_is_heard()
    caller.hang_up()
    story.until_ended(call)
    story_rings(story, "sip")
    expect(lawyer.find("rings-elsewhere")).to_be_hidden()

    desk_phone.go_away()
    expect(lawyer.find("rings-elsewhere")).to_contain_text("未连接")
    story_rings(story, "webrtc")
    lawyer.page.reload()
    expect(lawyer.find("rings-elsewhere")).to_contain_text("未连接")
    assert lawyer.complaints == []


def choose(lawyer: BrowserSeat, phone: str) -> None:
    lawyer.find("state-menu").click()
    lawyer.find(f"ringing-phone-{phone}").click()


def story_rings(story: Desk, phone: str) -> None:
    until(
        lambda: (row := story.seat_row("1004")) is not None and row.phone == phone,
        within=30,
        saying=lambda: f"not {phone} rings: {vars(story.seat_row('1004') or object)}",
    )


def test_two_machines_with_one_account_have_one_phone_where_it_was_opened_last(
    story: Desk, screens: Callable[..., BrowserSeat]
) -> None:
    office, home = screens(BrowserSeat), screens(BrowserSeat)
    office.arrive("1001")
    home.sign_in("1001")
    home.shows("phone-status", "registered")
    home.shows("state-menu", "unreachable")
    expect(home.find("microphone-untried")).to_be_visible()
    home.find("go-ready").click()
    home.shows("state-menu", "ready")
    office.shows("phone-status", "elsewhere", within=RENEWED_WITHIN_S)
    caller, call = story.call("1")
    home.answer()
    assert story.until_state(call, "talking")["seat"] == "1001"
    caller.hang_up()
    story.until_ended(call)
    assert office.complaints == home.complaints == []

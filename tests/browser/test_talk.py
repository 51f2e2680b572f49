"""A lawyer in a browser and a caller on the telephone: they hear each other, and it is on record."""

from collections.abc import Callable

import pytest

from tests.asterisk import sound
from tests.asterisk.desk import Desk
from tests.browser.seat import Browser, BrowserSeat
from tests.given import until

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]


def test_a_whole_call_by_the_buttons(story: Desk, lawyer: BrowserSeat, screens: Callable[..., Browser]) -> None:
    wall = screens(width=1920, height=1080)
    wall.sign_in("supervisor", "/wallboard")
    lawyer.arrive("1002")
    wall.shows("seat-1002", "ready")

    caller, call = story.call("2", number="13812345678")
    lawyer.shows("call-card", "ringing")
    wall.shows("seat-1002", "ringing")
    assert "5678" in lawyer.find("caller").inner_text()
    assert "13812345678" not in lawyer.page.content(), "the number stands in clear on the page"
    lawyer.answer()
    story.until_state(call, "talking")
    heard = lawyer.hears_and_is_heard()
    assert heard["inbound"]["lost"] <= heard["inbound"]["packets"] * 0.02
    wall.shows("seat-1002", "talking")
    assert lawyer.page.get_by_test_id("record").get_attribute("data-call") == call, "no record was opened at answer"

    lawyer.press("hold")
    story.until_state(call, "holding")
    lawyer.shows("call-card", "holding")
    lawyer.press("hold")
    story.until_state(call, "talking")
    lawyer.press("mute")
    until(lambda: lawyer.find("mute").get_attribute("aria-pressed") == "true")
    lawyer.press("mute")
    until(lambda: lawyer.find("mute").get_attribute("aria-pressed") == "false")
    before = lawyer.hears_and_is_heard()["outbound"]["packets"]
    until(lambda: (lawyer.stats() or {"outbound": {"packets": 0}})["outbound"]["packets"] > before + 50)

    lawyer.write_record(("民事", "劳动报酬"), "拖欠三个月工资", "可申请劳动仲裁，仲裁不收费。", "answered")
    lawyer.press("hangup")
    story.until_state(call, "survey")
    caller.press("1")
    caller.wait_for_goodbye()
    lawyer.shows("call-card", "wrap_up")
    lawyer.press("save-ready")
    story.until_seat("1002", "ready")
    lawyer.shows("state-menu", "ready")

    record = story.until_ended(call)
    assert (record["outcome"], record["ended_by"], record["grade"]) == ("answered", "seat", 1)
    assert record["hold_seconds"] > 0
    assert record["wrap_up_ended_at"] is not None
    saved = story.system.person("1002").get(f"/api/consultations/{call}")
    assert saved["closed"] is True
    assert (saved["topic"], saved["reply"]) == ("civil.labour_pay", "可申请劳动仲裁，仲裁不收费。")
    sealed = story.until_sealed(call)
    assert (sealed["state"], sealed["problem"]) == ("sealed", "")
    left, right, rate = sound.sides(story.system.person("supervisor").recording(call))
    assert sound.share(left, rate, sound.CALLER_HZ) > 0.8, "the caller is not heard on the left"
    assert sealed["seat_rms"] > 0.01, "the lawyer is not heard on the right"
    assert sound.share(right, rate, sound.CALLER_HZ) < 0.2, "the caller echoes in the lawyer's side"
    until(lambda: wall.find("fig-answered").inner_text().strip() >= "1", saying="the wallboard does not count it")
    assert lawyer.complaints == wall.complaints == []


def test_the_caller_hangs_up_first(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1001")
    caller, call = story.call("1")
    lawyer.answer()
    story.until_state(call, "talking")
    lawyer.hears_and_is_heard()
    caller.hang_up()
    lawyer.shows("call-card", "wrap_up")
    assert story.until_ended(call)["ended_by"] == "caller"


def test_a_refused_call_rings_at_another_seat(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1001")
    caller, call = story.call("1")
    lawyer.shows("call-card", "ringing")
    other = story.seat("1004")
    lawyer.press("reject")
    other.talks(within=30)
    assert story.until_state(call, "talking")["seat"] == "1004"
    caller.hang_up()
    story.until_ended(call)


def test_a_reload_in_a_talk_keeps_the_record_and_the_talk_goes_on(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1001")
    caller, call = story.call("1")
    lawyer.answer()
    story.until_state(call, "talking")
    lawyer.write_record(("民事", "民间借贷"), "借款不还", "准备借条与转账记录。", "answered")
    until(lambda: story.system.person("1001").get(f"/api/consultations/{call}")["reply"] != "", saying="not kept")
    lawyer.page.reload()
    story.until_state(call, "holding")
    story.until_state(call, "talking", within=40)
    lawyer.shows("call-card", "talking")
    lawyer.hears_and_is_heard()
    found = lawyer.page.get_by_test_id("record-reply")
    field = found if found.evaluate("e => e.tagName") == "TEXTAREA" else found.locator("textarea")
    until(lambda: field.input_value() == "准备借条与转账记录。", saying="the text is lost")
    lawyer.press("hangup")
    record = story.until_state(call, "survey", "ended")
    assert (record["ended_by"], record["hold_seconds"] > 0) == ("seat", True)
    caller.hang_up()


def test_closing_the_browser_in_a_talk_leaves_the_caller_waiting_in_his_line(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1001")
    caller, call = story.call("1")
    lawyer.answer()
    story.until_state(call, "talking")
    lawyer.close()
    story.until_state(call, "holding", within=30)
    story.until_state(call, "queued", within=40)
    story.until_seat("1001", "unreachable", within=60)
    assert caller.is_connected
    story.seat("1004")
    story.until_state(call, "talking", within=40)
    caller.hang_up()
    record = story.until_ended(call)
    assert (record["outcome"], record["seat"]) == ("answered", "1001")

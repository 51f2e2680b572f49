"""A supervisor gives a dissatisfied caller to another lawyer, who sees it on the console and closes it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.asterisk.desk import Desk
from tests.browser.seat import PATIENCE_MS, Browser

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]


def chooses(browser: Browser, field: str, option: str) -> None:
    browser.find(field).click()
    browser.page.get_by_role("option", name=option).locator("visible=true").last.click()


def test_a_visit_is_given_out_seen_on_the_console_and_closed(story: Desk, screens: Callable[..., Browser]) -> None:
    lawyer = story.seat("1001")
    caller, call = story.call("1", number="13812340015")
    lawyer.talks(within=20)
    lawyer.hang_up()
    story.until_state(call, "survey", "ended")
    caller.press("5")
    caller.wait_for_goodbye()
    assert story.until_ended(call)["grade"] == 5

    boss = screens()
    boss.sign_in("supervisor", "/visits")
    row = boss.find("visit").filter(has_text="138****0015").first
    expect(row).to_contain_text("待指派", timeout=PATIENCE_MS)
    row.click()
    chooses(boss, "visit-visitor", "1002")
    boss.find("visit-assign").click()
    expect(boss.find("visit-state")).to_have_text("办理中", timeout=PATIENCE_MS)

    other = screens(width=1920, height=1080)
    other.sign_in("1002", "/console")
    other.find("my-visits").get_by_text("138****0015").first.click()
    expect(other.find("visit-drawer")).to_be_visible(timeout=PATIENCE_MS)
    chooses(other, "close-result", "已解决")
    chooses(other, "close-cause", "服务态度")
    other.page.get_by_label("整改").fill("已向来电人道歉，并与当班律师谈话")
    other.find("close-visit").click()
    expect(other.find("close-refused")).to_contain_text("已联系到", timeout=PATIENCE_MS)
    other.find("attempt-reached").click()
    other.find("attempt-add").click()
    expect(other.find("visit-attempts")).to_contain_text("已联系到", timeout=PATIENCE_MS)
    other.find("close-visit").click()
    expect(other.find("visit-closing")).to_contain_text("服务态度", timeout=PATIENCE_MS)
    boss.page.goto(f"{boss.system.base}/visits?shown=closed")
    expect(boss.find("visit").filter(has_text="138****0015").first).to_contain_text("已办结", timeout=PATIENCE_MS)
    boss.page.goto(f"{boss.system.base}/visits?view=draws")
    expect(boss.find("draw-now")).to_be_visible(timeout=PATIENCE_MS)
    assert boss.complaints == other.complaints == []

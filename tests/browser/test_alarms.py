"""A supervisor is told of an engine that is gone, takes it, and finds the calls behind a number."""

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.asterisk.harness import System
from tests.browser.seat import PATIENCE_MS, Browser
from tests.given import until

pytestmark = [pytest.mark.asterisk, pytest.mark.browser, pytest.mark.parametrize("system", ["sqlite"], indirect=True)]
"""What is told here does not depend on the kind of database."""

TOLD_WITHIN_S = 40.0
"""Its rule waits 5 s, somebody looks every 3 s, the feed every second; the rest is for a busy machine."""
OVER_WITHIN_S = 90.0


def test_an_engine_that_is_gone_is_told_taken_and_over_when_a_new_one_runs(
    system: System, screens: Callable[..., Browser]
) -> None:
    browser = screens()
    browser.sign_in("supervisor")
    alarm = browser.find("alarm-engine-silent")
    browser.find("alarm-list").wait_for()
    expect(alarm).to_have_count(0, timeout=OVER_WITHIN_S * 1000)  # the story before may have ended an engine
    with system.held_down("engine"):
        died = time.monotonic()
        expect(alarm).to_have_attribute("data-state", "raised", timeout=TOLD_WITHIN_S * 1000)
        assert time.monotonic() - died < TOLD_WITHIN_S
        alarm.get_by_test_id("alarm-acknowledge").click()  # its own: other alarms of the day may stand above it
        alarm.get_by_test_id("alarm-note").fill("已通知运维")
        alarm.get_by_test_id("alarm-take").click()
        expect(alarm).to_have_attribute("data-state", "acknowledged", timeout=PATIENCE_MS)
    until(system.is_healthy, within=60, saying="no new engine comes")
    expect(alarm).to_have_count(0, timeout=OVER_WITHIN_S * 1000)
    history = system.person("manager").get("/api/alarms", rule="engine-silent")["items"][0]
    assert (history["acknowledged_by"], history["note"], history["state"]) == ("supervisor", "已通知运维", "cleared")
    assert browser.complaints == []


def test_a_number_of_the_wall_tells_its_formula_and_leads_to_its_calls(
    system: System, screens: Callable[..., Browser]
) -> None:
    browser = screens(width=1920, height=1080)
    browser.sign_in("supervisor", at="/wallboard")
    browser.find("fig-answered").click()
    dialog = browser.page.get_by_role("dialog")
    expect(dialog).to_contain_text("今日由坐席接起的通话", timeout=PATIENCE_MS)
    browser.find("calls-behind").click()
    expect(browser.page).to_have_url(f"{system.base}/calls?outcome=answered", timeout=PATIENCE_MS)
    browser.find("calls").wait_for()
    assert browser.complaints == []

"""Two lawyers swap their shifts, and nothing changes hands before the supervisor has approved it."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, expect

from callcenter.instants import china_day
from tests.api.served import Served
from tests.browser.office import opened, redis, redis_url, second_factor, served, settings
from tests.browser.seat import PATIENCE_MS, Browser
from tests.site import PASSWORD

__all__ = ["opened", "redis", "redis_url", "second_factor", "served", "settings"]
pytestmark = pytest.mark.browser

FIRST, SECOND = "王晓梅", "李志强"


@pytest.fixture
def monday(served: Served) -> date:
    """Of next week: 1001 is planned for the day, 1004 for the evening."""
    today = china_day(datetime.now(UTC))
    monday = today + timedelta(days=7 - today.weekday())
    planner = served.sign_in("supervisor")
    for person, start, end in (("1001", "08:00", "16:00"), ("1004", "16:00", "22:00")):
        shift = {"person": person, "day": monday.isoformat(), "start": start, "end": end, "line": "zh"}
        assert planner.post("/api/roster/shifts", json=shift).status_code == 201
    return monday


def asks(lawyer: Browser, hours: str, why: str) -> None:
    lawyer.find("own-shifts").get_by_role("listitem").filter(has_text=hours).get_by_role("button").click()
    choose(lawyer, "swap-to", SECOND)
    choose(lawyer, "swap-in-return", "16:00–22:00")
    why_field = lawyer.find("swap-why")
    why_field.fill(why)
    lawyer.find("swap-send").click()


def choose(browser: Browser, field: str, option: str) -> None:
    browser.find(field).click()
    browser.page.get_by_role("option").filter(has_text=option).click()


def newest(browser: Browser) -> Locator:
    return browser.find("swaps").locator("tbody tr").first


def test_a_swap_is_asked_agreed_to_approved_and_on_the_roster(opened: Callable[..., Browser], monday: date) -> None:
    swaps = "/roster?view=swaps"
    first = opened("1001", PASSWORD, swaps)
    asks(first, "08:00–16:00", "开庭")
    expect(newest(first)).to_contain_text("待对方答复")
    expect(newest(first)).to_contain_text(f"{SECOND} 1004")
    expect(first.find("own-shifts")).to_contain_text("换班中")

    second = opened("1004", PASSWORD, "/")
    second.find("own-roster").get_by_text("有 1 个换班请求待您答复").click()
    expect(second.find("swaps-waiting")).to_have_text("1")
    expect(newest(second)).to_contain_text("开庭")
    second.find("swap-accept").click()
    expect(newest(second)).to_contain_text("待班长批准")
    expect(second.find("swaps-waiting")).to_have_count(0)

    planner = opened("supervisor", PASSWORD, f"/roster?from={monday}")
    expect(planner.find("roster-row-1001")).to_contain_text("08:00–16:00")
    expect(planner.find("swaps-waiting")).to_have_text("1")
    planner.find("roster-swaps").click()
    expect(newest(planner)).to_contain_text(f"{FIRST} 1001")
    planner.find("swap-approve").click()
    expect(newest(planner)).to_contain_text("已批准")
    planner.find("roster-plan").click()
    expect(planner.find("roster-row-1001")).to_contain_text("16:00–22:00")
    expect(planner.find("roster-row-1004")).to_contain_text("08:00–16:00")

    first.page.reload()
    expect(newest(first)).to_contain_text("已批准")
    asks_again = first.find("own-shifts").get_by_role("listitem")
    expect(asks_again).to_have_count(1)
    expect(asks_again).to_contain_text("16:00–22:00")

    auditor = opened("auditor", PASSWORD, "/audit")
    for action in ("申请换班", "同意换班", "批准换班"):
        expect(auditor.find("audit").get_by_text(action, exact=True).first).to_be_visible(timeout=PATIENCE_MS)
    assert first.complaints == second.complaints == planner.complaints == auditor.complaints == []


def test_a_swap_the_colleague_or_the_supervisor_says_no_to_changes_nothing(
    opened: Callable[..., Browser], monday: date
) -> None:
    swaps = "/roster?view=swaps"
    first, second = (opened(lawyer, PASSWORD, swaps) for lawyer in ("1001", "1004"))
    asks(first, "08:00–16:00", "体检")
    second.page.reload()
    second.find("swap-decline").click()
    expect(newest(second)).to_contain_text("对方不同意")

    first.page.reload()
    expect(newest(first)).to_contain_text("对方不同意")
    asks(first, "08:00–16:00", "体检")
    expect(newest(first)).to_contain_text("待对方答复")
    second.page.reload()
    second.find("swap-accept").click()
    expect(newest(second)).to_contain_text("待班长批准")

    planner = opened("supervisor", PASSWORD, f"/roster?from={monday}&view=swaps")
    planner.find("swap-refuse").click()
    expect(newest(planner)).to_contain_text("未获批准")
    planner.find("roster-plan").click()
    expect(planner.find("roster-row-1001")).to_contain_text("08:00–16:00")
    expect(planner.find("roster-row-1004")).to_contain_text("16:00–22:00")

    auditor = opened("auditor", PASSWORD, "/audit")
    for action in ("谢绝换班", "驳回换班"):
        expect(auditor.find("audit").get_by_text(action, exact=True).first).to_be_visible(timeout=PATIENCE_MS)
    assert first.complaints == second.complaints == planner.complaints == auditor.complaints == []

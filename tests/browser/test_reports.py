"""A manager makes the day's report and takes the list of calls out; both files say what the screens say."""

import io
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from playwright.sync_api import Locator, expect

from callcenter.account.table import AuditRow
from callcenter.instants import CHINA
from tests.asterisk.desk import Desk
from tests.browser.seat import PATIENCE_MS, Browser

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]

MADE_WITHIN_MS = 4 * PATIENCE_MS
"""On a machine with two busy cores the PDF alone takes its time."""


def test_a_days_report_and_the_calls_behind_it(story: Desk, screens: Callable[..., Browser]) -> None:
    caller, call = story.call(number="13812345678")
    caller.hang_up()
    story.until_ended(call)
    manager = screens()
    today = datetime.now(CHINA).date()
    manager.sign_in("manager", "/reports")
    manager.find("reports-span").click()
    manager.page.get_by_role("option", name="日报").locator("visible=true").last.click()
    manager.page.get_by_label("统计期间").fill(today.isoformat())
    manager.page.get_by_label("统计期间").press("Enter")
    manager.find("reports-make").click()
    row = manager.find(f"paper-day-{today}")
    expect(row.get_by_role("link", name="Excel")).to_be_visible(timeout=MADE_WITHIN_MS)
    expect(row.get_by_text("本期未结束")).to_be_visible()
    book = _saved(manager, row)
    counts = {line[0]: line[1] for line in book["话务量"].iter_rows(min_row=4, values_only=True)}
    assert counts["呼入量"] >= 1
    assert counts["导航中放弃"] >= 1

    manager.page.goto(f"{manager.system.base}/calls")
    manager.find("export-calls").click()
    exported = manager.find("exports")
    expect(exported.get_by_role("link", name="Excel")).to_be_visible(timeout=MADE_WITHIN_MS)
    lines = list(_saved(manager, exported)["通话清单"].iter_rows(min_row=4, values_only=True))
    assert call in {line[1] for line in lines}
    assert {line[2] for line in lines if line[1] == call} == {"138****5678"}
    with story.system.database.read() as session:
        noted = {row.action for row in session.query(AuditRow).where(AuditRow.person == "manager")}
    assert noted >= {"report-asked", "report-fetched", "calls-exported"}
    assert manager.complaints == []


def _saved(browser: Browser, where: Locator) -> Any:
    with browser.page.expect_download() as download:
        where.get_by_role("link", name="Excel").first.click()
    return openpyxl.load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))

"""An administrator makes a lawyer, who signs in for the first time; a roster file is refused, mended and taken.

Without a telephone: the api alone, and three people's browsers.
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pyotp
import pytest
from playwright.sync_api import expect

from callcenter.config import RoleName
from callcenter.instants import china_day
from callcenter.roster.sheet import COLUMNS
from tests.browser.office import fill, opened, redis, redis_url, served, settings, type_in
from tests.browser.seat import PATIENCE_MS, Browser
from tests.site import PASSWORD

__all__ = ["opened", "redis", "redis_url", "served", "settings"]
pytestmark = pytest.mark.browser

OWN = "Ein-Fluss-1958"


@pytest.fixture
def second_factor() -> list[RoleName]:
    return ["seat"]


def test_a_lawyer_is_made_is_approved_and_signs_in_with_two_factors(opened: Callable[..., Browser]) -> None:
    admin = opened("admin", PASSWORD, "/people")
    admin.find("person-new").click()
    fill(admin, "person-id", "liu.yang")
    fill(admin, "person-name", "刘洋")
    fill(admin, "person-seat", "1001")
    admin.find("person-save").click()
    expect(admin.find("person-error")).to_contain_text("席位号已属于别人")
    fill(admin, "person-seat", "1010")
    admin.find("person-save").click()
    once = admin.find("one-time").inner_text()
    admin.find("one-time-noted").click()
    expect(admin.find("person-liu.yang")).to_contain_text("待首次登录")
    admin.find("skills-liu.yang").click()
    admin.find("level-zh").get_by_text("精通").click()
    admin.find("level-bo").get_by_text("熟练").click()
    admin.find("skills-send").click()
    expect(admin.find("proposal-liu.yang")).to_contain_text("须另一位负责人批准")

    manager = opened("manager", PASSWORD, "/people")
    manager.find("approve-liu.yang").click()
    expect(manager.find("person-liu.yang")).to_contain_text("汉语 精通、藏语 熟练")

    lawyer = opened("liu.yang", once, "/")
    fill(lawyer, "password-old", once)
    fill(lawyer, "password-new", "short")
    fill(lawyer, "password-again", "short")
    lawyer.find("password-save").click()
    expect(lawyer.find("password-error")).to_contain_text("密码太弱")
    fill(lawyer, "password-new", OWN)
    fill(lawyer, "password-again", OWN)
    lawyer.find("password-save").click()
    app = pyotp.TOTP(lawyer.find("factor-secret").inner_text())
    fill(lawyer, "factor-code", app.at(datetime.now(UTC)))
    lawyer.find("factor-confirm").click()
    expect(lawyer.find("recovery-codes").get_by_role("listitem")).to_have_count(8)
    lawyer.find("recovery-kept").click()
    expect(lawyer.find("own-roster")).to_contain_text("近期没有班次", timeout=PATIENCE_MS)
    lawyer.find("sign-out").click()

    type_in(lawyer, "liu.yang", OWN)
    fill(lawyer, "sign-in-code", "000000")
    lawyer.find("sign-in-submit").click()
    expect(lawyer.find("sign-in-error")).to_contain_text("验证码不对")
    fill(lawyer, "sign-in-code", app.at(datetime.now(UTC) + timedelta(seconds=30)))
    lawyer.find("sign-in-submit").click()
    expect(lawyer.find("own-roster")).to_be_visible(timeout=PATIENCE_MS)

    auditor = opened("auditor", PASSWORD, "/audit")
    for action in ("新建账号", "批准技能变更", "设置登录验证码"):
        expect(auditor.find("audit").get_by_text(action, exact=True).first).to_be_visible()
    assert admin.complaints == manager.complaints == lawyer.complaints == auditor.complaints == []


def test_a_roster_with_wrong_rows_is_refused_row_by_row_and_the_right_one_shows_its_gap(
    opened: Callable[..., Browser], tmp_path: Path
) -> None:
    today = china_day(datetime.now(UTC))
    monday = today + timedelta(days=7 - today.weekday())
    right = (monday.isoformat(), "1002", "扎西卓玛", "08:00", "16:00", "", "")
    planner = opened("supervisor", PASSWORD, f"/roster?from={monday}")
    planner.find("roster-import").click()
    planner.find("import-file").set_input_files(
        workbook(tmp_path, right, (monday.isoformat(), "9999", "", "08:00", "1600", "", ""))
    )
    planner.find("import-send").click()
    expect(planner.find("import-error")).to_contain_text("什么都没有导入")
    faults = planner.find("import-faults")
    expect(faults.get_by_role("row").nth(1)).to_contain_text("“1600”不是时间")
    expect(faults.get_by_role("row").nth(2)).to_contain_text("没有在用的账号 9999")
    planner.find("import-file").set_input_files(workbook(tmp_path, right))
    planner.find("import-send").click()
    expect(planner.find("roster-row-1002")).to_contain_text("08:00–16:00")
    expect(planner.find("roster-gaps")).to_contain_text("蒙古语")
    planner.find("roster-coverage").click()
    first_day = planner.find("coverage-bo").locator("tbody tr").first
    expect(first_day.locator(".cell").nth(8)).to_have_text("1")
    expect(first_day.locator(".cell").nth(8)).to_have_class("cell number fine")
    expect(planner.find("coverage-mn").locator(".gap").first).to_be_visible()

    lawyer_free = opened("manager", PASSWORD, f"/roster?from={monday}")
    expect(lawyer_free.find("shifts")).to_contain_text("扎西卓玛")
    assert planner.complaints == lawyer_free.complaints == []


def workbook(folder: Path, *rows: tuple[str, ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (tuple(COLUMNS.values()), *rows):
        sheet.append(row)
    data = BytesIO()
    book.save(data)
    path = folder / f"roster-{len(rows)}.xlsx"
    path.write_bytes(data.getvalue())
    return path

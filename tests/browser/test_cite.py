"""While the caller speaks: what the lawyer writes brings entries, one key brings their law into the reply."""

import re

import pytest
from playwright.sync_api import expect

from tests.asterisk.desk import Desk
from tests.browser.seat import BrowserSeat
from tests.given import until

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]

ASKED = "老板跑了，拖欠三个月工资，没有签合同"


def test_what_is_asked_brings_entries_and_a_key_cites_them(story: Desk, lawyer: BrowserSeat) -> None:
    lawyer.arrive("1004")
    caller, call = story.call("1")
    lawyer.answer()
    story.until_state(call, "talking")
    expect(lawyer.find("record")).to_have_attribute("data-call", call)
    if lawyer.page.get_by_test_id("kb-expand").count():
        lawyer.press("kb-expand")

    lawyer.write("record-request", ASKED)
    lawyer.find("kb-hit-0").wait_for()
    assert "工资" in lawyer.find("kb-hit-0").inner_text(), "suggested without a search"
    lawyer.page.keyboard.press("F7")
    reply = lawyer.field("record-reply")
    expect(reply).to_have_value(re.compile("《.+》第.+条"))

    lawyer.page.keyboard.press("F6")
    lawyer.page.keyboard.type("离婚冷静期")
    expect(lawyer.find("kb-hit-0")).to_contain_text("离婚")
    lawyer.page.keyboard.press("Enter")
    entry = lawyer.find("kb-entry").get_attribute("data-id")
    lawyer.page.keyboard.press("Shift+F7")
    until(lambda: "\n" in reply.input_value(), saying="the short answer has no line of its own")

    saved = until(
        lambda: (
            (row := story.system.person("1004").get(f"/api/consultations/{call}"))["reply"] == reply.input_value()
            and row
        ),
        saying="what was cited was not saved",
    )
    assert "《" in saved["reply"]
    used = story.system.person("1004").get(f"/api/knowledge/entries/{entry}")["used"]
    assert used["cited"] >= 1
    caller.hang_up()
    story.until_ended(call)
    assert lawyer.complaints == []

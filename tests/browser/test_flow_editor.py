"""A supervisor changes the menu in the browser: form, trial, publication; and the next caller meets it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.asterisk.api import Api
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.browser.seat import PATIENCE_MS, Browser
from tests.given import until

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]

FLOW = "/api/flows/main"


@pytest.fixture
def editor(screens: Callable[..., Browser], system: System) -> Iterator[Browser]:
    """A supervisor at the front door's flow. Afterwards callers meet what they met before."""
    api = system.person("supervisor")
    before = api.get(FLOW)
    assert before["draft"] is None, "somebody left a draft"
    browser = screens()
    browser.sign_in("supervisor", "/flows/main")
    browser.find("node-language").wait_for()
    yield browser
    assert browser.complaints == []
    now = api.get(FLOW)
    if now["draft"] is not None:
        api.delete(f"{FLOW}/draft")
    if now["yaml"] != before["yaml"]:
        api.post(f"{FLOW}/rollback", version=before["version"], why="after the test")


def choose(browser: Browser, field: str, value: str) -> None:
    """In a list of the form, by typing its name."""
    box = browser.find(field).locator("input").last
    box.click()
    box.fill(value)
    box.press("Enter")


def write_node(browser: Browser) -> None:
    browser.find("node-save").click()
    expect(browser.find("node-form")).to_have_attribute("data-dirty", "false", timeout=PATIENCE_MS)


def version(api: Api) -> int:
    return int(api.get(FLOW)["version"])


def test_a_menu_made_in_the_form_is_tried_published_dialled_and_taken_back(
    story: Desk, editor: Browser, system: System
) -> None:
    api = system.person("supervisor")
    first = version(api)

    editor.find("node-add").click()
    editor.find("new-node-name").fill("ask")
    editor.find("node-dialog-do").click()
    expect(editor.find("node-form")).to_have_attribute("data-node", "ask", timeout=PATIENCE_MS)
    editor.find("keys-add").click()
    choose(editor, "keys-row-1", "person")
    write_node(editor)
    editor.find("node-notice").click()
    expect(editor.find("node-form")).to_have_attribute("data-node", "notice")
    choose(editor, "field-next", "ask")
    write_node(editor)
    editor.find("node-language").locator(".mark.error").wait_for()  # its 0 would no longer lead straight to a person
    editor.find("node-language").click()
    expect(editor.find("node-form")).to_have_attribute("data-node", "language")
    choose(editor, "keys-row-0", "person")
    write_node(editor)
    expect(editor.find("node-language").locator(".mark.error")).to_have_count(0, timeout=PATIENCE_MS)
    text = api.get(FLOW)["draft"]["yaml"]
    assert "# Order: greeting, language, recording notice" in text, "a comment of the file is lost"
    assert "timeout_s: 5" in text, "what nobody touched is gone"

    editor.find("flow-panel-try").click()
    editor.find("try-keys").fill("2,1")
    editor.find("try-walk").click()
    expect(editor.find("try-end")).to_have_attribute("data-end", "queue", timeout=PATIENCE_MS)
    for node in ("welcome", "language", "notice", "ask"):
        expect(editor.find(f"node-{node}")).to_have_attribute("data-walked", "now")
        editor.find("try-next").click()
    expect(editor.find("node-ask")).to_have_attribute("data-walked", "gone")

    editor.find("flow-publish").click()
    expect(editor.find("publish-do")).to_be_disabled()
    expect(editor.find("diff")).to_contain_text("menu:")
    editor.find("publish-why").fill("试用一级菜单")
    editor.find("publish-do").click()
    expect(editor.find("flow-version")).to_have_attribute("data-version", str(first + 1), timeout=PATIENCE_MS)

    caller, call = story.call("1")
    story.until_node(call, "ask", within=30)
    counts = f"{FLOW}/live"
    until(
        lambda: api.get(counts)["nodes"]["ask"]["now"] == 1,
        within=30,
        saying=lambda: f"not counted: {api.get(counts)}, began {story.events(call, 'FlowBegan', 'version')}",
    )
    expect(editor.find("node-ask").locator(".counts")).to_contain_text("现 1", timeout=PATIENCE_MS)
    caller.press("1")
    story.until_state(call, "queued")
    caller.hang_up()
    story.until_ended(call)

    editor.find("flow-versions").click()
    editor.find(f"roll-back-{first}").click()
    editor.find("roll-back-why").fill("试用结束")
    editor.find("roll-back-do").click()
    expect(editor.find("flow-version")).to_have_attribute("data-version", str(first + 2), timeout=PATIENCE_MS)
    expect(editor.find("node-ask")).to_have_count(0)
    newest = api.get(f"{FLOW}/versions")["items"][0]
    assert (newest["why"], newest["rolled_back_from"]) == ("试用结束", first + 1)


def test_broken_text_is_underlined_refused_and_survives_a_reload(editor: Browser, system: System) -> None:
    api = system.person("supervisor")
    first = version(api)
    editor.find("flow-view-yaml").click()
    editor.find("yaml-text").click()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.type("\n  nowhere: {play: welcome, next: not-there}")
    editor.page.locator(".cm-lintRange-error").first.wait_for()
    editor.find("flow-panel-findings").click()
    expect(editor.find("findings").locator("[data-code='unknown-target']")).to_be_visible()
    editor.find("flow-publish").click()
    editor.find("publish-refused").wait_for()
    editor.find("publish-why").fill("不该发布")
    expect(editor.find("publish-do")).to_be_disabled()
    editor.page.keyboard.press("Escape")

    draft = api.get(FLOW)["draft"]
    api.put(f"{FLOW}/draft", yaml=draft["yaml"] + "# 别人的一行\n", revision=draft["revision"])
    editor.find("yaml-text").click()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.type(" # mine")
    editor.find("flow-conflict").wait_for()
    editor.page.reload()
    editor.find("flow-conflict").wait_for()
    expect(editor.find("yaml-text")).to_contain_text("# mine")
    editor.find("conflict-mine").click()
    until(lambda: "# mine" in api.get(FLOW)["draft"]["yaml"], saying="my text did not win")
    expect(editor.find("flow-conflict")).to_have_count(0)
    editor.find("flow-discard").click()
    editor.find("flow-discard-do").click()
    expect(editor.find("flow-draft")).to_have_count(0, timeout=PATIENCE_MS)
    assert version(api) == first


def test_an_auditor_reads_and_changes_nothing(editor: Browser, screens: Callable[..., Browser]) -> None:
    auditor = screens()
    auditor.sign_in("auditor", "/flows/main")
    auditor.find("node-language").click()
    expect(auditor.find("node-form")).to_be_visible()
    for button in ("node-add", "node-save", "node-remove", "flow-publish", "flow-discard"):
        expect(auditor.find(button)).to_have_count(0)
    auditor.find("flow-view-yaml").click()
    expect(auditor.find("yaml-text")).to_have_attribute("contenteditable", "false")
    assert auditor.complaints == []

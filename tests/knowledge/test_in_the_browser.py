"""Search, edit, review, publish, found: a lawyer's and a reviewer's browser at one api."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from callcenter.api import ui
from callcenter.api.app import create_app
from callcenter.api.deps import Api
from callcenter.config import Settings
from tests.browser.seat import chromium
from tests.given import until
from tests.knowledge.given import entry_text, put
from tests.knowledge.test_life import api, clock, redis, redis_url, settings, site_settings
from tests.site import PASSWORD

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site_settings"]

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)]
"""What is shown does not depend on the kind of database."""
PATIENCE_MS = 30_000
EDIT = "/knowledge/edit/zh/unpaid-wages"


@pytest.fixture(scope="module")
def chrome() -> Iterator[Browser]:
    path = chromium()
    if path is None or not (ui.DIST / "index.html").exists():
        pytest.skip("no Chromium, or the screens are not built (make setup)")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=str(path), args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def address(api: Api) -> Iterator[str]:
    port = api.settings.http_port
    server = uvicorn.Server(uvicorn.Config(create_app(api), port=port, log_config=None, lifespan="on"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started and socket.create_connection(("127.0.0.1", port), 1), 30, saying="no api")
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(20)


class Desk:
    """Somebody who is signed in."""

    def __init__(self, chrome: Browser, address: str, name: str) -> None:
        self.context = chrome.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.address = address
        page = self.page
        page.goto(f"{address}/sign-in")
        answer = page.request.post(
            f"{address}/api/sign-in",
            data={"username": name, "password": PASSWORD},
            headers={"Origin": address},
        )
        assert answer.ok, answer.text()

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def see(self, test_id: str, **more: str) -> None:
        expect(self.page.get_by_test_id(test_id)).to_be_visible(timeout=PATIENCE_MS)

    def write(self, field: str, text: str) -> None:
        box = self.page.locator(f'[data-field="{field}"]').locator("input, textarea").first
        box.fill(text)

    def press(self, test_id: str) -> None:
        self.page.get_by_test_id(test_id).click()

    def says(self, test_id: str, words: str) -> None:
        expect(self.page.get_by_test_id(test_id)).to_contain_text(words, timeout=PATIENCE_MS)


@pytest.fixture
def desk(chrome: Browser, address: str) -> Iterator["type[Desk] | object"]:
    open_ones: list[Desk] = []

    def opened(name: str) -> Desk:
        open_ones.append(Desk(chrome, address, name))
        return open_ones[-1]

    yield opened
    for one in open_ones:
        one.context.close()


def test_what_is_written_reviewed_and_published_is_found_by_the_search(desk) -> None:  # type: ignore[no-untyped-def]
    lawyer, reviewer = desk("1001"), desk("supervisor")
    lawyer.open(EDIT)
    lawyer.write("title", "包工头卷款跑路怎么讨薪")
    lawyer.write("questions", "包工头卷款跑了\n工程款没结\n老板失联")
    lawyer.says("kbw-saved", "已保存")
    lawyer.press("kbw-send")
    lawyer.says("kbw-saved", "已送审")
    expect(lawyer.page.get_by_test_id("kbw-publish")).to_have_count(0)

    reviewer.open("/knowledge/work")
    reviewer.page.get_by_role("link", name="包工头卷款").or_(
        reviewer.page.get_by_test_id("kbw-row-unpaid-wages").get_by_role("link")
    ).first.click()
    reviewer.press("kbw-tab-differences")
    reviewer.says("kb-diff", "包工头")
    reviewer.press("kbw-publish")
    reviewer.says("kbw-saved", "已发布")

    def found() -> bool:
        lawyer.open("/knowledge?q=包工头卷款")
        lawyer.see("kb-page")
        hit = lawyer.page.get_by_text("包工头卷款跑路怎么讨薪").first
        try:
            hit.wait_for(timeout=5_000)
        except Exception:
            return False
        return True

    until(found, 60, saying="what was published is not found")
    assert lawyer.errors == []
    assert reviewer.errors == []


def test_script_in_a_draft_is_shown_as_text_and_never_runs(desk) -> None:  # type: ignore[no-untyped-def]
    lawyer = desk("1001")
    page = lawyer.open(EDIT)
    lawyer.write("材料", '- <img src=x onerror="window.bad=1"><script>window.bad=1</script>')
    lawyer.says("kbw-faults", "不能有 HTML")
    lawyer.press("kbw-tab-differences")
    lawyer.says("kb-diff", "onerror")
    assert page.evaluate("window.bad") is None
    expect(page.get_by_test_id("kbw-send")).to_be_disabled()


def test_what_was_typed_survives_a_closed_window(desk) -> None:  # type: ignore[no-untyped-def]
    lawyer = desk("1001")
    page = lawyer.open(EDIT)
    page.locator('[data-field="title"] input').wait_for()
    page.route(
        "**/api/knowledge/drafts/**",
        lambda route: route.abort() if route.request.method == "PUT" else route.continue_(),
    )
    lawyer.write("title", "断网时写的标题")
    page.get_by_test_id("kbw-error").wait_for()
    page.unroute("**/api/knowledge/drafts/**")
    lawyer.open(EDIT)
    lawyer.press("kbw-found-yes")
    lawyer.says("kbw-saved", "已保存")
    assert page.locator('[data-field="title"] input').input_value() == "断网时写的标题"


def test_two_writers_at_once_lose_nothing(desk) -> None:  # type: ignore[no-untyped-def]
    one, other = desk("1001"), desk("1002")
    for writer in (one, other):
        writer.open(EDIT)
        writer.page.locator('[data-field="title"] input').wait_for()
    one.write("title", "第一个人写的")
    one.says("kbw-saved", "已保存")
    other.write("title", "第二个人写的")
    other.see("kbw-conflict")
    assert other.page.locator('[data-field="title"] input').input_value() == "第二个人写的"
    other.page.get_by_test_id("kbw-conflict").get_by_role("button").first.click()
    other.says("kbw-saved", "已保存")
    assert other.page.locator('[data-field="title"] input').input_value() == "第二个人写的"


@pytest.mark.parametrize("typed", ["(*~AND NOT [\"' OR 1=1 --", "<script>alert(1)</script>", "字" * 10_000])
def test_whatever_is_typed_into_the_search_the_page_stays(desk, typed: str) -> None:  # type: ignore[no-untyped-def]
    lawyer = desk("1001")
    page = lawyer.open("/knowledge")
    page.get_by_test_id("kb-search").locator("xpath=descendant-or-self::input").fill(typed)
    page.get_by_test_id("kb-search").locator("xpath=descendant-or-self::input").fill("拖欠工资")
    page.get_by_text("拖欠工资怎么办").first.wait_for()
    assert lawyer.errors == []


def test_use_and_files_are_taken(desk, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    lawyer = desk("1001")
    page = lawyer.open("/knowledge/work?tab=tables")
    with page.expect_download() as download:
        lawyer.press("kbw-xlsx")
    file = tmp_path / "entries.xlsx"
    download.value.save_as(file)
    page.get_by_test_id("kbw-import").set_input_files(file)
    lawyer.says("kbw-taken", "相同 1 条")
    wrong = tmp_path / "wrong.xlsx"
    wrong.write_bytes(b"PK not a table")
    page.get_by_test_id("kbw-import").set_input_files(wrong)
    lawyer.see("kbw-refused")


@pytest.fixture
def expired(settings: Settings) -> str:
    """Title of an entry that has ended; before the api looks at the folder."""
    put(settings.knowledge_dir / "labour" / "old-fees.md", entry_text("old-fees", "旧办法怎么讨薪", until="2020-01-01"))
    return "旧办法怎么讨薪"


def test_an_entry_out_of_force_is_cited_by_a_second_press_only_and_the_citation_says_so(
    expired: str, desk, address: str
) -> None:  # type: ignore[no-untyped-def]
    lawyer = desk("1001")
    lawyer.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    words = f"{address}/api/knowledge/search?q=拖欠工资"
    until(lambda: lawyer.page.request.get(words, timeout=90_000).json().get("results"), 100, saying="no search")
    page = lawyer.open("/knowledge?q=拖欠工资")
    page.get_by_text(expired).first.click()
    lawyer.press("kb-cite")
    lawyer.says("kb-cite-warning", "已失效")
    assert page.evaluate("navigator.clipboard.readText()") == "", "cited by the first press"
    lawyer.press("kb-cite-answer")
    lawyer.says("kb-cite-warning", "已失效")
    assert page.evaluate("navigator.clipboard.readText()") == "", "the warning of one key let the other pass"
    lawyer.press("kb-cite-answer")
    expect(page.get_by_test_id("kb-cite-warning")).to_have_count(0)
    cited = until(lambda: page.evaluate("navigator.clipboard.readText()"), saying="nothing was cited")
    assert cited.startswith("单位必须按时足额发工资")
    assert cited.endswith("（已失效）")
    page.get_by_text("拖欠工资怎么办").first.click()
    lawyer.press("kb-cite")
    until(
        lambda: page.evaluate("navigator.clipboard.readText()") == "《劳动合同法》第三十条；《刑法》第二百七十六条之一",
        saying="what is in force is cited at once",
    )
    assert lawyer.errors == []


@pytest.mark.parametrize(("who", "tab"), [("1001", "no-such"), ("1001", "hot"), ("supervisor", "")])
def test_a_tab_that_is_not_there_or_not_his_is_the_first(desk, who: str, tab: str) -> None:  # type: ignore[no-untyped-def]
    one = desk(who)
    page = one.open(f"/knowledge/work?tab={tab}")
    expect(page.get_by_test_id("kbw-part-tasks").locator("input")).to_be_checked(timeout=PATIENCE_MS)
    expect(page.get_by_test_id("kbw-hot")).to_have_count(0)
    assert one.errors == []

"""Who was not reached and who left a message, as lawyers and supervisors see them; and the page of short messages."""

import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from callcenter import secrets
from callcenter.call.table import CallRow
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.storage.numbers import NumberVault
from tests.asterisk import calling_back
from tests.asterisk.calling_back import Floor, Story
from tests.asterisk.harness import System, now
from tests.browser.seat import PATIENCE_MS, Browser, BrowserSeat

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]


@pytest.fixture(scope="module")
def floor(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Floor]:
    with calling_back.running(tmp_path_factory.mktemp("k")) as floor:
        yield floor


@pytest.fixture
def system(floor: Floor) -> System:
    return floor.system


@pytest.fixture
def story(floor: Floor, tmp_path: Path) -> Iterator[Story]:
    with calling_back.told(floor, tmp_path) as story:
        yield story


def vault(system: System) -> NumberVault:
    return NumberVault(secrets.read(system.home))


def gave_up(story: Story, number: str) -> str:
    """A call on record whose caller hung up while he waited; its id."""
    began, numbers = now() - timedelta(minutes=3), vault(story.system)
    row = CallRow(
        id="a-1795351975.0",
        node="a",
        caller=numbers.seal(number),
        caller_hash=numbers.search_hash(number),
        source="direct",
        line="bo",
        language="bo",
        state="ended",
        started_at=began,
        queued_at=began + timedelta(seconds=8),
        ended_at=began + timedelta(seconds=48),
        left_at=began + timedelta(seconds=48),
        ended_by="caller",
        outcome="abandoned_queue",
        rings=[],
    )
    with story.system.database.begin() as session:
        session.add(row)
    return "a-1795351975.0"


def test_a_missed_caller_is_called_back_by_one_click_and_taken_at_the_console(
    story: Story, lawyer: BrowserSeat
) -> None:
    number = "13900003001"
    citizens = story.citizens(key="", key_s=0.1)
    call = gave_up(story, number)
    lawyer.arrive("1002")
    lawyer.page.get_by_role("link", name="回拨留言").click()
    lawyer.find("callbacks-view-missed").click()
    row = lawyer.find("missed").get_by_role("row").filter(has_text="139****3001")
    row.get_by_test_id("missed-call-back").click()
    expect(row).to_have_count(0, timeout=PATIENCE_MS)
    lawyer.find("callbacks-view-callbacks").click()
    task = lawyer.find("task").filter(has_text="139****3001")
    expect(task).to_contain_text("藏语", timeout=PATIENCE_MS)

    lawyer.page.get_by_role("link", name="接听台").click()
    lawyer.shows("callback-card", "offered")
    expect(lawyer.find("callback-card")).to_contain_text("139****3001")
    assert number not in lawyer.page.content(), "the number stands in clear on the page"
    lawyer.press("callback-take")
    citizens.until("answered", number)
    lawyer.shows("call-card", "talking")
    lawyer.shows("callback-card", "confirmed")
    lawyer.press("hangup")
    row_served = story.until_state(call, "served")
    assert row_served.served_call is not None
    assert citizens.times("ringing", number) == 1
    assert lawyer.complaints == []


def left_a_message(story: Story, call: str, hours: float) -> None:
    """As a menu files it, with its sound."""
    system, file = story.system, f"voicemail/{call}.wav"
    sound = system.settings.recordings_dir / file
    sound.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["sox", "-n", "-r", "8000", "-c", "1", sound, "synth", "2", "sine", "440"], check=True)
    request = CallerRequest(
        call=call,
        kind="voicemail",
        at=now() - timedelta(hours=hours),
        number="13900003002",
        language="mn",
        file=file,
        millis=2000,
    )
    assert StoredRequests(system.database, vault(system)).put(request)


def test_a_message_is_heard_faster_taken_and_done_with_its_result(
    story: Story, screens: Callable[..., Browser]
) -> None:
    left_a_message(story, "left-1", hours=25)
    browser = screens(width=1920, height=1080)
    browser.sign_in("1003", "/callbacks?view=voicemails")
    task = browser.find("task").filter(has_text="139****3002")
    expect(task).to_contain_text("已超 24 小时", timeout=PATIENCE_MS)
    task.get_by_test_id("message-play").click()
    task.get_by_role("button", name="1.5×").click()
    sound = task.locator("audio")
    browser.page.wait_for_function(
        "sound => sound.playbackRate === 1.5 && (sound.ended || sound.currentTime > 0)", arg=sound.element_handle()
    )
    task.get_by_test_id("task-take").click()
    task.get_by_test_id("task-done").click()
    browser.page.get_by_placeholder("说明").fill("已说明办理地点")
    browser.find("task-finish").click()
    expect(task).to_have_count(0, timeout=PATIENCE_MS)
    browser.page.get_by_text("已结束").click()
    expect(task).to_contain_text("已联系到", timeout=PATIENCE_MS)
    assert browser.complaints == []


def test_a_text_is_sent_only_when_somebody_else_has_approved_it(story: Story, screens: Callable[..., Browser]) -> None:
    writer = screens()
    writer.sign_in("supervisor", "/messages?view=templates")
    text = writer.find("template-survey-zh")
    text.get_by_test_id("template-change").click()
    writer.field("template-text").fill("您刚才致电12348，请评价：{link} 拒收回TD")
    writer.find("template-save").click()
    expect(text).to_contain_text("待批准", timeout=PATIENCE_MS)
    expect(text.get_by_test_id("template-approve")).to_be_disabled()
    other = screens()
    other.sign_in("manager", "/messages?view=templates")
    other.find("template-survey-zh").get_by_test_id("template-approve").click()
    expect(other.find("template-survey-zh")).to_contain_text("使用中", timeout=PATIENCE_MS)
    other.find("messages-view-gateway").click()
    expect(other.find("gateway")).to_contain_text("未配置", timeout=PATIENCE_MS)
    other.find("messages-view-list").click()
    other.find("messages").wait_for()
    assert writer.complaints == other.complaints == []

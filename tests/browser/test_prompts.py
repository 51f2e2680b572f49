"""A recording is uploaded, listened to and approved by another person; the next caller hears it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.browser.seat import PATIENCE_MS, Browser
from tests.given import until
from tests.prompt.given import speech, wav

pytestmark = [pytest.mark.asterisk, pytest.mark.browser]

PROMPT = "welcome"
SECONDS = 14.0
"""Much longer than the machine's words: by the time it takes one knows what a caller heard."""


def greeted_for(story: Desk, number: str) -> float:
    """Seconds from the greeting to the menu, for a caller who presses nothing."""
    caller, call = story.call(number=number)
    story.until_node(call, "language", within=60)
    caller.hang_up()
    story.until_ended(call, within=60)
    steps = story.system.person("supervisor").get(f"/api/calls/{call}/way")["steps"]
    at = {step["node"]: step["at"] for step in steps if step["kind"] == "node"}
    return (datetime.fromisoformat(at["language"]) - datetime.fromisoformat(at[PROMPT])).total_seconds()


def current(system: System) -> dict[str, Any]:
    items = system.person("supervisor").get("/api/prompts", lang="zh")["items"]
    return next(item for item in items if item["id"] == PROMPT)


@pytest.fixture
def short_again(system: System, tmp_path: Path) -> Iterator[None]:
    """Afterwards a short greeting, for the stories that follow."""
    yield
    file = tmp_path / "short.wav"
    file.write_bytes(wav(speech(1.0)))
    done = system.command("prompts", "add", "zh", PROMPT, str(file), "--speaker", "王老师", "--approved-by", "manager")
    assert done.returncode == 0, done.stderr


def test_a_recording_needs_a_second_person_and_then_the_next_caller_hears_it(
    story: Desk, screens: Callable[..., Browser], system: System, tmp_path: Path, short_again: None
) -> None:
    before = greeted_for(story, "13900000061")
    assert before < SECONDS - 4
    file = tmp_path / "welcome.wav"
    file.write_bytes(wav(speech(SECONDS - 0.5)))

    first = screens()
    first.sign_in("supervisor", "/prompts?lang=zh")
    first.find(f"upload-{PROMPT}").click()
    first.find("upload-file").set_input_files(file)
    first.find("upload-speaker").fill("王老师")
    first.find("upload-send").click()
    first.find(f"waiting-{PROMPT}").wait_for()
    assert current(system)["source"] != "recorded", "callers hear what nobody approved"
    first.find(f"approve-{PROMPT}").click()
    expect(first.page.get_by_role("alert").first).to_be_visible()

    second = screens()
    second.sign_in("manager", "/prompts?lang=zh")
    waiting = second.find(f"waiting-{PROMPT}")
    waiting.wait_for()
    with second.page.expect_response(lambda answer: f"/{PROMPT}/sound" in answer.url) as heard:
        waiting.get_by_role("button").first.click()
    assert heard.value.status in (200, 206)
    second.find(f"approve-{PROMPT}").click()
    expect(waiting).to_have_count(0, timeout=PATIENCE_MS)
    now = until(lambda: found if (found := current(system))["source"] == "recorded" else None, within=30)
    assert abs(now["length_s"] - SECONDS) < 1.5
    assert greeted_for(story, "13900000062") > SECONDS - 2
    assert first.complaints + second.complaints == []

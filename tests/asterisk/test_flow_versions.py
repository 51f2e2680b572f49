"""Publishing while calls go on: a call keeps its version, with the engine and without it; the next one gets the new."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.asterisk import desk
from tests.asterisk.api import Api
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.sipp import Caller, Sipp
from tests.given import until

pytestmark = pytest.mark.asterisk

TESTER = "13900000077"


@pytest.fixture(scope="module")
def own(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    system = System(tmp_path_factory.mktemp("v") / "home", CALLCENTER_TEST_CALLERS=f'["{TESTER}"]')
    with system:
        yield system


@pytest.fixture
def story(own: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(own, tmp_path) as opened:
        yield opened


@pytest.fixture
def supervisor(own: System) -> Api:
    return own.person("supervisor")


def current(supervisor: Api) -> dict[str, Any]:
    return dict(supervisor.get("/api/flows/main"))


def published(supervisor: Api, mark: str) -> int:
    """A version in which the notice is played by a node of this name, so that a call tells which one it met."""
    draft = drafted(supervisor, current(supervisor)["yaml"], mark)
    return int(supervisor.post("/api/flows/main/publish", revision=draft["revision"], why=f"with {mark}")["version"])


def drafted(supervisor: Api, text: str, mark: str) -> dict[str, Any]:
    old = next(word for word in ("notice", "second", "third", "fourth", "fifth", "sixth") if f"\n  {word}:\n" in text)
    changed = text.replace(f"\n  {old}:\n", f"\n  {mark}:\n").replace(f": {old}\n", f": {mark}\n")
    changed = changed.replace(f'"0": {old}', f'"0": {mark}').replace(f"play: {mark}", "play: notice")
    draft = dict(supervisor.put("/api/flows/main/draft", yaml=changed, revision=None))
    assert draft["findings"] == []
    return draft


def in_the_menu(story: Desk, number: str) -> tuple[Caller, str]:
    """A caller who is asked for his language."""
    caller, call = story.call(number=number)
    story.until_node(call, "language", within=40)
    return caller, call


def goes_to_a_person(story: Desk, caller: Caller, call: str) -> list[object]:
    """He chooses Chinese; the nodes on his way until he waits."""
    caller.press("1", "info")
    story.until_node(call, "person", within=40)
    caller.hang_up()
    story.until_ended(call)
    return story.events(call, "IvrNodeEntered", "node")


def version_of(story: Desk, call: str) -> str:
    return str(story.record(call)["flow"])


def until_played(story: Desk, number: str, version: str) -> tuple[Caller, str]:
    """A new caller; the one before may have come in the moment before the engine looked."""
    for _ in range(5):
        caller, call = in_the_menu(story, number)
        if version_of(story, call) == version:
            return caller, call
        caller.hang_up()
    raise AssertionError(f"callers still do not meet {version}: {version_of(story, call)}")


def test_a_call_keeps_the_version_it_began_with(story: Desk, supervisor: Api) -> None:
    first = current(supervisor)
    a, call_a = in_the_menu(story, "13900000001")
    second = published(supervisor, "second")
    assert second == first["version"] + 1
    now = supervisor.get("/api/flows/main/live")["nodes"]
    assert (now["language"]["now"], now["language"]["entered_today"] >= 1) == (1, True)
    b, call_b = until_played(story, "13900000002", f"main@{second}")
    assert goes_to_a_person(story, a, call_a)[-3:] == ["language", "notice", "person"]
    assert version_of(story, call_a) == f"main@{first['version']}"
    assert goes_to_a_person(story, b, call_b)[-3:] == ["language", "second", "person"]

    third = supervisor.post("/api/flows/main/rollback", version=first["version"], why="second was a mistake")["version"]
    c, call_c = until_played(story, "13900000003", f"main@{third}")
    assert goes_to_a_person(story, c, call_c)[-3:] == ["language", "notice", "person"]
    assert current(supervisor)["yaml"] == first["yaml"]


def test_a_broken_draft_is_refused_and_callers_notice_nothing(story: Desk, supervisor: Api) -> None:
    before = current(supervisor)
    broken = before["yaml"].replace("    next: person\n", "    next: nobody\n")
    draft = supervisor.put("/api/flows/main/draft", yaml=broken, revision=None)
    answer = supervisor.try_post("/api/flows/main/publish", revision=draft["revision"], why="a slip")
    line = broken.splitlines().index("    next: nobody") + 1
    assert (answer.status_code, answer.json()["code"]) == (422, "flow-refused")
    assert [(f["file"], f["line"]) for f in answer.json()["details"]["findings"]] == [("main.yaml", line)]
    caller, call = in_the_menu(story, "13900000004")
    assert version_of(story, call) == f"main@{before['version']}"
    assert "person" in goes_to_a_person(story, caller, call)
    supervisor.delete("/api/flows/main/draft")


def test_without_an_engine_the_dialplan_follows_and_calls_keep_their_version(story: Desk, supervisor: Api) -> None:
    before = current(supervisor)["version"]
    began = story.system.home / "flows" / "current"
    with story.system.held_down("engine"):
        a = story.caller("13900000005").dial()
        until(lambda: "Read" in applications(story), within=40, saying="no menu without the engine")
        after = published(supervisor, "third")
        b = story.caller("13900000006").dial()
        for caller in (a, b):
            for _ in range(3):  # past the greeting, and past the menu
                caller.press("1", "info")
        until(lambda: applications(story).count("Queue") == 2, within=60, saying="they do not come to the queue")
        a.hang_up()
        b.hang_up()
    until(story.system.is_healthy, within=60, saying="the engine does not come back")
    records = {record["flow"]: record["id"] for record in story.until_all_ended(2)}
    assert records.keys() == {f"main@{before}", f"main@{after}"}
    assert "third" in story.events(records[f"main@{after}"], "IvrNodeEntered", "node")
    assert "third" not in story.events(records[f"main@{before}"], "IvrNodeEntered", "node")
    assert (began / "main.yaml").read_text() == current(supervisor)["yaml"]
    c, call_c = in_the_menu(story, "13900000007")
    assert version_of(story, call_c) == f"main@{after}"
    c.hang_up()


def applications(story: Desk) -> list[str]:
    with story.system.asterisk() as line:
        return [channel["Application"] for channel in line.channels()]


def test_the_test_number_plays_the_draft_and_is_in_no_figure(story: Desk, supervisor: Api) -> None:
    draft = drafted(supervisor, current(supervisor)["yaml"], "fourth")
    assert draft["revision"] >= 1
    tester = Caller(story.system.home.parent, story.system.settings.sip_port, TESTER, "12348*9")
    try:
        tester.dial()
        call = str(until(lambda: story.system.the_call(story.since), saying="the call is not on record")["id"])
        story.until_node(call, "language", within=40)
        tester.press("1", "info")
        tester.wait_for_goodbye(within=60)
    finally:
        tester.close()
    record = story.until_ended(call)
    assert (record["source"], record["flow"]) == ("test", "main@draft")
    assert story.events(call, "IvrNodeEntered", "node")[-3:] == ["language", "fourth", "person"]
    assert supervisor.kpi(story.since)["counts"]["in"] == 0
    assert "fourth" not in supervisor.get("/api/flows/main/live")["nodes"]
    supervisor.delete("/api/flows/main/draft")


def test_a_seat_dials_the_test_number_from_its_desk_phone(story: Desk, own: System, tmp_path: Path) -> None:
    phone = own.person("1001").phone("sip")
    options = (
        "-s",
        phone["user"],
        "-au",
        phone["user"],
        "-ap",
        phone["password"],
        "-m",
        1,
        "-key",
        "dialled",
        "12348*9",
    )
    with Sipp(tmp_path, "seat-calls", own.settings.sip_port, *options) as telephone:
        assert telephone.start().wait(120) == 0, telephone.errors()
        assert [word for word, _ in telephone.said()] == ["answered", "let go"]
    record = story.until_all_ended(1)[0]
    assert (record["source"], record["flow"], record["way_out"]) == ("test", "main@draft", "goodbye")
    assert story.events(record["id"], "IvrNodeEntered", "node")[-1] == "person"

"""Emergencies, engines that die, numbers that nobody answers, callers who hang up in the menu."""

from collections.abc import Iterator

import pytest

from tests.asterisk.harness import System
from tests.asterisk.menus.walking import PATIENCE_S, Story, Walk, press
from tests.given import until

pytestmark = pytest.mark.asterisk


@pytest.fixture
def emergency(menus: System) -> Iterator[None]:
    assert menus.command("flows", "emergency", "on", "--by", "supervisor").returncode == 0
    yield
    assert menus.command("flows", "emergency", "off").returncode == 0


def test_an_emergency_is_announced_while_it_is_switched_on(story: Story, emergency: None) -> None:
    walk = Walk("25", "info")
    assert story.walk([walk])[walk] is None
    assert story.seen(walk).switch_s > 2


def test_an_emergency_is_announced_without_an_engine(story: Story, emergency: None) -> None:
    walk = Walk("25", "rtp")
    with story.system.held_down("engine"):
        caller = story.desk.caller(walk.number).dial(within=PATIENCE_S)
        # the engine keeps keys pressed during what must be heard; the dialplan does not
        until(lambda: "Read" in story.runs(walk.number), within=PATIENCE_S, every=0.2, saying="it has no end")
        press(caller, walk.keys, walk.way)
        caller.wait_for_goodbye(within=90)
    assert story.seen(walk).switch_s > 2


def test_a_number_that_nobody_answers_ends_in_the_line(story: Story) -> None:
    lawyer = story.desk.seat("1001")
    walk = Walk("14", "info")
    caller = story.desk.caller(walk.number).dial(within=PATIENCE_S)
    press(caller, walk.keys, walk.way)
    lawyer.talks(within=PATIENCE_S)
    caller.hang_up()
    assert story.seen(walk).record["outcome"] == "answered"


def at(story: Story, number: str, node: str) -> str:
    """Id of the call, once the menu is there."""
    record = until(lambda: story.of(number), within=PATIENCE_S, every=0.2, saying="the call is not on record")
    story.desk.until_node(str(record["id"]), node, within=PATIENCE_S)
    return str(record["id"])


def test_a_caller_whose_engine_dies_goes_on_where_he_was(story: Story) -> None:
    walk = Walk("2", "info")
    caller = story.desk.caller(walk.number).dial(within=PATIENCE_S)
    press(caller, "2", "info")
    at(story, walk.number, "way")
    with story.system.held_down("engine"):
        press(caller, "9", "info")  # ends the announcement that Asterisk still plays for the dead engine
        until(lambda: "Read" in story.runs(walk.number), within=PATIENCE_S, every=0.2, saying="it is not asked again")
        press(caller, "5", "info")
        caller.wait_for_goodbye(within=90)
    walked = story.seen(walk)
    assert walked.nodes[-5:] == ["fallback", "way", "open", "closed", "bye"]
    assert walked.record["language"] == "bo"
    assert walked.steps == walked.on_file


def test_the_way_of_a_caller_who_hangs_up_in_the_menu_is_kept(story: Story) -> None:
    walk = Walk("2", "rtp")
    caller = story.desk.caller(walk.number).dial(within=PATIENCE_S)
    press(caller, "2", "rtp")
    call = at(story, walk.number, "way")
    caller.hang_up()
    walked = story.seen(walk)
    assert (walked.record["outcome"], walked.record["way_out"]) == ("abandoned_ivr", "hung_up")
    assert walked.on_file[-2:] == [("key", "language=2"), ("node", "way")]
    assert walked.steps == walked.on_file
    told = story.system.person("supervisor").get(f"/api/calls/{call}/way")["steps"]
    assert [(step["node"], step["value"]) for step in told][-2:] == [("language", "2"), ("way", "way")]

"""A menu that listens: words, a whistle, and a recogniser that is killed, on a real Asterisk."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.asterisk.menus.walking import PATIENCE_S, Story, Walk, press
from tests.asterisk.sipp import Caller
from tests.given import until
from tests.speech import said
from tests.speech.model import lacking

pytestmark = [pytest.mark.asterisk, pytest.mark.speech, pytest.mark.skipif(bool(lacking()), reason=lacking())]


def repeats_a_word(file: Path) -> object:
    """So often that any three seconds hold it as a whole, and that no silence ends the listening before."""
    return said.word(file, "法律 援助", before_s=0.1, after_s=0.6)


def at_the_word_menu(story: Story, walk: Walk, sound: Callable[[Path], object]) -> tuple[Caller, str]:
    """A caller who sends this sound over and over, and his call's id."""
    caller = story.desk.caller(walk.number)
    sound(caller.folder / "caller.alaw")
    caller.dial(within=PATIENCE_S)
    press(caller, "1*", "info")
    record = until(lambda: story.of(walk.number), within=PATIENCE_S, every=0.2, saying="the call is not on record")
    story.desk.until_node(str(record["id"]), "word", within=PATIENCE_S)
    return caller, str(record["id"])


def test_a_word_that_is_said_leads_where_it_should(story: Story) -> None:
    walk = Walk("", "info")
    caller, call = at_the_word_menu(story, walk, repeats_a_word)
    story.desk.until_node(call, "law", within=PATIENCE_S)
    press(caller, "9", "info")  # enough of the entry
    caller.wait_for_goodbye(within=90)
    walked = story.seen(walk)
    assert walked.nodes[-3:] == ["word", "law", "bye"]
    assert walked.on_file == walked.steps


def test_who_whistles_is_asked_again_and_then_led_to_a_person(story: Story) -> None:
    walk = Walk("", "info")
    caller, call = at_the_word_menu(story, walk, said.whistle)
    story.desk.until_state(call, "queued", within=PATIENCE_S)
    caller.hang_up()
    walked = story.seen(walk)
    assert walked.nodes[-2:] == ["word", "person"]
    assert walked.record["ivr_s"] < 60


def test_a_recogniser_that_is_killed_leaves_a_menu_of_keys(story: Story) -> None:
    walk = Walk("", "info")
    with story.system.held_down("speech"):
        caller, _ = at_the_word_menu(story, walk, repeats_a_word)
        press(caller, "49", "info")
        caller.wait_for_goodbye(within=90)
    assert story.seen(walk).nodes[-3:] == ["word", "law", "bye"]

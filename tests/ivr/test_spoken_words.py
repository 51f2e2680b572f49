"""Menus that listen."""

from callcenter.asterisk.channel_control import Digits, NoInput
from callcenter.ivr.facts import SPEECH
from callcenter.ivr.model import Ask, Deaf, Heard, Known, Leave, Listen
from callcenter.ivr.walk import parse_keys, walk
from tests.ivr.conftest import flow_of
from tests.ivr.stepping import heard, play

SPEECH_MENU = flow_of(
    """
start: ask
nodes:
  ask:
    speech: speech-menu
    by_key: topic-menu
    words: {劳动: labour, 人工: person}
    keys: {"1": labour, "0": person}
    retries: 1
    silence_retries: 1
    otherwise: person
  labour: {set: {topic: labour}, next: bye}
  bye: {goodbye: []}
  person: {queue: by-language}
"""
)
LISTENS = Known({SPEECH: "yes"})


def test_a_word_leads_where_it_should_and_a_key_does_too() -> None:
    _, out = play(SPEECH_MENU, LISTENS)
    assert isinstance(out[-1], Listen)
    assert (heard(out[-1]), out[-1].words) == (["speech-menu"], ("劳动", "人工"))
    assert play(SPEECH_MENU, LISTENS, Heard("劳动"))[1][-1] == Leave("goodbye")
    assert play(SPEECH_MENU, LISTENS, Digits("1"))[1][-1] == Leave("goodbye")
    assert play(SPEECH_MENU, LISTENS, Digits("0"))[1][-1] == Leave("queue", "zh")


def test_where_nothing_listens_it_is_a_menu_of_keys() -> None:
    for known in (Known({}), Known({SPEECH: "no"})):
        _, out = play(SPEECH_MENU, known)
        assert isinstance(out[-1], Ask)
        assert heard(out[-1]) == ["topic-menu"]
    _, out = play(SPEECH_MENU, LISTENS, Deaf())
    assert isinstance(out[-1], Ask)
    assert heard(out[-1]) == ["topic-menu"]


def test_who_whistles_or_is_silent_ends_at_a_person() -> None:
    for answers in ([Heard(""), Heard("")], [NoInput(), NoInput()], [Heard(""), NoInput(), Heard("")]):
        assert play(SPEECH_MENU, LISTENS, *answers)[1][-1] == Leave("queue", "zh")


def test_a_word_is_walked_like_a_key() -> None:
    found = walk(SPEECH_MENU, parse_keys("劳动"), language="zh")
    assert [(row.node, row.key) for row in found.rows] == [("ask", "劳动"), ("labour", None), ("bye", None)]

"""Every way a caller can take through the flows that are delivered, walked without a telephone."""

import itertools
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.config import Settings
from callcenter.ivr.flow import KEYPAD, Flow
from callcenter.ivr.interpreter import MAX_NODES
from callcenter.ivr.shipped import load_flows
from callcenter.ivr.walk import Walk, walk

SHIPPED = load_flows(Settings())
ANYTHING = ["", *KEYPAD]


def played(found: Walk) -> list[str]:
    return [spoken for row in found.rows for spoken in row.spoken]


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        (["1"], "zh"),
        (["2"], "bo"),
        (["3"], "mn"),
        (["0"], "zh"),
        ([""], "zh"),
        ([], "zh"),
        (["9", "3"], "mn"),
        (["9", "*"], "zh"),
        (["#", ""], "zh"),
        (["2", "0"], "bo"),
    ],
)
def test_one_key_leads_to_the_line_of_the_language(keys: list[str], line: str) -> None:
    found = walk(SHIPPED["main"], keys, language="zh")
    assert found.as_json()[-1] == {"end": "queue", "queue": line}
    assert played(found)[-1] == f"{line}/notice"
    assert {name: value for row in found.rows for name, value in row.facts.items()} == {
        "language": line,
        "line": line,
    }


def test_each_language_is_offered_in_its_own_voice() -> None:
    asked = walk(SHIPPED["main"], ["1"], language="zh").rows[1]
    assert asked.spoken == ["zh/language-menu", "bo/language-menu", "mn/language-menu"]
    assert (asked.node, asked.kind, asked.key, asked.next) == ("language", "language", "1", "notice")


def test_a_wrong_key_is_asked_again_once() -> None:
    nodes = [(row.node, row.key) for row in walk(SHIPPED["main"], ["7", "8", "9"], language="zh").rows]
    assert nodes[1:3] == [("language", "7"), ("language", "8")]
    assert nodes[3][0] == "notice"


@pytest.mark.parametrize("grade", range(1, 6))
def test_a_grade_is_kept_as_pressed(grade: int) -> None:
    found = walk(SHIPPED["survey"], [str(grade)], language="bo")
    assert found.session.grade == grade
    assert found.as_json()[-1] == {"end": "goodbye"}
    assert played(found) == ["bo/survey", "bo/thanks"]


@pytest.mark.parametrize("keys", [[], ["6", "0"], ["9", ""], ["*", "#"]])
def test_no_grade_is_no_grade_and_still_thanked(keys: list[str]) -> None:
    found = walk(SHIPPED["survey"], keys, language="mn")
    assert found.session.grade is None
    assert played(found)[-1] == "mn/thanks"


def test_a_wrong_grade_is_asked_again_once_in_the_language_of_the_call() -> None:
    found = walk(SHIPPED["survey"], ["8", "5"], language="mn")
    assert found.session.grade == 5
    assert played(found) == ["mn/survey", "mn/survey-again", "mn/thanks"]


@pytest.mark.parametrize(("key", "topic"), [("1", "labour"), ("2", "family"), ("3", "contract"), ("4", "legal-aid")])
def test_the_example_writes_the_topic_and_keeps_the_line(key: str, topic: str) -> None:
    found = walk(SHIPPED["main-with-topics"], ["2", key], language="zh")
    assert found.session.topic == topic
    assert found.end.queue == "bo"


@pytest.mark.parametrize("name", ["main", "main-with-topics"])
def test_zero_reaches_a_person_from_every_question(name: str) -> None:
    flow = SHIPPED[name]
    for before in itertools.product(["", "1", "9"], repeat=2):
        for length in range(3):
            found = walk(flow, [*before[:length], "0"], language="zh")
            assert found.end.next == "queue"
            pressed = [index for index, row in enumerate(found.rows) if row.key == "0"]
            assert all("menu" not in row.kind for index in pressed for row in found.rows[index + 1 :])


def _all_paths(flow: Flow, length: int) -> Iterator[Walk]:
    for keys in itertools.product(ANYTHING, repeat=length):
        yield walk(flow, keys, language="zh")


@pytest.mark.parametrize("name", sorted(SHIPPED))
def test_every_path_ends_where_a_call_may_end_and_every_node_is_on_one(name: str) -> None:
    flow, seen = SHIPPED[name], set[str]()
    for found in _all_paths(flow, 3):
        assert found.end.next == ("goodbye" if flow.purpose == "survey" else "queue")
        assert len(found.rows) < 12
        seen |= set(found.session.path)
    assert seen == set(flow.nodes)


@settings(deadline=None)
@given(name=st.sampled_from(sorted(SHIPPED)), keys=st.lists(st.text(KEYPAD, max_size=6), max_size=40))
def test_whatever_is_pressed_the_call_comes_to_an_end(name: str, keys: list[str]) -> None:
    found = walk(SHIPPED[name], keys, language="bo")
    assert found.end.next in ("queue", "goodbye")
    assert len(found.session.path) <= MAX_NODES

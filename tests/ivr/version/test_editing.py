"""One node is changed in a text, and nothing else: not a comment, not a quote, not an empty line."""

import difflib
from typing import Any

import pytest

from callcenter.config import CHECKOUT
from callcenter.errors import BadInput, NotFound
from callcenter.ivr.reading import parse_flow
from callcenter.ivr.version.editing import with_head, with_node, without_node

SHIPPED = [path.read_text() for path in sorted((CHECKOUT / "ivr_flows").glob("*.yaml"))]

TEXT = """\
# On top.
id: main
start: first   # where all begin
nodes:
    # Before the first.
    first:
        menu: topic-menu   # which matter
        keys: {1: second, '2': third, "0": person}
        otherwise: person

    # Before the second.
    second:
        branch:
            # the hotline of the city
            - {fact: source, is: "12345", go: person}
            - fact: time   # before work
              at_most: 830
              go: third
        otherwise: person
    third: {play: [notice, welcome], next: person}

    person:
        queue: by-language
# The end.
"""


def fields(text: str, node: str) -> dict[str, Any]:
    """As a form has them: plain values, keys as text."""

    found: dict[str, Any] = parse_flow(text.encode(), "main.yaml", "main").source.value["nodes"][node]
    return found


def changes(before: str, after: str) -> list[str]:
    diff = difflib.unified_diff(before.splitlines(), after.splitlines(), n=0)
    return [line for line in diff if line[:1] in "+-" and line[:3] not in ("---", "+++")]


@pytest.mark.parametrize("text", [*SHIPPED, TEXT], ids=lambda text: str(len(text)))
def test_saving_a_node_as_it_is_changes_nothing(text: str) -> None:
    nodes = parse_flow(text.encode(), "main.yaml", "main").source.value["nodes"]
    for node in nodes:
        assert with_node(text, "main", node, fields(text, node)) == text


def test_one_field_is_one_line() -> None:
    node = fields(TEXT, "first") | {"otherwise": "third"}
    assert changes(TEXT, with_node(TEXT, "main", "first", node)) == [
        "-        otherwise: person",
        "+        otherwise: third",
    ]


def test_a_key_that_is_changed_keeps_the_form_of_the_others() -> None:
    node = fields(TEXT, "first")
    node["keys"] |= {"2": "person", "#": "third"}
    assert changes(TEXT, with_node(TEXT, "main", "first", node)) == [
        "-        keys: {1: second, '2': third, \"0\": person}",
        '+        keys: {1: second, \'2\': person, "0": person, "#": third}',
    ]


def test_a_node_of_another_kind_keeps_the_comment_of_the_next_one() -> None:
    after = with_node(TEXT, "main", "first", {"goodbye": []})
    assert "    first:\n        goodbye: []\n\n    # Before the second.\n    second:\n" in after
    assert after.startswith(TEXT[: TEXT.index("        menu")])
    assert after.endswith(TEXT[TEXT.index("    # Before the second.") :])


def test_the_last_node_keeps_the_comment_at_the_end() -> None:
    assert with_node(TEXT, "main", "person", {"goodbye": "thanks"}).endswith("        goodbye: thanks\n# The end.\n")


def test_a_new_node_stands_after_the_others_and_as_far_to_the_right() -> None:
    node = {"branch": [{"fact": "language", "is": "no", "go": "person"}], "otherwise": "person"}
    after = with_node(TEXT, "main", "fourth", node)
    assert fields(after, "fourth") == node
    assert changes(TEXT, after)[:2] == ["+", "+    fourth:"]
    assert after.endswith("# The end.\n")
    assert without_node(after, "main", "fourth") == TEXT


def test_a_node_is_taken_out_with_the_empty_line_that_set_it_off() -> None:
    after = without_node(TEXT, "main", "first")
    assert after == TEXT.replace(TEXT[TEXT.index("    first:") : TEXT.index("    # Before the second")], "")
    assert without_node(TEXT, "main", "third").count("third: {play") == 0


def test_nodes_in_one_line_can_be_edited_too() -> None:
    text = "id: main\nstart: a\nnodes: {a: {play: notice, next: b}, b: {queue: zh}}  # short\n"
    after = with_node(text, "main", "b", {"queue": "by-language"})
    assert after.split() == text.replace("zh", "by-language").split()
    assert "b:" not in without_node(text, "main", "b")


def test_words_that_yaml_takes_for_something_else_stay_words() -> None:
    for word in ("yes", "no", "on", "12345", "0830", "null", "~", "1.5"):
        node = {"branch": [{"fact": "source", "is": word, "go": "person"}], "otherwise": "person"}
        after = with_node(TEXT, "main", "second", node)
        assert fields(after, "second") == node


def test_a_text_that_cannot_be_read_is_not_touched() -> None:
    for text in ("nodes: [", "nodes:\n", "id: main\nnodes: []\n", ""):
        with pytest.raises(BadInput):
            with_node(text, "main", "first", {"goodbye": []})
    with pytest.raises(NotFound):
        without_node(TEXT, "main", "nobody")


def test_the_head_is_changed_in_its_place() -> None:
    after = with_head(TEXT, "main", {"id": "other", "title": "另一个"})
    assert after.splitlines()[:3] == ["# On top.", "id: other", "title: 另一个"]
    assert "start: first   # where all begin" in after

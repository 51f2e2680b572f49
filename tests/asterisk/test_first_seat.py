"""Offered to one seat before the line: by the last talk, by a number keyed, by the topic. On a real Asterisk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.account.table import PersonRow
from tests.asterisk import desk
from tests.asterisk.desk import Desk, seats_of
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of, system_of

pytestmark = pytest.mark.asterisk

LINES = """
first_seat: {asked_s: 4, last_adviser_s: 10, field_s: 10}
"""
MAIN = """
id: main
start: language
nodes:
  language:
    language: language-menu
    choices: {"1": zh, "2": bo}
    keys: {"0": person, "4": labour, "7": which}
    timeout_s: 5
    next: person
    otherwise: person
  labour: {set: {topic: civil.labour_pay}, next: person}
  which: {collect: welcome, into: lawyer, max_digits: 4, keys: {"0": person}, next: person, otherwise: person}
  person: {queue: by-language}
"""
FIELDS = {"1004": {"civil": 3}, "1012": {"civil.labour_pay": 1}}


@pytest.fixture(scope="module")
def known(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """1001, 1004 and 1012 speak Chinese; 1004 knows civil matters well, 1012 labour pay a little."""
    folder = tmp_path_factory.mktemp("f")
    system = system_of(folder, flows_of(folder / "flows", MAIN, lines=LINES), CALLCENTER_WRAP_UP_CAP_S="1")
    system.add_seats("1012")
    with system.database.begin() as session:
        for person, fields in FIELDS.items():
            row = session.get(PersonRow, person)
            assert row is not None
            row.fields = fields
    with system:
        yield system


@pytest.fixture
def story(known: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(known, tmp_path) as opened:
        yield opened


def test_who_advised_him_last_is_rung_first_when_he_calls_again(story: Desk) -> None:
    story.seat("1001")
    story.seat("1004")
    number = "13900000021"
    caller, call = story.call("1", number=number)
    first = seats_of(story.until_state(call, "talking"))
    caller.hang_up()
    story.until_ended(call)
    story.until_seat(first[0], "ready", within=40)
    caller, again = story.call("1", number=number)
    record = story.until_state(again, "talking")
    assert (seats_of(record), record["line"]) == (first, "zh")
    caller.hang_up()
    story.until_ended(again)
    story.signed_out(first[0])
    _, third = story.call("1", number=number)
    record = story.until_state(third, "talking")
    assert set(seats_of(record)) == {"1001", "1004"} - set(first)
    assert record["wait_s"] < 8, "he waited for a seat that is not there"


def test_the_topic_goes_to_who_knows_it_best_and_then_to_who_knows_it_at_all(story: Desk) -> None:
    for seat in ("1001", "1012", "1004"):
        story.seat(seat)
    taken = []
    for last in range(3):
        _, call = story.call("4", number=f"1390000003{last}")
        record = story.until_state(call, "talking")
        assert record["topic"] == "civil.labour_pay"
        taken += seats_of(record)
    assert taken == ["1004", "1012", "1001"]


def test_a_lawyer_asked_for_by_number_is_waited_for_and_not_for_ever(story: Desk) -> None:
    story.seat("1004")
    _, other = story.call("1", number="13900000041")
    story.until_state(other, "talking")
    story.seat("1001")
    caller, call = story.call("7", number="13900000042")
    story.until_node(call, "which")
    for key in "1004#":
        caller.press(key)
    record = story.until_state(call, "talking", within=40)
    assert (seats_of(record), record["line"]) == (["1001"], "zh")
    assert record["wait_s"] >= 3, "app_queue ends a wait of four seconds by the clock's whole seconds"


def test_handed_on_with_a_topic_to_a_seat_that_knows_it(story: Desk) -> None:
    story.seat("1001")
    caller, call = story.call("1", number="13900000051")
    story.until_state(call, "talking")
    story.seat("1012")
    story.seat("1004")
    story.system.person("1001").post("/api/me/talk", action="transfer", to="line", name="zh", topic="civil.housing")
    story.until_seat("1004", "talking")
    record = story.until_state(call, "talking")
    assert (seats_of(record), record["topic"]) == (["1001", "1004"], "civil.housing")
    caller.hang_up()
    assert story.until_ended(call)["outcome"] == "answered"

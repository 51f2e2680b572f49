"""Who is rung for whom: on a real Asterisk, with seats of one language and of two."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk
from tests.asterisk.desk import Desk, seats_of
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of, system_of
from tests.given import until

pytestmark = pytest.mark.asterisk

LINES = """
lines:
  bo: {helpers: [zh], helpers_after_s: 8, keep_free: 1}
head_start_s: {elderly: 3600}
missed_rings: 2
"""
MAIN = """
id: main
start: language
nodes:
  language:
    language: language-menu
    choices: {"1": zh, "2": bo}
    keys: {"0": person, "5": elderly}
    timeout_s: 5
    next: person
    otherwise: person
  elderly: {set: {priority: elderly}, next: person}
  person: {queue: by-language}
"""


@pytest.fixture(scope="module")
def routed(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Seats 1001 and 1004 speak Chinese, 1002 and 1012 Tibetan besides. One of the two stays free for Tibetan."""
    folder = tmp_path_factory.mktemp("r")
    system = system_of(folder, flows_of(folder / "flows", MAIN, lines=LINES))
    system.add_seats("1012", languages=("zh", "bo"))
    with system:
        yield system


@pytest.fixture
def story(routed: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(routed, tmp_path) as opened:
        yield opened


def test_a_seat_of_the_callers_language_is_rung_and_no_other(story: Desk) -> None:
    story.seat("1001")
    story.seat("1002")
    _, call = story.call("2")
    assert seats_of(story.until_state(call, "talking")) == ["1002"]


def test_without_a_seat_of_his_language_the_helpers_are_rung_after_a_while_and_not_before(story: Desk) -> None:
    story.seat("1001")
    _, call = story.call("2")
    record = story.until_state(call, "talking", within=40)
    assert seats_of(record) == ["1001"]
    assert record["wait_s"] >= 8
    assert record["line"] == "bo"


def test_the_common_line_rings_those_of_one_language_first(story: Desk) -> None:
    story.seat("1012")
    story.seat("1002")
    story.seat("1001")
    _, call = story.call("1")
    assert seats_of(story.until_state(call, "talking")) == ["1001"]


def test_one_bilingual_seat_helps_the_other_stays_free_for_its_language(story: Desk) -> None:
    story.seat("1002")
    story.seat("1012")
    _, first = story.call("1", number="13900000001")
    helping = seats_of(story.until_state(first, "talking"))
    _, second = story.call("1", number="13900000002")
    story.until_state(second, "queued")
    _, tibetan = story.call("2", number="13900000003")
    served = seats_of(story.until_state(tibetan, "talking"))
    assert sorted([*helping, *served]) == ["1002", "1012"]
    assert story.record(second)["rings"] == [], "the last free seat was taken from its language"


def test_who_goes_first_is_served_before_those_who_came_earlier_and_the_reason_is_on_record(story: Desk) -> None:
    story.seat("1001", talk_s=2)
    busy, taken = story.call("1", number="13900000001")
    story.until_state(taken, "talking")
    story.signed_out("1001")
    _, early = story.call("1", number="13900000002")
    story.until_state(early, "queued")
    _, elderly = story.call("5", number="13900000003")
    story.until_state(elderly, "queued")
    busy.hang_up()
    story.until_ended(taken)
    story.ready("1001")
    first = story.until_state(elderly, "talking", "survey", "ended")
    assert first["priority"] == "elderly"
    second = story.until_state(early, "talking", within=40)
    assert first["answered_at"] < second["answered_at"]
    assert first["queued_at"] > second["queued_at"]


def test_a_seat_that_does_not_answer_is_paused_unless_it_is_the_last_one(story: Desk) -> None:
    story.seat("1001", ring_s=None)
    story.seat("1004", ring_s=None)
    story.call("1")
    until(lambda: paused(story) or None, within=60, saying="no seat is paused")
    assert len(paused(story)) == 1, "the last seat of the line was paused, too"
    other = ({"1001", "1004"} - paused(story)).pop()
    until(lambda: missed(story, other) > 2, within=60, saying="the last one is not rung on")
    assert len(paused(story)) == 1


def paused(story: Desk) -> set[str]:
    rows = [story.seat_row(seat) for seat in ("1001", "1004")]
    return {row.id for row in rows if row is not None and row.state == "paused" and row.reason == "missed-calls"}


def missed(story: Desk, seat: str) -> int:
    row = story.seat_row(seat)
    return row.missed if row is not None else 0

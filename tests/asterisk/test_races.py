"""Things that happen at one moment: the caller hangs up as the seat answers, a ring is over as it is answered, a seat
pauses as it is rung. Whoever wins, a caller has one seat, a seat one caller, and nobody is lost."""

import itertools
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from callcenter.engine.registry import MISSED_REASON
from tests.asterisk import desk
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of, system_of
from tests.asterisk.sipp import SippSeat
from tests.given import until

pytestmark = pytest.mark.asterisk

LONG = pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(900)])
ROUNDS = pytest.mark.parametrize("rounds", [10, LONG])
SEATS = tuple(str(number) for number in range(1001, 1009))
RING_S = 2
MAIN = """
id: main
start: person
nodes:
  person: {queue: by-language}
"""
"""Straight into the queue. (A key that a caller pressed before the menu listened was lost on a busy machine; he hung up
in the menu, and raced against nothing.)"""


@pytest.fixture(scope="module")
def busy(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("x")
    flows = flows_of(folder / "flows", MAIN, lines="missed_rings: 20\n")
    system = system_of(folder, flows, CALLCENTER_WRAP_UP_CAP_S="1", CALLCENTER_RING_TIMEOUT_S=str(RING_S))
    system.add_seats(*SEATS[4:])
    with system:
        yield system


@pytest.fixture
def story(busy: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(busy, tmp_path) as opened:
        yield opened


_numbers = itertools.count(1)


def numbers(count: int) -> list[str]:
    return [f"1390000{next(_numbers):04d}" for _ in range(count)]


@ROUNDS
def test_the_caller_hangs_up_as_the_seat_answers(story: Desk, rounds: int) -> None:
    seats = {seat: story.seat(seat, ring_s=0.5, talk_s=0.5) for seat in SEATS}
    steps = 5
    for step in range(steps):
        crowd = story.crowd(numbers(rounds // steps), 2.5, stays_s=0.7 + step * 0.15)
        crowd.wait(60 + rounds)
    outcomes = one_of_each(story, rounds, seats)
    assert set(outcomes) <= {"answered", "abandoned_queue", "abandoned_ivr"}, outcomes


@ROUNDS
def test_a_ring_is_over_as_it_is_answered_and_the_next_seat_rings(story: Desk, rounds: int) -> None:
    """The seat answers when app_queue gives up ringing it and goes on to another one."""
    seats = {seat: story.seat(seat, ring_s=RING_S + 0.01 * index, talk_s=0.5) for index, seat in enumerate(SEATS)}
    crowd = story.crowd(numbers(rounds), 2.5, stays_s=7)
    crowd.wait(90 + rounds)
    assert set(one_of_each(story, rounds, seats)) <= {"answered", "abandoned_queue"}


@ROUNDS
def test_a_seat_pauses_as_it_is_rung(story: Desk, rounds: int) -> None:
    seats = {seat: story.seat(seat, ring_s=0.3, talk_s=0.5) for seat in SEATS[:4]}
    over = Event()

    def restless() -> None:
        for seat in itertools.cycle(SEATS[:4]):
            if over.is_set():
                return
            for state in ("paused", "ready"):
                story.system.person(seat).want(state)

    toggling = Thread(target=restless)
    toggling.start()
    try:
        story.crowd(numbers(rounds), 2.5, stays_s=7).wait(90 + rounds)
    finally:
        over.set()
        toggling.join(30)
    assert set(one_of_each(story, rounds, seats)) <= {"answered", "abandoned_queue"}


def one_of_each(story: Desk, count: int, seats: dict[str, SippSeat]) -> Counter[str]:
    """Every caller is on record once, with one seat or none; no seat had two at a time; all is free again."""
    records = story.until_all_ended(count, within=60)
    assert len({record["caller"] for record in records}) == count, "a caller is on record twice, or not at all"
    for record in records:
        answered = [ring["seat"] for ring in record["rings"] if ring["result"] == "answered"]
        assert answered == ([record["seat"]] if record["outcome"] == "answered" else []), record
        assert not [ring for ring in record["rings"] if ring["result"] == "ringing"], record
    for seat, phone in seats.items():
        talks = sorted((r["answered_at"], r["ended_at"]) for r in records if r["seat"] == seat)
        assert all(one[1] <= other[0] for one, other in itertools.pairwise(talks)), f"{seat} had two callers: {talks}"
        assert phone.count("talking") >= len(talks), f"{seat} is said to have answered more often than its phone did"
        until(partial(free, story, seat), within=30, saying=f"{seat} is in no call and not free")
    with story.system.asterisk() as line:
        assert not line.channels(), "channels are left"
    return Counter(record["outcome"] for record in records)


def free(story: Desk, seat: str) -> bool:
    """Ready, or paused by the engine because it missed twenty calls in a row, as it should be then."""
    row = story.seat_row(seat)
    assert row is not None
    return row.call is None and (row.state == "ready" or (row.state, row.reason) == ("paused", MISSED_REASON))

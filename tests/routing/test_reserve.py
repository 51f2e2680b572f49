"""Seats of a scarce language are kept free for it."""

import itertools

from hypothesis import given
from hypothesis import strategies as st

from callcenter.ids import QueueName, SeatId
from callcenter.routing.model import Candidate, LineRule, Rules, reserve

ZH, BO, MN = QueueName("zh"), QueueName("bo"), QueueName("mn")
ONE = Rules(lines={"bo": LineRule(keep_free=1)})


def bilingual(
    seat: str, *, free: bool = True, held: bool = False, lines: tuple[QueueName, ...] = (ZH, BO)
) -> Candidate:
    return Candidate(SeatId(seat), frozenset(lines), free, frozenset({ZH}) if held else frozenset())


def held(seats: list[Candidate], rules: Rules = ONE) -> set[str]:
    """Seats that are kept out of the Mandarin line."""
    return {seat for seat, lines in reserve(seats, rules).items() if ZH in lines}


def test_the_last_free_seat_of_a_language_takes_no_other_calls() -> None:
    assert held([bilingual("1002")]) == {"1002"}


def test_one_that_can_be_spared_helps_and_only_one() -> None:
    assert len(held([bilingual("1002"), bilingual("1005")])) == 1
    assert len(held([bilingual("1002"), bilingual("1005"), bilingual("1006")])) == 1


def test_when_the_helping_one_is_busy_the_other_stays_free() -> None:
    assert held([bilingual("1002", held=True), bilingual("1005", free=False)]) == {"1002", "1005"}


def test_who_helps_already_goes_on() -> None:
    assert held([bilingual("1002", held=True), bilingual("1005")]) == {"1002"}


def test_without_a_rule_nobody_is_held_back() -> None:
    assert held([bilingual("1002")], Rules()) == set()


def test_a_seat_of_the_language_alone_has_nothing_to_be_kept_out_of() -> None:
    alone = Candidate(SeatId("1007"), frozenset({BO}), True, frozenset())
    assert reserve([alone], ONE) == {"1007": frozenset()}


def test_a_seat_of_two_scarce_languages_stays_in_both() -> None:
    rules = Rules(lines={"bo": LineRule(keep_free=1), "mn": LineRule(keep_free=1)})
    assert reserve([bilingual("1008", lines=(ZH, BO, MN))], rules) == {"1008": frozenset({ZH})}


CANDIDATES = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=8)


@given(CANDIDATES, st.integers(1, 4))
def test_never_fewer_are_kept_free_than_asked_for_while_there_are_enough(
    seats: list[tuple[bool, bool]], keep: int
) -> None:
    rules = Rules(lines={"bo": LineRule(keep_free=keep)})
    numbers = itertools.count(1001)
    known = [bilingual(str(next(numbers)), free=free, held=is_held) for free, is_held in seats]
    kept = [c for c in known if c.free and c.seat in held(known, rules)]
    assert len(kept) == min(keep, sum(c.free for c in known))

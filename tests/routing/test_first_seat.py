"""Which seat a caller is offered to before his line."""

from datetime import UTC, datetime, timedelta

from callcenter.ids import SeatId
from callcenter.routing.first_seat import Able, Offer, Why, field_penalty, first_seat
from callcenter.routing.model import FirstSeat, Level

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
RULES = FirstSeat(asked_s=60, last_adviser_s=15, field_s=10)


def able(seat: str, *, penalty: int = 0, free: bool = True, free_s: int = 0, **fields: Level) -> Able:
    since = NOW - timedelta(seconds=free_s)
    return Able(seat=SeatId(seat), penalty=penalty, fields=fields, free=free, since=since)


def chosen(*seats: Able, asked: str = "", last: str = "", topic: str = "", rules: FirstSeat = RULES) -> Offer | None:
    return first_seat(seats, rules, asked, last, topic)


def test_nobody_is_chosen_without_a_reason() -> None:
    assert chosen(able("1001"), able("1002")) is None


def test_whom_he_asks_for_goes_before_all_even_when_busy_but_must_be_on_duty() -> None:
    seats = (able("1001", free=False), able("1002"))
    assert chosen(*seats, asked="1001", last="1002") == Offer(SeatId("1001"), 60, Why.ASKED)
    assert chosen(*seats, asked="1003", last="1002") == Offer(SeatId("1002"), 15, Why.LAST_ADVISER)


def test_the_last_adviser_only_when_free_and_only_when_the_site_wants_it() -> None:
    assert chosen(able("1001", free=False), last="1001") is None
    assert chosen(able("1001"), last="1001", rules=FirstSeat()) is None


def test_penalties_of_language_and_field_add_up() -> None:
    fluent = able("1001", penalty=2, civil=Level.NATIVE)
    native = able("1002", penalty=0, civil=Level.FLUENT)
    basic = able("1003", penalty=0, civil=Level.BASIC)
    ignorant = able("1004", penalty=0)
    offer = chosen(ignorant, basic, fluent, native, topic="civil.housing")
    assert offer is not None
    assert offer.seat == "1001", "2 + 0 is 0 + 2: the first by number"
    longer = able("1002", penalty=0, free_s=9, civil=Level.FLUENT)
    assert chosen(fluent, longer, topic="civil") == Offer(SeatId("1002"), 10, Why.FIELD), "free for longer"


def test_a_topic_nobody_free_knows_is_left_to_the_line() -> None:
    assert chosen(able("1001"), able("1002", free=False, civil=Level.NATIVE), topic="civil") is None


def test_the_topic_itself_counts_before_the_matter_above_it() -> None:
    fields = {"civil": Level.NATIVE, "civil.housing": Level.BASIC}
    assert field_penalty(fields, "civil.housing") == 4
    assert field_penalty(fields, "civil.land") == 0
    assert field_penalty(fields, "criminal") == 6

"""How an order stands, told by its number."""

from datetime import timedelta
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.asterisk.channel_control import Digits, Finished
from callcenter.call.table import CallRow
from callcenter.config import Settings
from callcenter.consultation.table import ConsultationRow
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step import Step
from callcenter.ids import NodeName
from callcenter.ivr import orders
from callcenter.ivr.model import Kept, Known, Leave, Look
from callcenter.ivr.order import DIGITS, is_order_no, new_order_no
from callcenter.ivr.orders import WINDOW, WRONG_PER_ORDER, Orders
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault
from tests.ivr.conftest import NOON, flow_of
from tests.ivr.stepping import heard, play
from tests.ivr.test_runtime import FakeClock

OWN, OTHER = "13900000001", "13800001234"

ORDER = flow_of(
    """
start: order
nodes:
  order: {progress: progress-ask, keys: {"0": person}, retries: 1, next: bye, otherwise: person}
  bye: {goodbye: []}
  person: {queue: by-language}
"""
)
NUMBER = "10000003"


def test_one_wrong_digit_or_two_swapped_never_make_another_order() -> None:
    for _ in range(50):
        number = new_order_no()
        assert is_order_no(number)
        assert len(number) == DIGITS
        assert number[0] != "0"
        for at in range(DIGITS):
            wrong = {number[:at] + digit + number[at + 1 :] for digit in "0123456789"} - {number}
            swapped = number[:at] + number[at : at + 2][::-1] + number[at + 2 :]
            assert not any(map(is_order_no, wrong))
            assert swapped == number or not is_order_no(swapped)


def order_no() -> str:
    return next(number for number in (f"1000000{digit}" for digit in range(10)) if is_order_no(number))


def test_a_caller_hears_how_his_order_stands() -> None:
    number = order_no()
    _, out = play(ORDER, Digits(number))
    assert out[-1] == Look((f"order:{number}",))
    _, out = play(ORDER, Digits(number), Known({f"order:{number}": "assigned"}))
    assert heard(out[-1]) == ["order-assigned"]
    _, out = play(ORDER, Digits(number), Known({f"order:{number}": "assigned"}), Finished())
    assert out[-1] == Leave("goodbye")


def test_from_another_telephone_its_last_four_digits_are_asked_for() -> None:
    number = order_no()
    whose = Known({f"order:{number}": "whose"})
    _, out = play(ORDER, Digits(number), whose)
    assert heard(out[-1]) == ["order-last-four"]
    _, out = play(ORDER, Digits(number), whose, Digits("1234"))
    assert out[-1] == Look((f"order:{number}:1234",))
    _, out = play(ORDER, Digits(number), whose, Digits("1234"), Known({f"order:{number}:1234": "no"}))
    assert heard(out[-1]) == ["order-not-found"]


@pytest.mark.parametrize("entry", ["1", "12345678", "*", "99999999"])
def test_numbers_that_lead_to_nothing_end_at_otherwise(entry: str) -> None:
    assert not is_order_no(entry)
    session, out = play(ORDER, Digits(entry), Digits(entry))
    assert out[-1] == Leave("queue", "zh")
    assert session.ended


def test_zero_leads_to_a_person_and_a_database_that_is_away_is_not_called_not_found() -> None:
    assert play(ORDER, Digits("0"))[1][-1] == Leave("queue", "zh")
    assert play(ORDER, Digits(order_no()), Known({}))[1][-1] == Leave("queue", "zh")


class Book:
    def __init__(self, home: Path) -> None:
        settings = Settings(home=home)
        self.database = Database(settings)
        migrate(self.database)
        self.vault = NumberVault(secrets.ensure(settings.home))
        self.clock = FakeClock()
        self.requests = StoredRequests(self.database, self.vault)
        self.orders = Orders(self.database, self.vault, self.clock)

    def left(self, call: str = "a-1", number: str = OWN) -> str:
        return self.requests.put(CallerRequest(call=call, kind="callback", at=NOON, number=number, language="zh"))


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path / "home")


def test_an_order_is_told_to_its_own_number_and_to_who_knows_the_last_four_digits(book: Book) -> None:
    number = book.left(number=OTHER)
    assert is_order_no(number)
    assert book.orders.state_of(number, OTHER) == "accepted"
    assert book.orders.state_of(number, OWN) == "whose"
    assert book.orders.state_of(number, OWN, "1234") == "accepted"
    assert book.orders.state_of(number, "", "1234") == "accepted"
    assert book.orders.state_of(number, OWN, "9999") == "no"


def test_who_guesses_learns_nothing_and_is_stopped(book: Book) -> None:
    number = book.left(number=OTHER)
    assert book.orders.state_of(order_no(), OWN) == "whose"
    assert book.orders.state_of(order_no(), OWN, "0000") == "no"
    for guess in range(WRONG_PER_ORDER):
        assert book.orders.state_of(number, f"1370000000{guess}", f"{guess:04d}") == "no"
    assert book.orders.state_of(number, "13700000009", "1234") == "no"
    assert book.orders.state_of(number, OTHER) == "accepted"
    book.clock.at += WINDOW + timedelta(seconds=1)
    assert book.orders.state_of(number, "13700000009", "1234") == "accepted"


def test_the_same_request_twice_keeps_its_number_and_two_requests_have_two(book: Book) -> None:
    assert book.left() == book.left()
    assert book.left("a-2") != book.left()


def test_a_case_record_is_an_order_too(book: Book) -> None:
    """Opened by the engine when a seat answers; told to its caller like what he left behind."""
    call = "a-7.7"
    with book.database.begin() as session:
        opened = {"call": call, "seat": "1001", "opened_at": NOON, "version": 0, "groups": []}
        EngineRepository(session, NodeName("a")).write([Step(number=1, consultations=[opened])], NOON)
        caller = {"caller": book.vault.seal(OTHER), "caller_hash": book.vault.search_hash(OTHER)}
        session.add(CallRow(id=call, node="a", state="ended", source="direct", started_at=NOON, **caller))
    with book.database.begin() as session:
        number = session.get_one(ConsultationRow, call).order_no or ""
    assert is_order_no(number)
    assert book.orders.state_of(number, OTHER) == "assigned"
    assert book.orders.state_of(number, OWN) == "whose"
    assert book.orders.state_of(number, OWN, "1234") == "assigned"
    with book.database.begin() as session:
        session.get_one(ConsultationRow, call).closed_at = NOON
    assert book.orders.state_of(number, OTHER) == "done"


def test_no_number_is_given_twice(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    first = book.left()
    numbers = iter([first, first, order_no()])
    monkeypatch.setattr(orders, "new_order_no", lambda: next(numbers))
    assert book.left("a-2") != first


LEAVES = flow_of(
    """
start: offer
nodes:
  offer:
    callback: callback-offer
    confirm: callback-confirm
    thanks: callback-kept
    keys: {"0": person}
    next: bye
    otherwise: person
  bye: {goodbye: []}
  person: {queue: by-language}
"""
)


def test_the_number_is_told_twice_before_the_thanks() -> None:
    _, out = play(LEAVES, Known({"caller_number": OWN}), Digits("1"), Kept(True, "12"))
    digits = ["digit-1", "digit-2"]
    assert heard(out[-1]) == ["order-is", *digits, "order-once-more", *digits, "callback-kept"]

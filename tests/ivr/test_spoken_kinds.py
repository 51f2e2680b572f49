"""Kinds that know something or listen: a knowledge entry, how an order stands, a spoken word."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.asterisk.channel_control import Digits, Finished, NoInput
from callcenter.config import Settings
from callcenter.ivr.check import check_folder
from callcenter.ivr.facts import SPEECH
from callcenter.ivr.flow import Flow
from callcenter.ivr.interpreter import step
from callcenter.ivr.knowledge import read_spoken
from callcenter.ivr.model import (
    Ask,
    Deaf,
    Heard,
    Input,
    Instruction,
    Kept,
    Known,
    Leave,
    Listen,
    Look,
    PlayPrompts,
    Session,
    Started,
)
from callcenter.ivr.order import DIGITS, is_order_no, new_order_no
from callcenter.ivr.orders import WINDOW, WRONG_PER_ORDER, Orders
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.ivr.shipped import rules_of
from callcenter.ivr.walk import parse_keys, walk
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault
from tests.ivr.conftest import NOON, flow_of
from tests.ivr.test_runtime import FakeClock

OWN, OTHER = "13900000001", "13800001234"
ENTRY = "legal-aid/who-can-apply"


def play(flow: Flow, *answers: Input, language: str = "zh") -> tuple[Session, list[Instruction]]:
    """The session after these answers, and the instructions of the last step."""
    session, out = step(flow, Session(language), Started())
    for answer in answers:
        session, out = step(flow, session, answer)
    return session, out


def heard(instruction: Instruction) -> list[str]:
    assert isinstance(instruction, PlayPrompts | Ask | Listen)
    return [it.prompt for it in instruction.prompts]


# --- a knowledge entry

TOLD = flow_of(
    f"""
start: told
nodes:
  told: {{knowledge: {ENTRY}, languages: [zh], next: bye, otherwise: person}}
  bye: {{goodbye: []}}
  person: {{queue: by-language}}
"""
)
VALID = f"entry:{ENTRY}"


def test_an_entry_that_is_valid_is_spoken_and_one_that_is_not_is_passed_over() -> None:
    _, out = play(TOLD, Known({VALID: "yes"}))
    assert heard(out[-1]) == ["kb-legal-aid-who-can-apply"]
    assert play(TOLD, Known({VALID: "yes"}), Finished())[1][-1] == Leave("goodbye")
    assert play(TOLD, Known({VALID: "no"}))[1][-1] == Leave("queue", "zh")
    assert play(TOLD, Known({}))[1][-1] == Leave("queue", "zh")


def test_a_caller_of_a_language_without_a_text_goes_on_at_once() -> None:
    assert play(TOLD, language="bo")[1][-1] == Leave("queue", "bo")


def test_what_is_spoken_is_what_the_entry_says(settings: Settings) -> None:
    rules = rules_of(settings)
    texts = {id_: words for id_, words in rules.texts["zh"].items() if id_.startswith("kb-")}
    assert len(texts) >= 5
    entries = {
        path.relative_to(settings.knowledge_dir).with_suffix("").as_posix()
        for path in settings.knowledge_dir.glob("*/*.md")
    }
    for entry_id in entries:
        prompt = f"kb-{entry_id.replace('/', '-')}"[:40].rstrip("-")
        if prompt in texts:
            entry = read_spoken(settings.knowledge_dir, entry_id)
            assert entry is not None
            assert entry.spoken["zh"] == texts.pop(prompt)
    assert not texts


def _knowledge(folder: Path, settings: Settings, old: str, new: str) -> Path:
    target = folder / f"{ENTRY}.md"
    target.parent.mkdir(parents=True)
    text = (settings.knowledge_dir / f"{ENTRY}.md").read_text()
    assert old in text
    target.write_text(text.replace(old, new))
    return folder


@pytest.mark.parametrize(
    ("old", "new", "code", "level"),
    [
        ("status: starter", "status: retired", "entry-expired", "warning"),
        ("valid_until: null", "valid_until: 2024-01-01", "entry-expired", "warning"),
        ("spoken: 经济困难", "spoken: 家里困难", "entry-differs", "error"),
    ],
)
def test_an_entry_that_has_changed_is_found_by_the_check(
    tmp_path: Path, settings: Settings, old: str, new: str, code: str, level: str
) -> None:
    knowledge = _knowledge(tmp_path / "kb", settings, old, new)
    flow = tmp_path / "main.yaml"
    flow.write_text(
        f"id: main\nstart: told\nnodes:\n  told: {{knowledge: {ENTRY}, languages: [zh], next: person, "
        "otherwise: person}\n  person: {queue: zh}\n"
    )
    found = check_folder(flow, rules_of(settings.model_copy(update={"knowledge_dir": knowledge})))
    assert [(it.code, it.level, it.line) for it in found] == [(code, level, 4)]
    entry = read_spoken(knowledge, ENTRY)
    assert entry is not None
    assert entry.valid_on(date(2026, 1, 5)) == (code == "entry-differs")


# --- how an order stands

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


# --- a spoken word

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

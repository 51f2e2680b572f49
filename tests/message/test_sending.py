"""A message on its way: claimed, sent once, looked for when its answer was lost."""

import threading
from datetime import timedelta

import pytest

from callcenter.callback.table import DoNotCallRow
from callcenter.errors import BadInput
from callcenter.message.gateway import Lost
from callcenter.message.model import Purpose, check_text, wants_out
from callcenter.message.rules import MessageRules
from callcenter.message.sending import DEAD_AFTER, bury
from callcenter.message.service import enqueue
from callcenter.message.table import MessageOptOutRow, MessageTemplateRow
from tests.message.gateways import SENDER, Heard
from tests.message.given import NUMBER, TWILIO, Office, twilio_at
from tests.site import HandClock


def test_a_message_reaches_twilio_as_the_service_wants_it(office: Office, twilio_server: Heard) -> None:
    id_ = office.asks()
    gateway = twilio_at(twilio_server.address, reports_to="https://hotline.cn/status")
    assert office.worker(gateway).attempt(id_) == "taken"
    (sent,) = twilio_server.taken
    assert (sent["To"], sent["From"], sent["Body"]) == ("+8613912345678", SENDER, "评价：https://x.cn/s/a-1")
    assert sent["StatusCallback"] == f"https://hotline.cn/status?m={id_}"
    row = office.row(id_)
    assert (row.state, row.gateway_id, row.parts, row.given) == ("sent", sent["sid"], 2, None)
    assert NUMBER.encode() not in (row.number or b"")


def test_asked_for_twice_and_reminded_of_often_it_is_sent_once(office: Office, twilio_server: Heard) -> None:
    first, second = office.asks(), office.asks()
    assert first == second
    worker = office.worker(twilio_at(twilio_server.address))
    for _ in range(5):
        worker.attempt(first)
    assert len(twilio_server.taken) == 1


def test_two_workers_at_the_same_moment_send_once(office: Office, twilio_server: Heard) -> None:
    ids = [office.asks(f"a-{n}", f"1391234567{n}") for n in range(5)]

    def work() -> None:
        worker = office.worker(twilio_at(twilio_server.address))
        for id_ in ids:
            worker.attempt(id_)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for it in workers:
        it.start()
    for it in workers:
        it.join()
    assert sorted(twilio_server.numbers()) == [f"+861391234567{n}" for n in range(5)]


def test_a_worker_killed_between_claim_and_sending_leaves_a_message_that_is_looked_for(
    office: Office, twilio_server: Heard, clock: HandClock
) -> None:
    class Killed(BaseException):
        pass

    class Dies:
        name = "twilio"

        def send(self, letter: object) -> object:
            raise Killed

    id_ = office.asks()
    with pytest.raises(Killed):
        office.worker(Dies()).attempt(id_)  # type: ignore[arg-type]
    worker = office.worker(twilio_at(twilio_server.address))
    assert (office.state(id_)[0], worker.attempt(id_)) == ("sending", "")
    clock.forward(seconds=DEAD_AFTER.total_seconds() + 1)
    assert bury(office.database, clock.now()) == 1
    assert office.state(id_)[0] == "unknown"
    assert worker.attempt(id_) == "notsent", "Twilio knows of no such message"
    clock.forward(seconds=60)
    assert worker.attempt(id_) == "taken"
    assert len(twilio_server.taken) == 1


def test_a_lost_answer_is_looked_for_and_the_message_not_sent_again(
    office: Office, twilio_server: Heard, clock: HandClock
) -> None:
    twilio_server.lose_answers = 1
    id_ = office.asks()
    worker = office.worker(twilio_at(twilio_server.address))
    assert worker.attempt(id_) == "lost"
    assert office.state(id_)[0] == "unknown"
    assert worker.attempt(id_) == "", "not before its time"
    clock.forward(minutes=2)
    assert worker.attempt(id_) == "taken"
    assert office.state(id_)[0] == "sent"
    assert len(twilio_server.taken) == 1


def test_a_gateway_that_cannot_be_asked_leaves_it_to_a_person(office: Office, clock: HandClock) -> None:
    class Silent:
        name = "http"
        sent = 0

        def send(self, _letter: object) -> Lost:
            Silent.sent += 1
            return Lost("no answer")

        def find(self, _letter: object, _since: object) -> Lost:
            return Lost("cannot be asked")

    id_, worker = office.asks(), office.worker(Silent())  # type: ignore[arg-type]
    worker.attempt(id_)
    for _ in range(10):
        clock.forward(hours=1)
        worker.attempt(id_)
    assert (office.state(id_), Silent.sent) == (("unknown", "no answer"), 1)


def test_a_gateway_out_of_reach_gets_it_later(office: Office, clock: HandClock) -> None:
    id_ = office.asks()
    worker = office.worker(twilio_at("http://127.0.0.1:9"))
    assert worker.attempt(id_) == "notsent"
    assert office.row(id_).next_at == clock.now() + timedelta(seconds=10)
    assert office.state(id_)[0] == "queued"
    clock.forward(hours=25)
    worker.attempt(id_)
    assert office.state(id_) == ("refused", "too-late")


def test_a_wrong_token_is_our_fault_and_a_refusal_is_not(office: Office, twilio_server: Heard) -> None:
    id_ = office.asks()
    office.worker(twilio_at(twilio_server.address, token="wrong")).attempt(id_)
    state, reason = office.state(id_)
    assert state == "queued"
    assert "message_secret" in reason
    twilio_server.status = 400
    other = office.asks("a-2", "13900000002")
    office.worker(twilio_at(twilio_server.address)).attempt(other)
    assert office.state(other) == ("failed", "21610")
    assert office.row(other).given is None


def test_without_a_gateway_it_says_so_and_nothing_else_happens(office: Office) -> None:
    id_ = office.asks()
    office.worker(None).attempt(id_)
    assert office.state(id_) == ("no_gateway", "")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("", "no-number"),
        ("+4915112345678", "foreign-number"),
        ("01087654321", "not-a-mobile"),
        ("12345", "not-a-mobile"),
    ],
)
def test_a_number_that_takes_no_messages_is_refused_at_once(office: Office, number: str, reason: str) -> None:
    assert office.state(office.asks(number=number)) == ("refused", reason)


def test_who_wants_none_or_is_not_to_be_called_gets_none(
    office: Office, twilio_server: Heard, clock: HandClock
) -> None:
    hash_ = office.vault.search_hash(NUMBER) or ""
    worker = office.worker(twilio_at(twilio_server.address))
    with office.database.begin() as session:
        session.add(MessageOptOutRow(number_hash=hash_, number=None, since=clock.now(), by="reply"))
    worker.attempt(first := office.asks("a-1"))
    with office.database.begin() as session:
        session.delete(session.get(MessageOptOutRow, hash_))
        session.add(DoNotCallRow(number_hash=hash_, number=None, since=clock.now(), by="x", why=""))
    worker.attempt(second := office.asks("a-2"))
    assert [office.state(it) for it in (first, second)] == [("refused", "opted-out"), ("refused", "do-not-call")]
    assert twilio_server.taken == []


def test_a_number_gets_so_many_a_day_and_the_gateway_so_many_a_minute(
    office: Office, twilio_server: Heard, clock: HandClock
) -> None:
    rules = TWILIO.model_copy(update={"per_number_a_day": 2, "per_minute": 3})
    worker = office.worker(twilio_at(twilio_server.address), rules)
    same = [office.asks(f"a-{n}") for n in range(3)]
    for it in same:
        worker.attempt(it)
    assert [office.state(it)[0] for it in same] == ["sent", "sent", "refused"]
    others = [office.asks(f"b-{n}", f"1380000000{n}") for n in range(2)]
    for it in others:
        worker.attempt(it)
    assert [office.state(it)[0] for it in others] == ["sent", "queued"]
    clock.forward(seconds=61)
    worker.attempt(others[1])
    assert office.state(others[1])[0] == "sent"


def test_citizens_get_messages_by_day_and_staff_at_any_time(
    office: Office, twilio_server: Heard, clock: HandClock
) -> None:
    clock.forward(hours=9)  # 23:00 in China
    worker = office.worker(twilio_at(twilio_server.address))
    night, test = office.asks(), office.asks("t", purpose=Purpose.TEST)
    worker.attempt(night)
    worker.attempt(test)
    assert (office.state(night)[0], office.state(test)[0]) == ("queued", "sent")
    assert office.row(night).next_at.isoformat() == "2026-11-23T00:00:00+00:00", "08:00 in China"
    clock.at = office.row(night).next_at
    worker.attempt(night)
    assert office.state(night)[0] == "sent"


def test_without_an_approved_text_nothing_is_sent(office: Office, twilio_server: Heard, clock: HandClock) -> None:
    draft = {"purpose": "survey", "language": "bo", "text": "{link}", "written_by": "x", "written_at": clock.now()}
    with office.database.begin() as session:
        session.add(MessageTemplateRow(**draft))
    office.worker(twilio_at(twilio_server.address)).attempt(id_ := office.asks(language="bo"))
    assert (office.state(id_), twilio_server.taken) == (("refused", "no-template"), [])


def test_values_and_placeholders_must_agree(office: Office, clock: HandClock) -> None:
    given = {"purpose": Purpose.SURVEY, "subject_id": "x", "language": "zh", "number": NUMBER}
    with office.database.begin() as session, pytest.raises(BadInput):
        enqueue(session, office.vault, clock.now(), **given, values={"name": "x"})  # type: ignore[arg-type]
    for wrong in ("no link", "{link} {name}", "{link} {", "{link}" + "长" * 400):
        with pytest.raises(BadInput):
            check_text(Purpose.SURVEY, wrong)


@pytest.mark.parametrize(
    ("reply", "out"), [("TD", True), (" td。", True), ("退订", True), ("我要退订房子", False), ("", False)]
)
def test_only_the_word_itself_ends_the_messages(reply: str, out: bool) -> None:
    assert wants_out(reply) is out


def test_rules_of_the_site_name_the_part_that_is_missing() -> None:
    with pytest.raises(ValueError, match="part `twilio:` is needed"):
        MessageRules(gateway="twilio")

"""The database decides: one live attempt per request and per number, on SQLite and PostgreSQL."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from callcenter.callback.model import AttemptState, Policies, Policy, Result
from callcenter.callback.repository import Callbacks
from callcenter.callback.service import CallbackService, NotToBeCalled
from callcenter.callback.table import CallbackAttemptRow, DoNotCallRow
from callcenter.errors import Conflict
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.api.given import call_row
from tests.site import START, Site, api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]
NUMBER = "13912345678"
PAUSE = timedelta(minutes=5)


@pytest.fixture
def service(site: Site) -> CallbackService:
    policies = Policies(lines={"zh": Policy(attempts=2, pauses=(PAUSE,))})
    return CallbackService(site.api.database, site.api.vault, "a", policies)


def files(site: Site, call: str, number: str = NUMBER, ago_s: float = 60, kind: str = "callback") -> str:
    book = StoredRequests(site.api.database, site.api.vault)
    at = START - timedelta(seconds=ago_s)
    return book.put(CallerRequest(call=call, kind=kind, at=at, number=number, language="zh"))  # type: ignore[arg-type]


def stands(site: Site, call: str, kind: str = "callback") -> CallerRequestRow:
    with site.api.database.read() as session:
        row = session.get(CallerRequestRow, (call, kind))
    assert row is not None
    return row


def test_who_came_first_is_called_first(site: Site, service: CallbackService) -> None:
    files(site, "a-2", "13900000002", ago_s=30)
    files(site, "a-1", "13900000001", ago_s=90)
    claimed = [service.claim_next("zh", START), service.claim_next("zh", START), service.claim_next("zh", START)]
    assert [it and it.number for it in claimed] == ["13900000001", "13900000002", None]


def test_many_claims_at_once_make_one_attempt(site: Site, service: CallbackService) -> None:
    files(site, "a-1")
    claimed = []
    threads = [
        threading.Thread(target=lambda: claimed.append(service.claim_next("zh", START)), daemon=True) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(claimed) == 8
    assert sum(it is not None for it in claimed) == 1


@pytest.mark.parametrize("same", ["request", "number"])
def test_the_database_itself_refuses_a_second_live_attempt(
    site: Site, service: CallbackService, database: Database, same: str
) -> None:
    files(site, "a-1")
    first = service.claim_next("zh", START)
    assert first is not None
    hashed = site.api.vault.search_hash(NUMBER if same == "number" else "13900000002") or ""
    second = CallbackAttemptRow(
        id="cb-2", call="a-1" if same == "request" else "a-2", kind="callback", number_hash=hashed, node="b",
        line="zh", number_of_try=1, claimed_at=START, state=AttemptState.CLAIMED.value,
    )  # fmt: skip
    with pytest.raises(IntegrityError), database.begin() as session:
        Callbacks(session).add(second)


def test_an_attempt_ends_once_and_the_pause_begins(site: Site, service: CallbackService) -> None:
    files(site, "a-1")
    attempt = service.claim_next("zh", START)
    assert attempt is not None
    assert service.over(attempt.id, Result.NO_ANSWER, START)
    assert not service.over(attempt.id, Result.SERVED, START)
    assert (stands(site, "a-1").state, stands(site, "a-1").tries) == ("open", 1)
    assert service.claim_next("zh", START + PAUSE - timedelta(seconds=1)) is None
    assert service.claim_next("zh", START + PAUSE) is not None


def test_whoever_was_served_is_never_claimed_again(site: Site, service: CallbackService) -> None:
    files(site, "a-1")
    attempt = service.claim_next("zh", START)
    assert attempt is not None
    service.over(attempt.id, Result.SERVED, START)
    row = stands(site, "a-1")
    assert (row.state, row.served_call) == ("served", attempt.id)
    assert service.claim_next("zh", START + timedelta(days=1)) is None
    with pytest.raises(Conflict):
        service.order("a-1", "callback", "1001", START)


def test_two_requests_of_one_number_become_one(site: Site, service: CallbackService) -> None:
    files(site, "a-2", ago_s=30)
    files(site, "a-1", ago_s=90)
    files(site, "a-3", "13900000003")
    service.settle(START)
    assert (stands(site, "a-1").state, stands(site, "a-3").state) == ("open", "open")
    assert (stands(site, "a-2").state, stands(site, "a-2").merged_into) == ("merged", "a-1")


def test_a_request_that_comes_while_he_is_called_joins(site: Site, service: CallbackService) -> None:
    files(site, "a-1", ago_s=90)
    assert service.claim_next("zh", START) is not None
    files(site, "a-0", ago_s=500)
    service.settle(START)
    assert stands(site, "a-0").merged_into == "a-1"


def test_who_rings_in_again_is_not_called_back(site: Site, service: CallbackService) -> None:
    files(site, "a-1", ago_s=600)
    site.add(call_row(site, "a-9", caller=NUMBER, started_at=START - timedelta(seconds=300)))
    service.settle(START)
    assert (stands(site, "a-1").state, stands(site, "a-1").reason) == ("cancelled", "rang-again")


def test_a_call_of_ours_is_no_call_of_his(site: Site, service: CallbackService) -> None:
    files(site, "a-1", ago_s=600)
    ours = START - timedelta(seconds=300)
    site.add(call_row(site, "cb-9", caller=NUMBER, source="callback", started_at=ours))
    service.settle(START)
    assert stands(site, "a-1").state == "open"


def test_nobody_is_rung_who_is_on_the_line(site: Site, service: CallbackService) -> None:
    files(site, "a-1")
    site.add(call_row(site, "a-1", caller=NUMBER, left_at=None, queued_at=START - timedelta(seconds=60)))
    assert service.claim_next("zh", START) is None


@pytest.mark.parametrize(
    ("number", "reason"),
    [("", "no-number"), ("+14155550100", "foreign-number"), ("110", "not-a-telephone"), (NUMBER, "do-not-call")],
)
def test_who_cannot_be_called_is_refused_when_he_asks(site: Site, number: str, reason: str) -> None:
    hashed = site.api.vault.search_hash(NUMBER) or ""
    site.add(DoNotCallRow(number_hash=hashed, number=None, since=START, by="supervisor", why="asked for"))
    assert files(site, "a-1", number) == ""
    assert (stands(site, "a-1").state, stands(site, "a-1").reason) == ("refused", reason)


def test_a_message_is_kept_from_every_number(site: Site) -> None:
    assert files(site, "a-1", "", kind="voicemail")
    assert stands(site, "a-1", "voicemail").state == "open"


def test_a_number_put_on_the_list_later_is_not_called(site: Site, service: CallbackService) -> None:
    files(site, "a-1")
    hashed = site.api.vault.search_hash(NUMBER) or ""
    site.add(DoNotCallRow(number_hash=hashed, number=None, since=START, by="supervisor", why="asked for"))
    assert service.claim_next("zh", START) is None
    assert (stands(site, "a-1").state, stands(site, "a-1").reason) == ("cancelled", "do-not-call")
    files(site, "a-2", "+14155550100", kind="voicemail")
    with pytest.raises(NotToBeCalled):
        service.order("a-2", "voicemail", "1001", START)


def test_an_order_of_a_person_is_dialled_once_and_not_when_it_is_old(site: Site, service: CallbackService) -> None:
    files(site, "a-1")
    order = service.order("a-1", "callback", "1001", START)
    with pytest.raises(Conflict):
        service.order("a-1", "callback", "1002", START)
    assert service.live() == []
    assert [it.id for it in service.take_orders(START)] == [order]
    assert service.take_orders(START) == []
    service.over(order, Result.NO_ANSWER, START)
    files(site, "a-2", "13900000002")
    service.order("a-2", "callback", "1001", START)
    assert service.take_orders(START + timedelta(minutes=5)) == []
    assert (stands(site, "a-2").state, stands(site, "a-2").tries) == ("open", 0)


@pytest.mark.parametrize(
    ("record", "result"),
    [
        ({}, Result.SERVED),
        ({"answered_at": None}, Result.LEFT),
        ({"answered_at": None, "queued_at": None}, Result.UNCONFIRMED),
        (None, Result.LOST),
    ],
)
def test_an_attempt_that_nobody_saw_end_is_judged_by_the_record_of_its_call(
    site: Site, service: CallbackService, record: dict[str, object] | None, result: Result
) -> None:
    if record is not None:
        site.add(call_row(site, "cb-1", source="callback", **record))
    assert service.told_by_record("cb-1") is result


def test_numbers_are_encrypted_where_they_are_kept(site: Site, database: Database) -> None:
    files(site, "a-1")
    sealed = stands(site, "a-1").number
    assert sealed is not None
    assert NUMBER.encode() not in sealed
    assert isinstance(site.api.vault, NumberVault)

"""Lines that ring seats first: what is offered to whom, and what an attempt of a seat leaves behind. Appointments."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from callcenter.callback.model import First, Policies, Policy, Result
from callcenter.callback.service import CallbackService
from callcenter.callback.table import CallbackAttemptRow
from callcenter.config import Settings
from callcenter.ids import SeatId
from callcenter.ivr import orders
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.ivr.table import CallerRequestRow
from callcenter.seat.table import SeatRow
from tests.api.given import call_row
from tests.site import START, HandClock, Site, api, clock, redis, redis_url, site
from tests.site import settings as plain_settings

__all__ = ["api", "clock", "plain_settings", "redis", "redis_url", "site"]
pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)

SEAT_FIRST = Policies(lines={"bo": Policy(first=First.SEAT, attempts=2)})
FILE = 'lines:\n  bo: {first: seat, attempts: 2, hours: {workday: ["00:00-24:00"], weekend: ["00:00-24:00"]}}\n'


@pytest.fixture
def settings(plain_settings: Settings, tmp_path: Path) -> Settings:
    (tmp_path / "flows" / "site").mkdir(parents=True)
    (tmp_path / "flows" / "site" / "callbacks.yaml").write_text(FILE)
    return plain_settings.model_copy(update={"flows_dir": tmp_path / "flows"})


@pytest.fixture
def service(site: Site) -> CallbackService:
    return CallbackService(site.api.database, site.api.vault, site.api.settings.node, SEAT_FIRST)


def asks(site: Site, call: str, line: str = "bo", number: str = "13912345678", ago_s: float = 60) -> None:
    at = START - timedelta(seconds=ago_s)
    request = CallerRequest(call=call, kind="callback", at=at, number=number, language=line)
    assert StoredRequests(site.api.database, site.api.vault).put(request)


def offer(site: Site, who: str) -> dict[str, Any]:
    return dict(site.browser(who).get("/api/callbacks/offer").json())


def test_whose_turn_it_is_is_offered_to_the_seats_of_his_line(site: Site) -> None:
    asks(site, "a-2", number="13900000002", ago_s=30)
    asks(site, "a-1", number="13900000001", ago_s=90)
    asks(site, "a-3", line="zh", number="13900000003", ago_s=300)
    assert offer(site, "1002")["offered"]["call"] == "a-1"
    assert offer(site, "1001")["offered"] is None


def test_the_first_to_take_it_calls_him(site: Site, service: CallbackService) -> None:
    asks(site, "a-1")
    attempt = site.browser("1002").post("/api/callbacks/a-1/dial", None).json()["attempt"]
    assert site.browser("supervisor").post("/api/callbacks/a-1/dial", None).status_code == 409
    assert offer(site, "1002")["calling"]["attempts"][0]["id"] == attempt
    assert offer(site, "1002")["offered"] is None
    assert [(it.id, it.seat) for it in service.take_orders(START)] == [(attempt, "1002")]


def test_a_supervisor_without_a_seat_has_him_called_first(site: Site, service: CallbackService) -> None:
    asks(site, "a-1")
    site.browser("supervisor").post("/api/callbacks/a-1/dial", None)
    assert [it.seat for it in service.take_orders(START)] == [None]


def test_a_seat_that_does_not_answer_costs_no_try_and_no_pause(site: Site, service: CallbackService) -> None:
    asks(site, "a-1")
    service.over(service.order("a-1", "callback", "1002", START, SeatId("1002")), Result.NO_SEAT, START)
    assert offer(site, "1002")["offered"]["tries"] == 0


def test_a_machine_that_answered_is_no_service(site: Site, service: CallbackService) -> None:
    asks(site, "a-1")
    attempt = service.order("a-1", "callback", "1002", START, SeatId("1002"))
    assert site.browser("1001").post("/api/callbacks/a-1/machine", None).status_code == 404
    assert site.browser("1002").post("/api/callbacks/a-1/machine", None).status_code == 200
    service.over(attempt, Result.SERVED, START)
    with site.api.database.read() as session:
        row = session.get(CallbackAttemptRow, attempt)
    assert row is not None
    assert row.result == "unconfirmed"
    assert offer(site, "1002")["offered"] is None  # the pause first
    found = site.browser("1002").get("/api/callbacks").json()["items"][0]
    assert (found["state"], found["tries"]) == ("open", 1)


def wish(begins: timedelta, ends: timedelta, **changes: Any) -> dict[str, Any]:
    hours = {"begins_at": (START + begins).isoformat(), "ends_at": (START + ends).isoformat()}
    return {"call": "a-1.1", "language": "bo", **hours} | changes


def appoints(site: Site, **changes: Any) -> int:
    asked = wish(timedelta(hours=1), timedelta(hours=2), **changes)
    return int(site.browser("1001").post("/api/callbacks/appointments", asked).status_code)


def test_an_appointment_is_offered_when_its_hour_has_come_and_is_late_after_it(site: Site, clock: HandClock) -> None:
    with site.api.database.begin() as session:
        session.add(call_row(site, "a-1.1", started_at=START - timedelta(minutes=5), caller="13912345678"))
    assert appoints(site, topic="civil.labour_pay") == 200
    assert appoints(site) == 409
    listed = site.browser("1001").get("/api/callbacks?shown=appointments").json()["items"]
    assert [(it["call"], it["due"], it["made_by"], it["topic"]) for it in listed] == [
        ("a-1.1", "fine", "1001", "civil.labour_pay")
    ]
    assert offer(site, "1002")["offered"] is None
    clock.forward(hours=1, minutes=1)
    assert (offer(site, "1002")["offered"]["call"], offer(site, "1002")["offered"]["due"]) == ("a-1.1", "warn")
    clock.forward(hours=1)
    assert offer(site, "1002")["offered"]["due"] == "overdue"
    assert ("1001", "callback-appointed", "a-1.1") in site.audit()


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"language": "en"}, 400),
        ({"topic": "no-such-topic"}, 400),
        ({"call": "a-9.9"}, 404),
        (wish(timedelta(hours=-1), timedelta(hours=1)), 400),
        (wish(timedelta(hours=1), timedelta(hours=1, minutes=1)), 400),
        (wish(timedelta(days=70), timedelta(days=70, hours=1)), 400),
    ],
)
def test_an_appointment_that_cannot_be_kept_is_not_made(site: Site, changes: dict[str, Any], status: int) -> None:
    with site.api.database.begin() as session:
        session.add(call_row(site, "a-1.1", started_at=START - timedelta(minutes=5), caller="13912345678"))
    assert appoints(site, **changes) == status


@pytest.mark.parametrize("number", ["", "+14155550100"])
def test_nobody_is_appointed_who_cannot_be_called(site: Site, number: str) -> None:
    with site.api.database.begin() as session:
        session.add(call_row(site, "a-1.1", started_at=START - timedelta(minutes=5), caller=number))
    assert appoints(site) == 409


def test_no_appointment_gets_the_order_number_of_another(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    started = START - timedelta(minutes=5)
    site.add(*(call_row(site, f"a-{n}.1", started_at=started, caller=f"1391234567{n}") for n in (1, 2)))
    first, second = orders.new_order_no(), orders.new_order_no()
    numbers = iter([first, first, second])
    monkeypatch.setattr(orders, "new_order_no", lambda: next(numbers))
    assert [appoints(site, call=call) for call in ("a-1.1", "a-2.1")] == [200, 200]
    with site.api.database.read() as session:
        assert set(session.scalars(select(CallerRequestRow.order_no))) == {first, second}


def test_who_rings_in_again_keeps_his_appointment(site: Site, service: CallbackService) -> None:
    with site.api.database.begin() as session:
        session.add(call_row(site, "a-1.1", started_at=START - timedelta(minutes=5), caller="13912345678"))
    assert appoints(site) == 200
    with site.api.database.begin() as session:
        again = START + timedelta(minutes=5)
        session.add(call_row(site, "a-2.1", started_at=again, caller="13912345678", line="bo", queued_at=again))
    asks(site, "a-2.1", ago_s=-400)
    service.settle(START + timedelta(minutes=10))
    states = {it["call"]: it["state"] for it in site.browser("1001").get("/api/callbacks").json()["items"]}
    assert states == {"a-1.1": "open", "a-2.1": "open"}


def test_a_seat_whose_calls_ring_on_a_mobile_is_told_so_and_the_request_stays(
    site: Site, service: CallbackService
) -> None:
    asks(site, "a-1")
    site.add(SeatRow(id="1002", since=START, phone="mobile"))
    refused = site.browser("1002").post("/api/callbacks/a-1/dial", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "rings-on-mobile")
    shown = offer(site, "1002")
    assert (shown["offered"]["call"], shown["calling"]) == ("a-1", None)
    with site.api.database.begin() as session:
        session.get_one(SeatRow, "1002").phone = "sip"
    assert service.order("a-1", "callback", "1002", START, SeatId("1002"))

"""The same figures over HTTP, on both databases."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert

from callcenter.api import error_handlers
from callcenter.api.auth import signed_in
from callcenter.call.table import CallRow
from callcenter.report import endpoints, service
from callcenter.report.definitions.kpi import GROUPS_MAX
from tests.call_history.given import ABANDONED, ANSWERED, LEFT_IN_MENU, history, numbered, take

FROM, TO = "2026-01-05T00:00:00+08:00", "2026-01-06T00:00:00+08:00"


class Noon:
    def now(self) -> datetime:
        return datetime.fromisoformat("2026-01-05T12:07:00+08:00")


@pytest.fixture
def stored(database, database_settings):
    early = ANSWERED | {"started_at": "2026-01-05T09:59:59.999999+08:00", "language": ""}
    rows = numbered(ANSWERED, early, ABANDONED, LEFT_IN_MENU)
    assert take(database, database_settings, history(*rows)) == []
    return database


@pytest.fixture
def client(stored, database_settings):
    app = FastAPI()
    error_handlers.install(app)
    app.include_router(endpoints.router)
    app.state.api = SimpleNamespace(database=stored, settings=database_settings, clock=Noon())
    app.dependency_overrides[signed_in] = lambda: None
    return TestClient(app)


def test_the_answer_is_that_of_the_command_line(client, stored):
    answer = client.get("/api/report/kpi", params={"from": FROM, "to": TO})
    assert answer.status_code == 200
    with stored.read() as session:
        assert answer.json() == service.kpi(session, FROM, TO)
    assert answer.json()["counts"]["in"] == 4


def test_groups_and_limits(client, stored):
    asked = {"from": FROM, "to": TO, "by": "language,hour", "threshold": "9.5", "short": "1", "variant": "queue"}
    answer = client.get("/api/report/kpi", params=asked).json()
    with stored.read() as session:
        assert answer == service.kpi(
            session, FROM, TO, by=["language", "hour"], threshold="9.5", short="1", variants=["queue"]
        )
    assert [group["by"] for group in answer["groups"]] == [
        {"language": "zh", "hour": "2026-01-05T10:00:00+08:00"},
        {"language": None, "hour": "2026-01-05T09:00:00+08:00"},
    ]


def test_a_plus_that_an_address_turned_into_a_space_is_understood(client):
    assert client.get(f"/api/report/kpi?from={FROM}&to={TO}").json()["counts"]["in"] == 4


@pytest.mark.parametrize(
    "asked",
    [
        {"from": TO, "to": FROM},
        {"from": "2026-01-05", "to": TO},
        {"from": FROM.replace("+08:00", " Asia/Shanghai"), "to": TO},
        {"from": FROM.replace("+08:00", " CST"), "to": TO},
        {"from": "2026-02-30T00:00:00+08:00", "to": "2026-03-30T00:00:00+08:00"},
        {"from": FROM, "to": TO, "by": "minute"},
        {"from": FROM, "to": TO, "by": "person"},
        {"from": FROM, "to": TO, "threshold": "x"},
    ],
)
def test_a_wrong_question_is_refused_in_words(client, asked):
    answer = client.get("/api/report/kpi", params=asked)
    assert answer.status_code == 400
    assert "bad-input" in answer.text


def test_a_year_by_quarters_of_an_hour_is_refused_when_there_are_too_many_of_them(client, stored):
    year = {"from": "2025-01-01T00:00:00+08:00", "to": "2026-01-01T00:00:00+08:00"}
    begins = datetime.fromisoformat(year["from"])
    rows = [{"id": f"y{n}", "started_at": begins + n * timedelta(minutes=15)} for n in range(GROUPS_MAX + 1)]
    with stored.begin() as session:
        session.execute(insert(CallRow), rows)
    answer = client.get("/api/report/kpi", params=year | {"by": "quarter"})
    assert (answer.status_code, answer.json()["code"]) == (400, "too-many-groups")
    assert "take a longer step or a shorter interval" in answer.json()["message"]
    days = client.get("/api/report/kpi", params=year | {"by": "day"}).json()["groups"]
    assert sum(day["counts"]["in"] for day in days) == len(rows)


def test_quarters_of_the_last_hours_also_the_empty_ones(client):
    quarters = client.get("/api/report/quarters", params={"hours": 3}).json()
    assert len(quarters) == 12
    assert quarters[0] == {"at": "2026-01-05T09:15:00+08:00", "in": 0, "to_seat": 0, "answered": 0}
    assert quarters[2] == {"at": "2026-01-05T09:45:00+08:00", "in": 1, "to_seat": 1, "answered": 1}
    assert quarters[3] == {"at": "2026-01-05T10:00:00+08:00", "in": 3, "to_seat": 2, "answered": 1}
    assert quarters[-1]["at"] == "2026-01-05T12:00:00+08:00"


@pytest.mark.parametrize("hours", [0, -1, 10_000])
def test_hours_out_of_range_are_refused(client, hours):
    assert client.get("/api/report/quarters", params={"hours": hours}).status_code == 400

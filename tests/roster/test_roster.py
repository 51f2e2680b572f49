"""Gaps that are shown and alarmed, advice from our own calls, swaps that three persons have to do with."""

from datetime import date, timedelta
from typing import Any

import pytest
from redis import Redis

from callcenter.account import demo
from callcenter.account.table import PersonRow
from callcenter.alarm.model import Rule
from callcenter.alarm.readings import Readings
from callcenter.report.rollup.table import QUARTER, ROLLUP
from callcenter.storage.columns import to_micros
from tests.site import Browser, HandClock, Site

TOMORROW = "2026-11-23"


def add(browser: Browser, person: str, start: str, end: str, line: str = "", day: str = TOMORROW) -> int:
    body = {"person": person, "day": day, "start": start, "end": end, "line": line}
    answer = browser.post("/api/roster/shifts", body)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def test_the_coverage_says_language_by_hour_who_is_missing(site: Site) -> None:
    planner = site.browser("supervisor")
    add(planner, "1002", "08:00", "12:00")
    add(planner, "1001", "10:00", "11:30")
    cover = planner.get(f"/api/roster/coverage?from={TOMORROW}&days=1").json()
    assert cover["in_use"] is True
    assert cover["hours"][8].startswith(f"{TOMORROW}T08:00:00+08:00")
    assert cover["lines"]["zh"]["persons"][7:13] == [0, 1, 1, 2, 1, 0]
    assert cover["lines"]["bo"]["persons"][8:12] == [1, 1, 1, 1]
    assert cover["lines"]["mn"] == {"least": 1, "persons": [0] * 24, "advice": [None] * 24}


def test_gaps_of_the_next_day_are_read_by_the_alarms(site: Site, redis: Redis, clock: HandClock) -> None:
    def read() -> dict[str, float | None]:
        readings = Readings(site.api.settings, redis, clock)
        with site.api.database.read() as session:
            found = readings.inside(session, readings.outside(), 5)
            return {it.subject: it.value for it in found if it.rule is Rule.ROSTER_GAP}

    assert read() == {"zh": None, "bo": None, "mn": None}
    planner = site.browser("supervisor")  # it is 14:00
    add(planner, "1002", "14:00", "22:00", day="2026-11-22")
    add(planner, "1001", "22:00", "10:00", day="2026-11-22")
    assert read() == {"zh": 4, "bo": 16, "mn": 24}


def test_the_advice_comes_from_our_own_calls_of_the_same_hour_of_the_week(site: Site, clock: HandClock) -> None:
    planner = site.browser("supervisor")
    quarter = to_micros(clock.now() - timedelta(days=20)) // QUARTER * QUARTER  # a Monday at 14:00 in China
    rows = []
    for week in range(3):
        for number in range(-2 * 96, 4):
            busy = number >= 0
            rows.append(
                dict.fromkeys((c.name for c in ROLLUP.columns if not c.nullable), 0)
                | {
                    "kind": "line",
                    "quarter": quarter + (week * 7 * 96 + number) * QUARTER,
                    "key": "=zh",
                    "to_seat": 25 if busy else 0,
                    "talks": 25 if busy else 0,
                    "talked": 25 * 240_000_000 if busy else 0,
                    "wrapped_up": 25 * 60_000_000 if busy else 0,
                }
            )
    with site.api.database.begin() as session:
        session.execute(ROLLUP.insert(), rows)
    advice = planner.get(f"/api/roster/coverage?from={TOMORROW}&days=1").json()["lines"]
    assert advice["zh"]["advice"][13:16] == [0, 12, 0]
    assert advice["bo"]["advice"] == [None] * 24


def test_a_shift_that_cannot_be_is_refused_and_one_that_began_stays(site: Site, clock: HandClock) -> None:
    planner = site.browser("supervisor")
    shift = add(planner, "1001", "08:00", "16:00")
    body = {"person": "1001", "day": TOMORROW, "start": "15:00", "end": "17:00"}
    assert planner.post("/api/roster/shifts", body).json()["code"] == "faulty-roster"
    body |= {"start": "16:05"}
    assert planner.post("/api/roster/shifts", body).json()["code"] == "bad-input"
    clock.forward(hours=18)
    again = site.browser("supervisor")
    gone = again.http.delete(f"/api/roster/shifts/{shift}", headers=again.csrf)
    assert (gone.status_code, gone.json()["code"]) == (409, "conflict")


class Lawyers:
    def __init__(self, site: Site) -> None:
        self.planner, self.first, self.second = map(site.browser, ("supervisor", "1001", "1004"))
        self.mine = add(self.planner, "1001", "08:00", "16:00", "zh")
        self.theirs = add(self.planner, "1004", "16:00", "00:00", "zh")

    def ask(self, **more: Any) -> Any:
        return self.first.post("/api/roster/swaps", {"shift": self.mine, "to": "1004"} | more)

    def owner(self, shift: int) -> str:
        shifts = self.planner.get(f"/api/roster?from={TOMORROW}&days=2").json()
        return str(next(it["person"] for it in shifts if it["id"] == shift))


@pytest.fixture
def lawyers(site: Site) -> Lawyers:
    return Lawyers(site)


def test_shifts_change_hands_when_asked_accepted_and_approved(site: Site, lawyers: Lawyers) -> None:
    swap = lawyers.ask(in_return=lawyers.theirs, note="开庭").json()["id"]
    assert [it["id"] for it in lawyers.second.get("/api/me/roster").json()["swaps"]] == [swap]
    early = lawyers.planner.post(f"/api/roster/swaps/{swap}/decision", {"approve": True})
    assert (early.status_code, early.json()["code"]) == (409, "swap-is-over")
    assert lawyers.first.post(f"/api/roster/swaps/{swap}/answer", {"answer": "accepted"}).status_code == 403
    assert lawyers.second.post(f"/api/roster/swaps/{swap}/answer", {"answer": "accepted"}).status_code == 200
    assert lawyers.owner(lawyers.mine) == "1001"
    decided = lawyers.planner.post(f"/api/roster/swaps/{swap}/decision", {"approve": True}).json()
    assert (decided["state"], decided["decided_by"]) == ("approved", "supervisor")
    names = {person.id: person.name for person in demo.PEOPLE}
    assert decided["names"] == {id_: names[id_] for id_ in ("1001", "1004", "supervisor")}
    assert (lawyers.owner(lawyers.mine), lawyers.owner(lawyers.theirs)) == ("1004", "1001")
    assert [line[1] for line in site.audit() if line[1].startswith("swap")] == [
        "swap-asked",
        "swap-accepted",
        "swap-approved",
    ]


def test_a_swap_can_be_declined_refused_or_taken_back(lawyers: Lawyers) -> None:
    for who, path, body, state in (
        (lawyers.second, "answer", {"answer": "declined"}, "declined"),
        (lawyers.first, "answer", {"answer": "withdrawn"}, "withdrawn"),
    ):
        swap = lawyers.ask().json()["id"]
        assert lawyers.ask().json()["code"] == "swap-asked"
        assert who.post(f"/api/roster/swaps/{swap}/{path}", body).json()["state"] == state
    assert lawyers.owner(lawyers.mine) == "1001"


def test_nobody_takes_what_he_cannot_do(site: Site, lawyers: Lawyers) -> None:
    add(lawyers.planner, "1003", "09:00", "10:00")
    assert lawyers.ask(to="1003").json()["code"] == "conflict"  # on duty already
    assert lawyers.ask(to="1001").json()["code"] == "bad-input"
    assert lawyers.ask(to="nobody").json()["code"] == "not-found"
    assert lawyers.ask(shift=lawyers.theirs).json()["code"] == "not-allowed"
    with site.api.database.begin() as session:
        session.get_one(PersonRow, "1004").licence_until = date(2026, 11, 22)
    assert "licence" in lawyers.ask().json()["message"]


def test_a_shift_that_has_begun_does_not_change_hands(lawyers: Lawyers, site: Site, clock: HandClock) -> None:
    swap = lawyers.ask().json()["id"]
    clock.forward(hours=18)
    late = site.browser("1004").post(f"/api/roster/swaps/{swap}/answer", {"answer": "accepted"})
    assert (late.status_code, late.json()["code"]) == (409, "shift-begun")

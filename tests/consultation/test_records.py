from datetime import timedelta
from typing import Any

import pytest

from callcenter.errors import Unavailable
from callcenter.seat.table import SeatRow
from tests.api.given import call_row, record_row
from tests.site import START, HandClock, Site

WHOLE = {
    "topic": "civil.labour_pay",
    "identity": "self",
    "groups": ["migrant_worker"],
    "request": "老板三个月没发工资",
    "reply": "可以申请劳动仲裁",
    "outcome": "answered",
}
DOOR = "/api/consultations/a-1.1"


class ListeningEngine:
    """Stands where the engine would answer."""

    def __init__(self, site: Site, silent: bool = False) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.silent = silent
        object.__setattr__(site.api, "commands", self)

    def ask(self, name: str, by: str, **args: Any) -> dict[str, Any]:
        self.asked.append((name, args))
        if self.silent:
            raise Unavailable("the engine does not answer")
        return {}


@pytest.fixture
def opened(site: Site) -> Site:
    site.add(call_row(site), record_row())
    return site


def in_wrap_up(site: Site, call: str | None = "a-1.1") -> None:
    site.add(SeatRow(id="1001", state="wrap_up", since=START, desired="ready", reason="", call=call))


def test_a_record_is_saved_while_typing_and_read_back(opened: Site, clock: HandClock) -> None:
    lawyer = opened.browser("1001")
    assert lawyer.get(DOOR).json()["version"] == 0
    clock.forward(seconds=5)
    saved = lawyer.put(DOOR, {"version": 0, "request": "老板三个月没发工资"}).json()
    assert (saved["version"], saved["closed"], saved["wrap_up"]) == (1, False, "none")
    again = lawyer.get(DOOR).json()
    assert again["request"] == "老板三个月没发工资"
    assert again["saved_at"] == "2026-11-22T06:00:05Z"


def test_nobody_overwrites_what_somebody_else_saved_meanwhile(opened: Site) -> None:
    lawyer, boss = opened.browser("1001"), opened.browser("supervisor")
    assert boss.put(DOOR, {"version": 0, "reply": "先看合同"}).status_code == 200
    answer = lawyer.put(DOOR, {"version": 0, "reply": "别的"})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert answer.json()["details"]["version"] == 1
    assert lawyer.get(DOOR).json()["reply"] == "先看合同"


@pytest.mark.parametrize("missing", ["topic", "reply", "outcome"])
def test_a_record_without_topic_reply_or_outcome_is_not_finished(opened: Site, missing: str) -> None:
    answer = opened.browser("1001").put(
        DOOR, WHOLE | {missing: "  " if missing == "reply" else "", "version": 0, "closed": True}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")
    assert answer.json()["details"]["fields"] == [missing]
    assert opened.browser("1001").get(DOOR).json()["version"] == 0


def test_finishing_the_record_ends_the_wrap_up(opened: Site) -> None:
    engine = ListeningEngine(opened)
    in_wrap_up(opened)
    saved = opened.browser("1001").put(DOOR, WHOLE | {"version": 0, "closed": True}).json()
    assert (saved["closed"], saved["wrap_up"]) == (True, "done")
    assert saved["closed_at"] is not None
    assert engine.asked == [("seat.wrap_up", {"seat": "1001", "action": "done"})]


def test_a_silent_engine_does_not_lose_the_record(opened: Site) -> None:
    ListeningEngine(opened, silent=True)
    in_wrap_up(opened)
    saved = opened.browser("1001").put(DOOR, WHOLE | {"version": 0, "closed": True})
    assert (saved.status_code, saved.json()["wrap_up"]) == (200, "not-ended")
    assert opened.browser("1001").get(DOOR).json()["closed"] is True


def test_only_the_wrap_up_of_this_call_by_its_own_seat_is_ended(opened: Site) -> None:
    engine = ListeningEngine(opened)
    in_wrap_up(opened, call="a-9.9")
    assert opened.browser("1001").put(DOOR, WHOLE | {"version": 0, "closed": True}).json()["wrap_up"] == "none"
    assert opened.browser("manager").put(DOOR, WHOLE | {"version": 1}).json()["wrap_up"] == "none"
    assert engine.asked == []


def test_a_finished_record_can_be_corrected_but_not_emptied(opened: Site) -> None:
    lawyer = opened.browser("1001")
    first = lawyer.put(DOOR, WHOLE | {"version": 0, "closed": True}).json()
    corrected = lawyer.put(DOOR, WHOLE | {"version": 1, "reply": "更正"}).json()
    assert (corrected["closed"], corrected["closed_at"], corrected["reply"]) == (True, first["closed_at"], "更正")
    assert lawyer.put(DOOR, WHOLE | {"version": 2, "reply": ""}).status_code == 400


@pytest.mark.parametrize(
    "wrong",
    [
        {"topic": "nonsense"},
        {"outcome": "lost"},
        {"groups": ["rich"]},
        {"request": "x" * 10_001},
        {"groups": ["elderly"] * 21},
        {"version": -1},
        {"version": None},
        {"reply": 7},
    ],
)
def test_what_the_catalogue_or_the_limits_do_not_know_is_refused(opened: Site, wrong: dict[str, Any]) -> None:
    answer = opened.browser("1001").put(DOOR, {"version": 0} | wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")
    assert next(iter(wrong)) in answer.json()["details"]["fields"]


def test_a_record_is_never_made_by_hand(site: Site) -> None:
    answer = site.browser("1001").put("/api/consultations/a-7.7", WHOLE | {"version": 0})
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_another_seat_reads_and_writes_nothing(opened: Site) -> None:
    other = opened.browser("1002")
    assert other.get(DOOR).status_code == 403
    assert other.put(DOOR, WHOLE | {"version": 0}).status_code == 403


def test_the_last_moment_counts_from_the_clock(opened: Site, clock: HandClock) -> None:
    clock.at = START + timedelta(minutes=3)
    saved = opened.browser("1001").put(DOOR, WHOLE | {"version": 0, "closed": True}).json()
    assert saved["saved_at"] == saved["closed_at"] == "2026-11-22T06:03:00Z"

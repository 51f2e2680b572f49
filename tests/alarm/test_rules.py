"""Rules and alarms over HTTP."""

from typing import Any

import pytest

from callcenter.alarm.table import AlarmRow
from tests.site import START, Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""What is told here does not depend on the kind of database."""

RULE = {
    "enabled": True, "severity": "warning", "limit": 45, "back": 20, "hold_s": 5, "clear_s": 30, "webhook": False,
    "quiet_from": "22:00", "quiet_to": "06:30",
}  # fmt: skip


def rule(site: Site, name: str) -> dict[str, Any]:
    rules = site.browser("supervisor").get("/api/alarms/rules").json()["rules"]
    return next(dict(found) for found in rules if found["rule"] == name)


def test_a_rule_is_changed_and_it_is_noted_who_did(site: Site) -> None:
    answer = site.browser("manager").put("/api/alarms/rules/long-wait", RULE)
    assert answer.status_code == 200, answer.text
    assert rule(site, "long-wait").items() >= RULE.items()
    assert ("manager", "alarm-rule-changed", "long-wait") in site.audit()


@pytest.mark.parametrize(
    ("name", "wrong", "field"),
    [
        ("long-wait", {"limit": 0}, "limit"),
        ("long-wait", {"back": 46}, "back"),
        ("long-wait", {"hold_s": -1}, "hold_s"),
        ("long-wait", {"limit": "soon"}, "limit"),
        ("long-wait", {"quiet_to": ""}, "quiet_to"),
        ("long-wait", {"quiet_to": "25:00"}, "quiet_to"),
        ("rate-low", {"limit": 95, "back": 90}, "back"),
        ("rate-low", {"limit": 95, "back": 101}, "back"),
        ("redis-down", {"limit": 1, "back": 1}, "limit"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_name(
    site: Site, name: str, wrong: dict[str, Any], field: str
) -> None:
    before = rule(site, name)
    answer = site.browser("manager").put(f"/api/alarms/rules/{name}", RULE | wrong)
    assert answer.status_code == 400
    assert field in answer.json()["message"]
    assert rule(site, name) == before


def alarm(**changes: Any) -> AlarmRow:
    values: dict[str, Any] = {
        "rule": "no-seat", "subject": "mn", "up": "no-seat:mn", "severity": "severe", "raised_at": START, "limit": 1,
        "value": 0, "worst": 0, "detail": {}, "announced_at": START,
    }  # fmt: skip
    return AlarmRow(**values | changes)


def test_an_alarm_is_taken_by_the_first_and_stands_in_the_history(site: Site) -> None:
    site.add(alarm())
    number = site.browser("supervisor").get("/api/alarms").json()["items"][0]["id"]
    taken = site.browser("supervisor").post(f"/api/alarms/{number}/acknowledge", {"note": "1003 在路上"}).json()
    assert (taken["state"], taken["acknowledged_by"], taken["note"]) == ("acknowledged", "supervisor", "1003 在路上")
    later = site.browser("manager").post(f"/api/alarms/{number}/acknowledge", {"note": ""}).json()
    assert (later["acknowledged_by"], later["note"]) == ("supervisor", "1003 在路上")
    assert ("supervisor", "alarm-acknowledged", str(number)) in site.audit()


def test_one_that_is_over_cannot_be_taken_and_an_unknown_one_is_not_there(site: Site) -> None:
    site.add(alarm(up=None, cleared_at=START))
    browser = site.browser("supervisor")
    number = browser.get("/api/alarms", params={"up": False}).json()["items"][0]["id"]
    answer = browser.post(f"/api/alarms/{number}/acknowledge", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "alarm-is-over")
    assert browser.post("/api/alarms/999/acknowledge", {}).status_code == 404
    assert browser.get("/api/alarms", params={"up": True}).json()["total"] == 0

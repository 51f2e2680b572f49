"""Callbacks and messages as work for persons, over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from callcenter.call.table import CallRow
from callcenter.callback.model import Policies
from callcenter.callback.service import CallbackService
from callcenter.ivr.requests import CallerRequest, StoredRequests
from tests.api.given import call_row
from tests.site import START, HandClock, Site, api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]
pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""The queries that decide are told on both databases in test_service.py."""


def leaves(site: Site, call: str, kind: str = "voicemail", number: str = "13912345678", ago_h: float = 1) -> None:
    file = f"voicemail/{call}.wav" if kind == "voicemail" else ""
    path = site.api.settings.recordings_dir / file
    if file:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"RIFF of " + call.encode())
    at = START - timedelta(hours=ago_h)
    request = CallerRequest(call=call, kind=kind, at=at, number=number, language="zh", file=file, millis=4000)  # type: ignore[arg-type]
    assert StoredRequests(site.api.database, site.api.vault).put(request)


def items(site: Site, kinds: str = "voicemails", who: str = "1001", query: str = "") -> list[dict[str, Any]]:
    return list(site.browser(who).get(f"/api/{kinds}{query}").json()["items"])


def test_a_message_is_taken_heard_and_done(site: Site) -> None:
    leaves(site, "a-1")
    lawyer = site.browser("1001")
    assert lawyer.post("/api/voicemails/a-1/take", None).json()["taken_by"] == "1001"
    assert lawyer.get("/api/voicemails/a-1/audio").content == b"RIFF of a-1"
    done = lawyer.post("/api/voicemails/a-1/done", {"result": "reached", "note": "explained the time limit"})
    assert (done.json()["state"], done.json()["result"]) == ("done", "reached")
    assert items(site) == []
    assert [it["call"] for it in items(site, query="?shown=over")] == ["a-1"]
    assert ("1001", "voicemail-heard", "a-1") in site.audit()
    assert ("1001", "voicemail-done", "a-1") in site.audit()


def test_what_one_has_taken_another_cannot_take_or_finish(site: Site) -> None:
    leaves(site, "a-1")
    site.browser("1001").post("/api/voicemails/a-1/take", None)
    other = site.browser("1002")
    assert other.post("/api/voicemails/a-1/take", None).status_code == 409
    assert other.post("/api/voicemails/a-1/done", {"result": "reached"}).status_code == 403
    assert site.browser("supervisor").post("/api/voicemails/a-1/give-back", None).json()["state"] == "open"
    assert other.post("/api/voicemails/a-1/take", None).status_code == 200


def test_nothing_is_done_that_nobody_has_taken(site: Site) -> None:
    leaves(site, "a-1")
    assert site.browser("1001").post("/api/voicemails/a-1/done", {"result": "reached"}).status_code == 409


def test_a_second_message_of_the_same_number_joins_the_first(site: Site) -> None:
    leaves(site, "a-1", ago_h=3)
    leaves(site, "a-2", ago_h=1)
    leaves(site, "a-3", number="13900000003")
    CallbackService(site.api.database, site.api.vault, "a", Policies()).settle(START)
    first, third = items(site)
    assert [it["call"] for it in first["messages"]] == ["a-1", "a-2"]
    assert [it["call"] for it in third["messages"]] == ["a-3"]
    assert site.browser("1001").get("/api/voicemails/a-2/audio").content == b"RIFF of a-2"


def test_the_clock_of_a_message_warns_after_20_hours_and_is_over_after_24(site: Site, clock: HandClock) -> None:
    leaves(site, "a-1", ago_h=19.9)
    assert items(site)[0]["due"] == "fine"
    clock.forward(hours=0.1)
    assert items(site)[0]["due"] == "warn"
    clock.forward(hours=4)
    assert items(site)[0]["due"] == "overdue"


def test_the_clock_of_a_message_does_not_rest_over_national_day(site: Site, clock: HandClock) -> None:
    """24 hours are 24 hours: somebody waits for an answer, whatever day it is. Return visits count working days."""
    clock.at = datetime(2026, 10, 1, 2, 0, tzinfo=UTC)
    left = clock.at - START
    leaves(site, "a-1", ago_h=-left / timedelta(hours=1))
    seen = []
    for hours in (0, 19.9, 0.1, 3.9, 0.1, 144):
        clock.forward(hours=hours)
        seen.append(items(site)[0]["due"])
    assert seen == ["fine", "fine", "warn", "warn", "overdue", "overdue"]
    assert items(site)[0]["answer_by"] == "2026-10-02T02:00:00Z"


def test_numbers_leave_the_house_masked_only(site: Site) -> None:
    leaves(site, "a-1")
    leaves(site, "a-2", kind="callback")
    for kinds in ("voicemails", "callbacks"):
        for who in ("1001", "supervisor", "auditor"):
            answer = site.browser(who).get(f"/api/{kinds}").text
            assert "139****5678" in answer
            assert "13912345678" not in answer


def test_a_message_whose_sound_is_gone_says_so(site: Site) -> None:
    leaves(site, "a-1")
    (site.api.settings.recordings_dir / "voicemail/a-1.wav").unlink()
    answer = site.browser("1001").get("/api/voicemails/a-1/audio")
    assert answer.status_code == 404
    assert "gone" in answer.json()["message"]


def test_who_gave_up_is_listed_once_with_one_click_to_call_him(site: Site) -> None:
    lost: dict[str, Any] = {"outcome": "abandoned_queue", "answered_at": None, "seat": None, "grade": None}
    for minutes, call in ((50, "a-1"), (40, "a-2")):
        site.add(call_row(site, call, started_at=START - timedelta(minutes=minutes), **lost))
    site.add(call_row(site, "a-3", caller="13900000003", started_at=START - timedelta(minutes=30), **lost))
    site.add(call_row(site, "a-4", caller="13900000003", started_at=START - timedelta(minutes=20)))
    lawyer = site.browser("1001")
    missed = lawyer.get("/api/missed-calls").json()
    assert [(it["call"], it["times"], it["number"]) for it in missed] == [("a-2", 2, "139****5678")]
    assert lawyer.post("/api/missed-calls/a-2/callback", None).status_code == 200
    assert lawyer.post("/api/missed-calls/a-2/callback", None).status_code == 409
    assert lawyer.get("/api/missed-calls").json() == []
    assert [(it["call"], it["reason"]) for it in items(site, "callbacks")] == [("a-2", "missed")]
    with site.api.database.read() as session:
        row = session.get(CallRow, "a-2")
        assert row is not None
        assert row.outcome == "abandoned_queue"


def test_a_number_on_the_list_is_not_called_and_can_be_taken_off(site: Site) -> None:
    leaves(site, "a-1")
    boss = site.browser("supervisor")
    assert boss.post("/api/do-not-call", {"number": "13912345678", "why": "asked for"}).status_code == 200
    refused = site.browser("1001").post("/api/voicemails/a-1/dial", None)
    assert (refused.status_code, refused.json()["code"]) == (409, "not-to-be-called")
    (entry,) = boss.get("/api/do-not-call").json()
    assert entry["number"] == "139****5678"
    assert boss.http.delete(f"/api/do-not-call/{entry['id']}", headers=boss.csrf).status_code == 200
    assert site.browser("1001").post("/api/voicemails/a-1/dial", None).json()["attempt"].startswith("cb-")

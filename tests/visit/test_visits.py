"""Return visits over HTTP: who sees, who makes, what it takes to close one."""

from datetime import timedelta

import pytest

from callcenter.call.table import EventRow
from callcenter.callback.model import Policies
from callcenter.callback.model import Result as Rang
from callcenter.callback.service import CallbackService
from callcenter.callback.table import CallbackAttemptRow
from callcenter.storage.database import Database
from callcenter.survey.table import SurveyRow
from callcenter.visit.jobs import OpenMissing
from callcenter.visit.model import Kind
from callcenter.visit.opening import opened
from callcenter.visit.table import VisitRow
from tests.api.given import call_row, record_row, recording_row, ring
from tests.site import START, HandClock, Site, api, clock, redis, redis_url, settings, site
from tests.visit.given import listed

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]
pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""The queries that decide are told on both databases in test_opening.py."""
ONE = "/api/visits/dissatisfied/a-1.1"
GOOD = {"result": "settled", "cause": "advice", "correction": "told him the right time limit; entry corrected"}


@pytest.fixture
def rated(site: Site) -> Site:
    """1001 talked with a caller who pressed 5."""
    site.add(call_row(site, grade=5), record_row(request="wages are not paid", reply="two years"), recording_row())
    values = opened(site.api.visit_rules, Kind.DISSATISFIED, "a-1.1", START)
    site.add(VisitRow(**values))
    return site


def given_to(site: Site, person: str, path: str = ONE) -> None:
    assert site.browser("supervisor").post(f"{path}/assign", {"person": person}).status_code == 200


def test_it_is_assigned_attempted_and_closed(rated: Site) -> None:
    assert listed(rated, "supervisor") == [("dissatisfied", "a-1.1")]
    assert listed(rated, "1002") == []
    given_to(rated, "1002")
    assert listed(rated, "1002") == [("dissatisfied", "a-1.1")]
    lawyer = rated.browser("1002")
    seen = lawyer.get(ONE).json()
    assert (seen["request"], seen["reply"]) == ("wages are not paid", "two years")
    assert (seen["visit"]["number"], seen["visit"]["seat"], seen["visit"]["grade"]) == ("139****5678", "1001", 5)
    lawyer.post(f"{ONE}/attempts", {"how": "other-telephone", "reached": False, "note": "busy"})
    lawyer.post(f"{ONE}/attempts", {"how": "other-telephone", "reached": True})
    closed = lawyer.post(f"{ONE}/close", GOOD)
    assert closed.status_code == 200, closed.text
    assert closed.json()["visit"]["state"] == "closed"
    assert [it["reached"] for it in closed.json()["visit"]["attempts"]] == [False, True]
    assert listed(rated, "supervisor") == []
    assert listed(rated, "supervisor", "?shown=closed") == [("dissatisfied", "a-1.1")]
    trail = rated.audit()
    assert ("supervisor", "visit-assigned", "dissatisfied a-1.1") in trail
    assert ("1002", "visit-closed", "dissatisfied a-1.1") in trail


def test_what_he_said_after_the_grade_is_heard_by_whoever_visits_him(rated: Site) -> None:
    file = "comment/a-1.1.wav"
    sound = rated.api.settings.recordings_dir / file
    rated.add(SurveyRow(call="a-1.1", language="zh", spoken=file, spoken_millis=2500))
    given_to(rated, "1002")
    lawyer = rated.browser("1002")
    assert lawyer.get(ONE).json()["spoken_millis"] == 2500
    assert lawyer.get(f"{ONE}/comment").status_code == 404, "its file is gone"
    sound.parent.mkdir(parents=True)
    sound.write_bytes(b"RIFF said")
    assert lawyer.get(f"{ONE}/comment").content == b"RIFF said"
    assert [rated.browser(who).get(f"{ONE}/comment").status_code for who in ("1001", "1003", "auditor")] == [
        404,
        404,
        403,
    ]
    assert rated.audit().count(("1002", "comment-heard", "a-1.1")) == 1


def test_the_rated_seat_neither_sees_it_nor_can_be_given_it(rated: Site) -> None:
    lawyer = rated.browser("1001")
    assert listed(rated, "1001") == []
    assert listed(rated, "1001", "?shown=open") == []
    for answer in (lawyer.get(ONE), lawyer.post(f"{ONE}/attempts", {"how": "message", "reached": True}),
                   lawyer.post(f"{ONE}/close", GOOD)):  # fmt: skip
        assert answer.status_code == 404
    assert lawyer.post(f"{ONE}/assign", {"person": "1001"}).status_code == 403
    boss = rated.browser("supervisor")
    refused = boss.post(f"{ONE}/assign", {"person": "1001"})
    assert (refused.status_code, refused.json()["code"]) == (409, "visitor-took-part")
    assert "1001" not in [it["id"] for it in boss.get(f"{ONE}/visitors").json()]
    assert {"1002", "supervisor", "manager"} <= {it["id"] for it in boss.get(f"{ONE}/visitors").json()}


def test_nobody_who_took_part_in_the_talk_makes_the_visit(site: Site, database: Database) -> None:
    rings = [ring(START, "1003", "no_answer"), ring(START, "1002")]
    site.add(call_row(site, grade=4, rings=rings))
    site.add(VisitRow(**opened(site.api.visit_rules, Kind.DISSATISFIED, "a-1.1", START)))
    told = {"node": "a", "seq": 1, "at": START, "type": "SupervisorTookOver", "call": "a-1.1", "seat": "1001"}
    site.add(EventRow(**told, data={"person": "supervisor"}))
    found = {it["id"] for it in site.browser("manager").get(f"{ONE}/visitors").json()}
    assert found & {"1001", "1002", "1003", "supervisor", "auditor", "admin"} == {"1003"}
    boss = site.browser("supervisor")
    assert boss.post(f"{ONE}/close", GOOD).json()["code"] == "visitor-took-part"


def test_it_cannot_be_closed_without_result_cause_and_correction(rated: Site) -> None:
    given_to(rated, "1002")
    lawyer = rated.browser("1002")
    refused = lawyer.post(f"{ONE}/close", GOOD | {"correction": " "})
    assert (refused.status_code, refused.json()["code"]) == (400, "visit-not-complete")
    assert refused.json()["details"]["fields"] == ["correction", "reached"]
    for left_out in ("result", "cause"):
        body = {name: value for name, value in GOOD.items() if name != left_out}
        assert lawyer.post(f"{ONE}/close", body).status_code == 400
    assert lawyer.get(ONE).json()["visit"]["state"] == "assigned"


def test_after_three_vain_attempts_it_may_be_closed_as_not_reached(rated: Site) -> None:
    given_to(rated, "1002")
    lawyer = rated.browser("1002")
    for _ in range(2):
        lawyer.post(f"{ONE}/attempts", {"how": "other-telephone", "reached": False})
    rang = {"id": "cb-1", "call": "a-1.1", "kind": "visit", "number_hash": "x", "node": "a", "line": "zh"}
    rang |= {"number_of_try": 1, "ordered_by": "1002", "claimed_at": START, "state": "over", "ended_at": START}
    rated.add(CallbackAttemptRow(**rang | {"id": "cb-0", "result": "not_sent"}))
    closing = GOOD | {"result": "not-reached", "cause": "unknown"}
    assert lawyer.post(f"{ONE}/close", closing).status_code == 400, "one that never rang is no attempt"
    rated.add(CallbackAttemptRow(**rang | {"result": "no_answer"}))
    assert lawyer.post(f"{ONE}/close", closing).status_code == 200


def test_he_is_called_from_the_visit_by_the_visitors_own_telephone(rated: Site) -> None:
    given_to(rated, "1002")
    lawyer, vault = rated.browser("1002"), rated.api.vault
    engine = CallbackService(rated.api.database, vault, rated.api.settings.node, Policies())
    rang = []
    for result in (Rang.NO_SEAT, Rang.BUSY, Rang.SERVED):
        asked = lawyer.post(f"{ONE}/dial", None)
        assert asked.status_code == 200, asked.text
        assert lawyer.post(f"{ONE}/dial", None).status_code == 409, "he is being called already"
        (attempt,) = engine.take_orders(START)
        assert (attempt.id, attempt.seat, attempt.number) == (asked.json()["attempt"], "1002", "13912345678")
        rang.append(attempt.id)
        engine.over(attempt.id, result, START)
    seen = lawyer.get(ONE).json()["visit"]["attempts"]
    assert [(it["call"], it["reached"], it["by"]) for it in seen] == [(rang[1], False, "1002"), (rang[2], True, "1002")]
    engine.settle(START)
    assert engine.claim_next("zh", START + timedelta(days=1)) is None, "nobody calls him by himself"
    assert rated.browser("1001").post(f"{ONE}/dial", None).status_code == 404
    assert rated.browser("supervisor").post(f"{ONE}/dial", None).status_code == 409, "no telephone of a seat"
    assert rated.browser("supervisor").get("/api/callbacks?shown=all").json()["total"] == 0
    assert lawyer.post(f"{ONE}/close", GOOD).status_code == 200
    assert lawyer.post(f"{ONE}/dial", None).status_code == 409


def test_a_voicemail_that_answers_is_not_the_caller(rated: Site) -> None:
    given_to(rated, "1002")
    lawyer = rated.browser("1002")
    assert lawyer.post("/api/visits/a-1.1/machine", None).status_code == 404
    lawyer.post(f"{ONE}/dial", None)
    engine = CallbackService(rated.api.database, rated.api.vault, rated.api.settings.node, Policies())
    (attempt,) = engine.take_orders(START)
    assert lawyer.post("/api/visits/a-1.1/machine", None).status_code == 200
    engine.over(attempt.id, Rang.SERVED, START)
    assert [it["reached"] for it in lawyer.get(ONE).json()["visit"]["attempts"]] == [False]


def test_a_closed_visit_stays_as_it_is(rated: Site) -> None:
    given_to(rated, "1002")
    lawyer = rated.browser("1002")
    lawyer.post(f"{ONE}/attempts", {"how": "in-person", "reached": True})
    lawyer.post(f"{ONE}/close", GOOD)
    boss = rated.browser("supervisor")
    for path, body in (
        ("close", GOOD),
        ("attempts", {"how": "message", "reached": False}),
        ("assign", {"person": "1003"}),
    ):
        assert boss.post(f"{ONE}/{path}", body).status_code == 409
    assert boss.http.delete(ONE, headers=boss.csrf).status_code == 405


def test_the_visitor_hears_the_talk_and_only_as_long_as_he_has_the_visit(rated: Site) -> None:
    lawyer = rated.browser("1002")
    assert lawyer.get("/api/calls/a-1.1").status_code == 403
    given_to(rated, "1002")
    assert lawyer.get("/api/calls/a-1.1").status_code == 200
    given_to(rated, "1003")
    assert lawyer.get("/api/calls/a-1.1").status_code == 403


def test_who_may_do_what(rated: Site) -> None:
    assert rated.browser("admin").get("/api/visits").status_code == 403
    assert listed(rated, "auditor") == [("dissatisfied", "a-1.1")]
    auditor = rated.browser("auditor")
    assert auditor.post(f"{ONE}/close", GOOD).status_code == 403
    assert auditor.post(f"{ONE}/assign", {"person": "auditor"}).status_code == 403
    assert rated.browser("supervisor").post(f"{ONE}/assign", {"person": "nobody"}).status_code == 409
    assert "13912345678" not in auditor.get("/api/visits").text + auditor.get(ONE).text


def test_lists_are_filtered_and_what_is_due_first_stands_first(rated: Site, clock: HandClock) -> None:
    for number, days in ((2, 4), (3, 2)):
        site_call = call_row(rated, f"a-{number}.1", grade=4, language="bo", line="bo")
        rated.add(site_call)
        values = opened(rated.api.visit_rules, Kind.DISSATISFIED, f"a-{number}.1", START - timedelta(days=days))
        rated.add(VisitRow(**values))
    assert [call for _, call in listed(rated, "supervisor")] == ["a-2.1", "a-1.1", "a-3.1"]
    assert [call for _, call in listed(rated, "supervisor", "?language=bo")] == ["a-2.1", "a-3.1"]
    assert listed(rated, "supervisor", "?kind=complaint") == []
    given_to(rated, "1003", "/api/visits/dissatisfied/a-2.1")
    assert [call for _, call in listed(rated, "supervisor", "?shown=open")] == ["a-1.1", "a-3.1"]
    assert listed(rated, "supervisor", "?due=overdue") == []
    clock.forward(days=3)  # Wednesday, 14:00: the last working day of the one opened a week ago
    assert [call for _, call in listed(rated, "supervisor", "?due=warn")] == ["a-2.1"]
    clock.forward(days=2)
    assert [call for _, call in listed(rated, "supervisor", "?due=overdue")] == ["a-2.1"]
    items = rated.browser("supervisor").get("/api/visits").json()["items"]
    assert [it["due"] for it in items] == ["overdue", "warn", "warn"]


def test_a_complaint_is_registered_from_a_call(rated: Site) -> None:
    words = {"call": "a-1.1", "words": "the lawyer shouted at him"}
    assert rated.browser("1002").post("/api/complaints", words).status_code == 404, "no call of hers"
    assert rated.browser("1001").post("/api/complaints", words).status_code == 200
    assert rated.browser("supervisor").post("/api/complaints", words).status_code == 409
    assert set(listed(rated, "supervisor")) == {("complaint", "a-1.1"), ("dissatisfied", "a-1.1")}
    assert listed(rated, "1001") == []
    assert ("1001", "complaint-opened", "a-1.1") in rated.audit()


def test_a_complaint_of_somebody_is_neither_seen_nor_handled_by_him(rated: Site) -> None:
    words = {"call": "a-1.1", "words": "was refused a form", "about": "supervisor"}
    assert rated.browser("manager").post("/api/complaints", words | {"about": "x"}).status_code == 400
    assert rated.browser("manager").post("/api/complaints", words).status_code == 200
    assert listed(rated, "supervisor", "?kind=complaint") == []
    assert rated.browser("supervisor").get("/api/visits/complaint/a-1.1").status_code == 404
    assert listed(rated, "manager", "?kind=complaint") == [("complaint", "a-1.1")]
    visitors = rated.browser("manager").get("/api/visits/complaint/a-1.1/visitors").json()
    assert "supervisor" not in {it["id"] for it in visitors}


def test_a_case_record_finished_as_a_complaint_opens_its_visit_with_it(site: Site) -> None:
    site.add(call_row(site), record_row())
    record = {"version": 0, "topic": "other.complaint", "identity": "", "groups": [], "reply": "noted"}
    record |= {"request": "nobody answered his letter", "outcome": "complaint"}
    lawyer = site.browser("1001")
    assert lawyer.put("/api/consultations/a-1.1", record | {"closed": False}).status_code == 200
    assert listed(site, "manager") == []
    assert lawyer.put("/api/consultations/a-1.1", record | {"version": 1, "closed": True}).status_code == 200
    assert listed(site, "manager") == [("complaint", "a-1.1")]
    assert lawyer.put("/api/consultations/a-1.1", record | {"version": 2, "closed": True}).status_code == 200
    assert site.browser("manager").get("/api/visits").json()["items"][0]["words"] == "nobody answered his letter"


def test_a_grade_whose_visit_nobody_opened_gets_one_soon(site: Site, clock: HandClock) -> None:
    site.add(call_row(site, "a-1.1", grade=5), call_row(site, "a-2.1", grade=2))
    site.add(call_row(site, "import-1", node="", grade=5))
    site.add(call_row(site, "a-3.1", grade=5, started_at=START - timedelta(days=40)))
    chore = OpenMissing(site.api.settings, site.api.database, clock)
    assert [chore.look(), chore.look()] == [1, 0]
    clock.forward(minutes=2)
    assert chore.look() == 0
    assert listed(site, "manager") == [("dissatisfied", "a-1.1")]

"""Accounts as an administrator keeps them, skills as a manager approves them, the trail as an auditor reads it."""

from datetime import date
from typing import Any

import pytest

from callcenter.account.model import Licence, LicenceState
from callcenter.account.repository import People
from callcenter.account.skills import skills_of
from callcenter.account.table import PersonRow
from callcenter.engine.repository import EngineRepository
from callcenter.ids import NodeName
from callcenter.routing.model import Level
from tests.site import Site

LAWYER = {"id": "liu.yang", "name": "刘洋", "role": "seat", "seat": "1010", "licence": "13201201710123456"}


def add(site: Site, **more: Any) -> Any:
    return site.browser("admin").post("/api/people", LAWYER | more)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"id": "1001"}, "person-exists"),
        ({"id": "ADMIN"}, "person-exists"),
        ({"seat": "1001"}, "seat-taken"),
        ({"seat": None}, "bad-input"),
        ({"role": "auditor"}, "bad-input"),
        ({"id": "刘洋"}, "bad-input"),
        ({"name": "  "}, "bad-input"),
    ],
)
def test_an_account_that_cannot_be_is_refused_and_nothing_is_made(site: Site, more: Any, code: str) -> None:
    answer = add(site, **more)
    assert answer.json()["code"] == code, answer.text
    with site.api.database.read() as session:
        assert People(session).count() == 8


def test_one_person_has_one_account(site: Site) -> None:
    assert add(site).status_code == 201
    twin = add(site, id="liu2", seat="1011")
    assert (twin.status_code, twin.json()["code"]) == (409, "licence-taken")
    assert "刘洋" in twin.json()["message"]


def test_a_change_is_on_record_with_what_was_before(site: Site) -> None:
    add(site)
    changed = LAWYER | {"name": "刘阳", "licence_until": "2027-05-31", "law_firm": "雪域律师事务所"}
    assert site.browser("admin").put("/api/people/liu.yang", changed).status_code == 200
    trail = site.browser("auditor").get("/api/audit?object=liu.yang&action=person-changed").json()
    assert trail["total"] == 1
    told = trail["items"][0]
    assert told["person"] == "admin"
    assert told["detail"] == {
        "name": ["刘洋", "刘阳"],
        "licence_until": [None, "2027-05-31"],
        "law_firm": ["", "雪域律师事务所"],
    }


def test_a_mobile_is_kept_encrypted_and_shown_masked_and_stays_when_nothing_is_said_of_it(site: Site) -> None:
    assert add(site, mobile="13800138001").json()["person"]["mobile"] == "138****8001"
    admin = site.browser("admin")
    assert admin.put("/api/people/liu.yang", LAWYER | {"law_firm": "雪域律师事务所"}).json()["mobile"] == "138****8001"
    with site.api.database.read() as session:
        row = session.get(PersonRow, "liu.yang")
        assert row is not None
        assert row.mobile is not None
        assert b"13800138001" not in row.mobile
        assert site.api.vault.open(row.mobile) == "13800138001"
    assert admin.put("/api/people/liu.yang", LAWYER | {"mobile": "tel:1"}).json()["code"] == "bad-input"
    assert admin.put("/api/people/liu.yang", LAWYER | {"mobile": ""}).json()["mobile"] == ""
    trail = site.browser("auditor").get("/api/audit?object=liu.yang").json()
    assert "13800138001" not in str(trail)
    assert ["138****8001", ""] in [item["detail"].get("mobile") for item in trail["items"]]


def test_a_closed_account_is_out_and_its_seat_is_free(site: Site) -> None:
    browser, admin = site.browser("1004"), site.browser("admin")
    assert admin.post("/api/people/1004/close", {}).json()["active"] is False
    assert browser.get("/api/me").status_code == 401
    assert add(site, seat="1004").status_code == 201
    back = admin.post("/api/people/1004/open", {}).json()
    assert back["person"]["seat"] is None
    assert site.browser("1004", back["one_time_password"]).get("/api/me").json()["steps"] == ["password"]


def test_the_last_administrator_stays(site: Site) -> None:
    admin = site.browser("admin")
    for answer in (
        admin.post("/api/people/admin/close", {}),
        admin.put("/api/people/admin", {"name": "孙磊", "role": "auditor"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "last-admin")
    assert admin.post("/api/people", {"id": "admin2", "name": "钱", "role": "admin"}).status_code == 201
    assert admin.post("/api/people/admin/close", {}).status_code == 200


def test_skills_count_when_another_person_has_approved_them(site: Site) -> None:
    add(site)
    skills = {"languages": {"zh": 3, "bo": 2}, "fields_of_law": {"civil.labour_pay": 2}}
    manager = site.browser("manager")
    number = site.browser("admin").post("/api/people/liu.yang/skills", skills).json()["id"]
    assert languages(site) == {}
    waiting = manager.get("/api/skill-proposals").json()
    assert [(w["proposal"]["id"], w["name"], w["proposal"]["by"]) for w in waiting] == [(number, "刘洋", "admin")]
    decided = manager.post(f"/api/skill-proposals/{number}", {"approve": True, "note": "看过证书"}).json()
    assert (decided["state"], decided["decided_by"]) == ("approved", "manager")
    assert languages(site) == {"zh": Level.NATIVE, "bo": Level.FLUENT}
    assert manager.post(f"/api/skill-proposals/{number}", {"approve": False}).json()["code"] == "conflict"
    assert ("manager", "skills-approved", "liu.yang") in site.audit()


def test_nobody_approves_what_he_proposed_and_a_new_proposal_replaces_the_open_one(site: Site) -> None:
    manager = site.browser("manager")
    first = manager.post("/api/people/1001/skills", {"languages": {"zh": 3, "mn": 1}}).json()["id"]
    assert manager.post(f"/api/skill-proposals/{first}", {"approve": True}).json()["code"] == "own-proposal"
    second = site.browser("1001").post("/api/people/1001/skills", {"languages": {"zh": 3}}).json()["id"]
    assert [w["proposal"]["id"] for w in manager.get("/api/skill-proposals").json()] == [second]
    states = {row["id"]: row["state"] for row in manager.get("/api/people/1001/skills").json()}
    assert states == {first: "replaced", second: "open"}
    assert manager.post(f"/api/skill-proposals/{first}", {"approve": True}).json()["code"] == "conflict"


def test_a_lawyer_proposes_for_himself_alone_and_only_what_there_is(site: Site) -> None:
    lawyer = site.browser("1001")
    assert lawyer.post("/api/people/1002/skills", {"languages": {"zh": 3}}).json()["code"] == "not-allowed"
    for wrong in ({"languages": {"en": 3}}, {"languages": {"zh": 4}}, {"fields_of_law": {"cooking": 1}}):
        assert lawyer.post("/api/people/1001/skills", wrong).status_code == 400


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, LicenceState.NONE),
        (date(2026, 11, 21), LicenceState.EXPIRED),
        (date(2026, 11, 22), LicenceState.ENDING),
        (date(2026, 12, 21), LicenceState.ENDING),
        (date(2026, 12, 22), LicenceState.FINE),
    ],
)
def test_a_licence_is_good_on_its_last_day_and_ends_with_a_warning(until: date | None, state: LicenceState) -> None:
    assert Licence(until=until).state(date(2026, 11, 22), 30) is state


def test_who_has_an_expired_licence_cannot_be_ready_by_his_own_or_a_supervisors_hand(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callcenter.bus.commands.ANSWER_WITHIN_S", 0.1)  # no engine answers here
    with site.api.database.begin() as session:
        session.get_one(PersonRow, "1001").licence_until = date(2026, 11, 21)
    lawyer, supervisor = site.browser("1001"), site.browser("supervisor")
    assert lawyer.get("/api/me").json()["licence"] == "expired"
    for answer in (
        lawyer.post("/api/me/state", {"state": "ready"}),
        supervisor.post("/api/seats/1001/state", {"state": "ready"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (409, "licence-expired")
        assert answer.json()["details"]["until"] == "2026-11-21"
    assert lawyer.post("/api/me/state", {"state": "signed_out"}).json()["code"] == "unavailable"
    settings = site.api.settings.model_copy(update={"licence_needed": False})
    object.__setattr__(site.api, "settings", settings)
    assert lawyer.post("/api/me/state", {"state": "ready"}).json()["code"] == "unavailable"


def languages(site: Site) -> dict[str, Level]:
    """As routing reads them."""
    with site.api.database.read() as session:
        seats = EngineRepository(session, NodeName("a")).seat_accounts()
        assert dict(skills_of(session.get_one(PersonRow, "liu.yang")).languages) == dict(seats[-1].skills.languages)
    return dict(next(seat.skills.languages for seat in seats if seat.seat == "1010"))

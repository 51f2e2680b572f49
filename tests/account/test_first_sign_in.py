"""An account from its making to the first whole sign-in, and what keeps others out of it."""

from typing import Any

import pyotp
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from callcenter.account.second_factor import STEP_S
from callcenter.account.table import PersonRow
from tests.site import PASSWORD, Browser, HandClock, Site

OWN = "Ein-Fluss-1958"
LAWYER = {"id": "liu.yang", "name": "刘洋", "role": "seat", "seat": "1010"}


@pytest.fixture
def strict(site: Site) -> Site:
    """Seats and administrators have to have a second factor."""
    settings = site.api.settings.model_copy(update={"second_factor": ["seat"]})
    for part in (site.api, site.api.accounts, site.api.own):
        object.__setattr__(part, "settings" if part is site.api else "_settings", settings)
    return site


def made(site: Site, **more: Any) -> str:
    answer = site.browser("admin").post("/api/people", LAWYER | more)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["one_time_password"])


def sign_in(site: Site, name: str, password: str, code: str = "") -> Any:
    return site.client().post("/api/sign-in", json={"username": name, "password": password, "code": code})


def code_of(secret: str, clock: HandClock) -> str:
    return pyotp.TOTP(secret).at(clock.now())


def enrolled(site: Site, clock: HandClock) -> tuple[str, list[str]]:
    """The lawyer after his first sign-in: (secret of the second factor, recovery codes)."""
    once = made(site)
    browser = site.browser(LAWYER["id"], once)
    assert browser.post("/api/me/password", {"old": once, "new": OWN}).status_code == 204
    offer = browser.post("/api/me/second-factor", {}).json()
    confirmed = browser.post("/api/me/second-factor/confirm", {"code": code_of(offer["secret"], clock)})
    assert confirmed.status_code == 200, confirmed.text
    clock.forward(seconds=STEP_S)
    return offer["secret"], confirmed.json()["codes"]


def test_the_first_sign_in_leads_through_password_and_second_factor_and_to_nothing_else(
    strict: Site, clock: HandClock
) -> None:
    once = made(strict)
    browser = strict.browser("liu.yang", once)
    assert browser.get("/api/me").json()["steps"] == ["password", "second-factor"]
    refused = browser.get("/api/calls")
    assert (refused.status_code, refused.json()["code"]) == (403, "setup-needed")
    assert browser.post("/api/me/password", {"old": once, "new": OWN}).status_code == 204
    assert browser.get("/api/me").json()["steps"] == ["second-factor"]
    offer = browser.post("/api/me/second-factor", {}).json()
    assert offer["uri"].startswith("otpauth://totp/12348:liu.yang?secret=")
    assert offer["qr"].startswith("data:image/svg+xml")
    wrong = browser.post("/api/me/second-factor/confirm", {"code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "code-does-not-fit")
    right = browser.post("/api/me/second-factor/confirm", {"code": code_of(offer["secret"], clock)})
    assert len(set(right.json()["codes"])) == 8
    assert browser.get("/api/me").json()["steps"] == []
    assert browser.get("/api/calls").status_code == 200


def test_a_code_is_asked_for_is_taken_once_and_a_recovery_code_once_in_its_place(
    strict: Site, clock: HandClock
) -> None:
    secret, recovery = enrolled(strict, clock)
    asked = sign_in(strict, "liu.yang", OWN)
    assert (asked.status_code, asked.json()["code"]) == (401, "code-needed")
    code = code_of(secret, clock)
    assert sign_in(strict, "liu.yang", OWN, code).status_code == 200
    again = sign_in(strict, "liu.yang", OWN, code)
    assert (again.status_code, again.json()["code"]) == (401, "wrong-code")
    assert sign_in(strict, "liu.yang", OWN, recovery[0].lower().replace("-", "")).status_code == 200
    assert sign_in(strict, "liu.yang", OWN, recovery[0]).json()["code"] == "wrong-code"
    assert ("liu.yang", "recovery-code-used", "liu.yang") in strict.audit()


def test_secrets_and_recovery_codes_are_not_readable_in_the_database(strict: Site, clock: HandClock) -> None:
    secret, recovery = enrolled(strict, clock)
    with strict.api.database.read() as session:
        row = session.get_one(PersonRow, "liu.yang")
        kept = repr({column.name: getattr(row, column.name) for column in PersonRow.__table__.columns})
    assert secret not in kept
    assert not any(code in kept or code.replace("-", "") in kept for code in recovery)


def test_wrong_codes_lock_the_account_and_an_administrator_unlocks_it(strict: Site, clock: HandClock) -> None:
    secret, _ = enrolled(strict, clock)
    for _ in range(5):
        assert sign_in(strict, "liu.yang", OWN, "123").json()["code"] == "wrong-code"
    locked = sign_in(strict, "liu.yang", OWN, code_of(secret, clock))
    assert (locked.status_code, locked.json()["details"]) == (429, {"minutes": 5})
    admin = strict.browser("admin")
    assert [p["id"] for p in admin.get("/api/people").json() if p["locked_until"]] == ["liu.yang"]
    assert admin.post("/api/people/liu.yang/unlock", {}).status_code == 200
    assert sign_in(strict, "liu.yang", OWN, code_of(secret, clock)).status_code == 200


def test_a_one_time_password_runs_out_and_is_good_for_nothing_after_the_own_one(site: Site, clock: HandClock) -> None:
    once = made(site)
    clock.forward(hours=72, seconds=1)
    late = sign_in(site, "liu.yang", once)
    assert (late.status_code, late.json()["code"]) == (401, "one-time-expired")
    fresh = site.browser("admin").post("/api/people/liu.yang/reset", {}).json()["one_time_password"]
    browser = site.browser("liu.yang", fresh)
    assert browser.post("/api/me/password", {"old": fresh, "new": OWN}).status_code == 204
    assert sign_in(site, "liu.yang", fresh).json()["code"] == "wrong-password"
    assert sign_in(site, "liu.yang", OWN).status_code == 200


@pytest.mark.parametrize(
    ("new", "code"),
    [("short-1", "weak-password"), ("onlyletters", "weak-password"), ("9999999999", "weak-password")],
)
def test_a_weak_password_is_refused_in_words(site: Site, new: str, code: str) -> None:
    answer = site.browser("1001").post("/api/me/password", {"old": PASSWORD, "new": new})
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_new_password_ends_the_other_sign_ins_of_the_person(site: Site) -> None:
    here, there = site.browser("1001"), site.browser("1001")
    assert here.post("/api/me/password", {"old": "wrong", "new": OWN}).json()["code"] == "present-password-wrong"
    assert here.post("/api/me/password", {"old": PASSWORD, "new": OWN}).status_code == 204
    assert here.get("/api/me").status_code == 200
    assert there.get("/api/me").status_code == 401


def test_the_one_known_password_of_the_tests_keeps_the_second_factor_off(strict: Site, clock: HandClock) -> None:
    enrolled(strict, clock)
    from pydantic import SecretStr

    settings = strict.api.settings.model_copy(update={"demo_password": SecretStr("x")})
    object.__setattr__(strict.api.accounts, "_settings", settings)
    assert sign_in(strict, "liu.yang", OWN).status_code == 200
    assert strict.browser("1001").get("/api/me").json()["steps"] == []


def test_idle_time_is_the_roles_own(site: Site, clock: HandClock) -> None:
    def outlives(browser: Browser, minutes: int) -> bool:
        clock.forward(minutes=minutes)
        return bool(browser.get("/api/me").status_code == 200)

    assert outlives(site.browser("1001"), 29)
    assert not outlives(site.browser("admin"), 16)
    assert outlives(site.browser("auditor"), 14)


def test_nobody_changes_what_is_in_the_audit_trail(site: Site) -> None:
    site.browser("1001")
    for act in ("UPDATE audit SET person = 'x'", "DELETE FROM audit"):
        with pytest.raises(DatabaseError, match="only appended"), site.api.database.begin() as session:
            session.execute(text(act))
    assert site.audit() == [("1001", "sign-in", "")]

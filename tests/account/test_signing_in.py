from typing import Any

import pytest

from callcenter.account.table import PersonRow
from tests.site import PASSWORD, HandClock, Site


def sign_in(site: Site, name: str, password: str) -> Any:
    return site.client().post("/api/sign-in", json={"username": name, "password": password})


def test_the_answer_names_the_person_and_the_csrf_header(site: Site) -> None:
    browser = site.browser("1002")
    assert browser.person == {
        "id": "1002",
        "name": "扎西卓玛",
        "role": "seat",
        "seat": "1002",
        "languages": ["zh", "bo"],
    }
    assert browser.get("/api/me").json()["csrf"] == browser.csrf["X-CSRF-Token"]


def test_the_cookie_cannot_be_read_by_scripts_and_the_database_has_only_its_hash(site: Site) -> None:
    answer = sign_in(site, "1001", PASSWORD)
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    token = next(iter(answer.cookies.values()))
    with site.api.database.read() as session:
        stored = session.connection().exec_driver_sql("SELECT * FROM session").fetchall()
    assert len(stored) == 1
    assert token not in str(stored)


def test_behind_a_proxy_with_https_the_cookie_never_travels_in_clear(site: Site) -> None:
    assert "secure" not in sign_in(site, "1001", PASSWORD).headers["set-cookie"].lower()
    public = site.api.settings.model_copy(update={"public_url": "https://12348.example.cn"})
    object.__setattr__(site.api, "settings", public)
    assert "secure" in sign_in(site, "1001", PASSWORD).headers["set-cookie"].lower()


def test_two_systems_on_one_host_do_not_take_each_others_cookie(site: Site) -> None:
    name = next(iter(sign_in(site, "1001", PASSWORD).cookies.keys()))
    assert name.endswith(f"_{site.api.settings.http_port}")


@pytest.mark.parametrize("name", ["1001", "nobody-of-that-name"])
def test_five_wrong_passwords_lock_the_name_whether_it_exists_or_not(site: Site, clock: HandClock, name: str) -> None:
    first = [sign_in(site, name, "wrong") for _ in range(5)]
    assert {(a.status_code, a.json()["code"], a.json()["message"]) for a in first} == {
        (401, "wrong-password", "name or password is wrong")
    }
    locked = sign_in(site, name, PASSWORD)
    assert (locked.status_code, locked.json()["code"]) == (429, "sign-in-locked")
    assert "5 min" in locked.json()["message"]
    clock.forward(minutes=5, seconds=1)
    after = sign_in(site, name, PASSWORD)
    assert after.status_code == (200 if name == "1001" else 401)


def test_a_right_password_forgets_the_wrong_ones(site: Site) -> None:
    for _ in range(2):
        for _ in range(4):
            sign_in(site, "1001", "wrong")
        assert sign_in(site, "1001", PASSWORD).status_code == 200


def test_half_an_hour_without_a_request_ends_the_sign_in_and_use_keeps_it(site: Site, clock: HandClock) -> None:
    browser = site.browser("1001")
    for _ in range(3):
        clock.forward(minutes=20)
        assert browser.get("/api/me").status_code == 200
    clock.forward(minutes=30, seconds=1)
    answer = browser.get("/api/me")
    assert (answer.status_code, answer.json()["code"]) == (401, "not-signed-in")


def test_after_signing_out_the_cookie_is_worth_nothing(site: Site) -> None:
    browser = site.browser("1001")
    stolen = dict(browser.http.cookies)
    assert browser.http.post("/api/sign-out", headers=browser.csrf).status_code == 204
    thief = site.client()
    thief.cookies.update(stolen)
    assert thief.get("/api/me").status_code == 401


def test_an_account_that_was_closed_is_out_at_once(site: Site) -> None:
    browser = site.browser("1001")
    with site.api.database.begin() as session:
        session.get_one(PersonRow, "1001").active = False
    assert browser.get("/api/me").status_code == 401
    assert sign_in(site, "1001", PASSWORD).json()["code"] == "wrong-password"


def test_every_attempt_is_in_the_audit_trail(site: Site) -> None:
    browser = site.browser("1001")
    sign_in(site, "1001", "wrong")
    browser.http.post("/api/sign-out", headers=browser.csrf)
    assert [row[:2] for row in site.audit()] == [("1001", "sign-in"), ("1001", "sign-in-failed"), ("1001", "sign-out")]


def test_a_password_is_never_repeated_in_an_error(site: Site) -> None:
    answer = site.client().post("/api/sign-in", json={"username": "", "password": "very-secret-word"})
    assert answer.status_code == 400
    assert "very-secret-word" not in answer.text
    answer = site.client().post("/api/sign-in", json={"username": "1001", "password": ["very-secret-word"]})
    assert answer.status_code == 400
    assert "very-secret-word" not in answer.text


def test_names_that_no_database_takes_are_refused_in_words(site: Site) -> None:
    for name in (r"\u0000", r"\ud800", "a" * 65, "王" * 64, "1001'--", r"1001\r\nSet-Cookie: x=y"):
        body = f'{{"username": "{name}", "password": "x"}}'
        answer = site.client().post("/api/sign-in", content=body.encode())
        assert answer.status_code in (400, 401), name
        assert answer.json()["message"]

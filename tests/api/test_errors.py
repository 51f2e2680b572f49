"""Whatever goes wrong: a code, a sentence, no traceback."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from redis import Redis
from sqlalchemy.exc import OperationalError

from callcenter.api.app import create_app
from callcenter.api.deps import Api
from tests.site import Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""What is told here does not depend on the kind of database."""


def test_a_fault_of_ours_leaves_a_number_and_no_traceback(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = site.browser("manager")
    monkeypatch.setattr("callcenter.call.repository.Calls.page", lambda *_: 1 / 0)
    answer = browser.get("/api/calls")
    assert (answer.status_code, answer.json()["code"]) == (500, "error")
    assert "ZeroDivisionError" not in answer.text
    assert answer.json()["details"]["id"] in answer.json()["message"]


def test_a_database_that_went_away_is_503_in_words(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = site.browser("manager")

    def away(*_: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("gone"))

    monkeypatch.setattr("callcenter.call.repository.Calls.page", away)
    answer = browser.get("/api/calls")
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "SELECT" not in answer.text


def test_a_command_without_redis_is_503_and_the_seat_is_told_that_calls_go_on(site: Site) -> None:
    browser = site.browser("1001")
    object.__setattr__(site.api.commands, "_redis", Redis.from_url("unix:///nowhere/redis.sock"))
    answer = browser.post("/api/me/state", {"state": "ready"})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert "Calls go on" in answer.json()["message"]


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH"])
def test_an_address_that_is_none_is_404_or_405_in_words(site: Site, method: str) -> None:
    answer = site.client().request(method, "/api/nothing-here")
    assert answer.status_code in (404, 405)
    assert set(answer.json()) == {"code", "message", "details"}


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"state": 5}', b'{"state": "ready", "reason": ' + b"[" * 5000, b"\xff\xfe"]
)
def test_a_body_that_is_no_json_of_ours_is_400(site: Site, body: bytes) -> None:
    browser = site.browser("1001")
    headers = browser.csrf | {"Content-Type": "application/json"}
    answer = browser.http.post("/api/me/state", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")


def test_no_value_of_ours_becomes_a_header_of_the_answer(site: Site) -> None:
    browser = site.browser("manager")
    answer = browser.get("/api/calls/x%0d%0aSet-Cookie:%20evil=1/recording")
    assert answer.status_code == 404
    assert "set-cookie" not in answer.headers


def test_every_answer_forbids_frames_foreign_scripts_and_guessing_of_types(site: Site) -> None:
    for path in ("/", "/api/me", "/api/openapi.json", "/nothing.js"):
        headers = site.client().get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "script-src" not in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
    assert site.client().get("/api/me").headers["cache-control"] == "no-store"


def test_the_phone_may_reach_asterisk_and_nothing_else(site: Site) -> None:
    policy = site.client().get("/").headers["content-security-policy"]
    connect = next(part for part in policy.split("; ") if part.startswith("connect-src"))
    assert connect == "connect-src 'self' ws://127.0.0.1:8088 wss://127.0.0.1:8088"


@pytest.fixture
def built(api: Api, tmp_path: Path) -> TestClient:
    dist = tmp_path / "dist"
    (dist / "assets").mkdir(parents=True)
    (dist / "index.html").write_text("<!doctype html>the screens")
    (dist / "assets" / "app-1a2b.js").write_text("run()")
    (tmp_path / "secret.txt").write_text("not yours")
    return TestClient(create_app(api, screens=dist), follow_redirects=False)


def test_every_page_of_the_screens_is_their_first_file(built: TestClient) -> None:
    for path in ("/", "/console", "/wallboard", "/calls/a-1", "/calls/a-1763790000.12"):
        answer = built.get(path)
        assert (answer.status_code, answer.text) == (200, "<!doctype html>the screens"), path
        assert answer.headers["cache-control"] == "no-cache"
    script = built.get("/assets/app-1a2b.js")
    assert (script.text, "immutable" in script.headers["cache-control"]) == ("run()", True)


def test_a_file_that_is_missing_is_404_and_no_file_outside_is_given(built: TestClient) -> None:
    for path in ("/assets/gone.js", "/api/none", "/..%2fsecret.txt", "/assets/%2e%2e/%2e%2e/secret.txt"):
        answer = built.get(path)
        assert answer.status_code == 404, path
        assert "not yours" not in answer.text


def test_screens_that_are_not_built_say_so(site: Site) -> None:
    answer = site.client().get("/console")
    assert answer.status_code == 503
    assert "make setup" in answer.text


def test_a_body_that_is_not_json_is_said_in_words(site: Site) -> None:
    answer = site.client().post("/api/sign-in", content=b'{"username":', headers={"content-type": "application/json"})
    assert (answer.status_code, answer.json()["message"]) == (400, "the request's body is not JSON")

"""The page of messages, over HTTP: who may what, and what is shown."""

import pytest

from callcenter.message.gateway import Lost
from tests.message.given import NUMBER, Office
from tests.site import Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


class Silent:
    name = "http"

    def send(self, _letter: object) -> Lost:
        return Lost("no answer")

    find = None


def test_a_text_is_sent_only_when_another_person_has_approved_it(site: Site) -> None:
    writer, other = site.browser("supervisor"), site.browser("manager")
    text = {"purpose": "survey", "language": "bo", "text": "དཔྱད་འཇོག {link}"}
    written = writer.post("/api/messages/templates", text).json()
    assert written["state"] == "waiting"
    assert writer.post(f"/api/messages/templates/{written['id']}/approve", None).status_code == 409
    approved = other.post(f"/api/messages/templates/{written['id']}/approve", None).json()
    assert (approved["state"], approved["approved_by"]) == ("in_use", "manager")
    listed = [it for it in other.get("/api/messages/templates").json() if it["language"] == "bo"]
    assert [it["state"] for it in listed] == ["in_use"]
    again = writer.post("/api/messages/templates", {**text, "text": "{link} བོད"}).json()
    listed = [it for it in other.get("/api/messages/templates").json() if it["language"] == "bo"]
    assert [it["id"] for it in listed] == [again["id"], written["id"]], "the new one waits beside the one in use"
    assert ("manager", "message-text-approved", str(written["id"])) in site.audit()


def test_a_text_that_cannot_be_filled_in_is_refused(site: Site) -> None:
    who = site.browser("supervisor")
    for text in ("no link", "{link} {secret}"):
        answer = who.post("/api/messages/templates", {"purpose": "survey", "language": "zh", "text": text})
        assert (answer.status_code, answer.json()["details"]["field"]) == (400, "text")
    wrong = {"purpose": "survey", "language": "xx", "text": "{link}"}
    assert who.post("/api/messages/templates", wrong).status_code == 400


def test_starters_wait_for_somebody_to_write_them(site: Site) -> None:
    listed = site.browser("admin").get("/api/messages/templates").json()
    assert {(it["purpose"], it["language"], it["state"]) for it in listed} >= {
        ("survey", language, "starter") for language in ("zh", "bo", "mn")
    }


def test_the_list_masks_numbers_and_counts_states(site: Site, office: Office) -> None:
    office.worker(None).attempt(office.asks("a-1"))
    office.asks("a-2", "010")
    page = site.browser("supervisor").get("/api/messages").json()
    assert page["total"] == 2
    assert NUMBER not in str(page)
    assert {it["number"] for it in page["items"]} == {"139****5678", "*10"}
    assert {(it["state"], it["messages"]) for it in page["counts"]} == {("no_gateway", 1), ("refused", 1)}
    only = site.browser("auditor").get("/api/messages?state=refused").json()
    assert [it["reason"] for it in only["items"]] == ["not-a-mobile"]


def test_an_unknown_outcome_is_settled_by_a_person_once(site: Site, office: Office) -> None:
    office.worker(Silent()).attempt(id_ := office.asks())  # type: ignore[arg-type]
    assert office.state(id_)[0] == "unknown"
    who = site.browser("supervisor")
    assert who.post(f"/api/messages/{id_}/settle", {"arrived": True}).json()["state"] == "sent"
    assert who.post(f"/api/messages/{id_}/settle", {"arrived": False}).status_code == 409


def test_rights(site: Site) -> None:
    seat, admin, auditor = (site.browser(name) for name in ("1001", "admin", "auditor"))
    for path in ("", "/templates", "/opt-outs", "/gateway"):
        assert seat.get(f"/api/messages{path}").status_code == 403
    assert admin.get("/api/messages").status_code == 403, "an administrator reads no content"
    assert admin.get("/api/messages/gateway").status_code == 200
    assert auditor.post("/api/messages/opt-outs", {"number": NUMBER}).status_code == 403
    assert site.browser("manager").post("/api/messages/test", {"number": NUMBER}).status_code == 403


def test_an_administrator_tests_the_gateway(site: Site, office: Office) -> None:
    admin = site.browser("admin")
    assert admin.post("/api/messages/test", {"number": "12345"}).status_code == 400
    assert admin.post("/api/messages/test", {"number": NUMBER}).status_code == 200
    shown = admin.get("/api/messages/gateway").json()
    assert (shown["gateway"], shown["last_test"]["state"], shown["last_test"]["number"]) == (
        "none",
        "queued",
        "139****5678",
    )
    assert ("admin", "message-tested", "139****5678") in site.audit()


def test_a_number_is_put_on_the_list_and_taken_off(site: Site) -> None:
    who = site.browser("supervisor")
    who.post("/api/messages/opt-outs", {"number": "+8613912345678"})
    (listed,) = who.get("/api/messages/opt-outs").json()
    assert listed["number"] == "139****5678"
    assert who.http.delete(f"/api/messages/opt-outs/{listed['id']}", headers=who.csrf).status_code == 200
    assert who.get("/api/messages/opt-outs").json() == []

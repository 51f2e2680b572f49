import hashlib
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.api.given import CALLER, call_row, record_row, recording_row
from tests.site import START, HandClock, Site

SOUND = b"RIFF" + bytes(range(256)) * 40


def test_a_record_has_every_field_that_other_programs_rely_on(site: Site) -> None:
    site.add(call_row(site), recording_row(state="sealed", seconds=67.5, sha256="ab" * 32))
    call = site.browser("manager").get("/api/calls/a-1.1").json()
    assert call | {"recording": None} == {
        "id": "a-1.1",
        "linkedid": "a-1.1",
        "caller": "139****5678",
        "source": "direct",
        "line": "zh",
        "language": "zh",
        "topic": "labour",
        "priority": None,
        "place": None,
        "law_firm": None,
        "state": "ended",
        "started_at": "2026-11-22T13:00:00+08:00",
        "queued_at": "2026-11-22T13:00:10+08:00",
        "first_ring_at": "2026-11-22T13:00:11+08:00",
        "answered_at": "2026-11-22T13:00:22.500000+08:00",
        "ended_at": "2026-11-22T13:01:30+08:00",
        "wrap_up_ended_at": "2026-11-22T13:02:00+08:00",
        "outcome": "answered",
        "ended_by": "caller",
        "seat": "1001",
        "rings": [{"seat": "1001", "at": "2026-11-22T13:00:11+08:00", "result": "answered"}],
        "ivr_s": 10.0,
        "way_out": "queue",
        "wait_s": 12.5,
        "talk_s": 60.0,
        "hold_seconds": 7.5,
        "survey_offered": True,
        "grade": 2,
        "recording": None,
        "flow": None,
        "order_no": None,
        "survey_via": None,
        "parties": [],
        "end_reason": None,
    }
    assert (call["recording"]["state"], call["recording"]["seconds"]) == ("sealed", 67.5)


def test_calls_are_found_by_the_number_of_their_order_whenever_they_were(site: Site) -> None:
    site.add(call_row(site), record_row(order_no="12345674"), call_row(site, "a-1.9"))
    manager = site.browser("manager")
    found = manager.get("/api/calls?order_no=12345674").json()["items"]
    assert [(call["id"], call["order_no"]) for call in found] == [("a-1.1", "12345674")]
    assert manager.get("/api/calls/a-1.1").json()["order_no"] == "12345674"
    assert manager.get("/api/consultations/a-1.1").json()["order_no"] == "12345674"
    assert manager.get("/api/calls?order_no=87654321").json()["total"] == 0


def test_the_whole_number_is_nowhere_but_behind_its_own_door(site: Site) -> None:
    site.add(call_row(site))
    manager = site.browser("manager")
    assert CALLER not in manager.get("/api/calls").text + manager.get("/api/calls/a-1.1").text
    assert manager.get("/api/calls/a-1.1/caller").json() == {"caller": CALLER}
    assert site.audit()[-1] == ("manager", "number-read", "a-1.1")


def test_a_seat_sees_its_own_calls_only(site: Site) -> None:
    site.add(call_row(site), call_row(site, "a-1.9", seat="1002"), call_row(site, "a-1.5", seat=None))
    lawyer = site.browser("1001")
    page = lawyer.get("/api/calls").json()
    assert ([call["id"] for call in page["items"]], page["total"]) == (["a-1.1"], 1)
    assert lawyer.get("/api/calls?seat=1002").status_code == 403
    assert lawyer.get("/api/calls/a-1.9").status_code == 403
    assert lawyer.get("/api/calls/a-1.5").status_code == 403


def test_calls_are_chosen_by_time_outcome_seat_language_and_number(site: Site) -> None:
    for n in range(5):
        site.add(call_row(site, f"a-1.{n}", started_at=START + timedelta(hours=n)))
    site.add(call_row(site, "a-2.1", language="bo", seat="1002", outcome="answered", caller="13700000000"))
    site.add(call_row(site, "a-2.2", outcome="abandoned_queue", seat=None, answered_at=None))
    boss = site.browser("supervisor")

    def ids(query: str) -> list[str]:
        answer = boss.get(f"/api/calls?{query}")
        assert answer.status_code == 200, answer.text
        return [call["id"] for call in answer.json()["items"]]

    hours = "from=2026-11-22T07:00:00Z&to=2026-11-22T17:00:00%2B08:00"
    assert ids(hours) == ["a-1.2", "a-1.1"]
    assert ids("language=bo") == ["a-2.1"]
    assert ids("seat=1002") == ["a-2.1"]
    assert ids("outcome=abandoned_queue") == ["a-2.2"]
    assert ids("caller=13700000000") == ["a-2.1"]
    assert site.audit()[-1] == ("supervisor", "number-searched", "137****0000")
    assert ids("limit=2&offset=1") == ["a-1.3", "a-1.2"]
    assert boss.get("/api/calls?limit=2").json()["total"] == 7


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=501", "limit=1e9", "offset=-1", "offset=99999999999999999999", "seat=" + "x" * 65),
        *("from=yesterday", "from=2026-11-22T07:00:00", "outcome=lost", "grade=9"),
    ],
)
def test_a_question_that_makes_no_sense_is_refused_in_words(site: Site, query: str) -> None:
    answer = site.browser("manager").get(f"/api/calls?{query}")
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad-input"
    assert query.split("=")[0] in answer.json()["details"]["fields"]


def test_imported_calls_are_found_by_their_own_id_whatever_is_in_it(site: Site) -> None:
    odd = "2026/11/22 #17?x=1&y=一"
    long = "long/" * 50
    site.add(call_row(site, odd, node=""), call_row(site, "digest", long_id=long, node=""))
    boss = site.browser("manager")
    assert boss.get(f"/api/calls/{quote(odd, safe='')}").json()["id"] == odd
    assert boss.get(f"/api/calls/{quote(long, safe='')}").json()["id"] == long


def sealed(site: Site, file: str = "2026/11/22/a-1.1") -> Path:
    path = site.api.settings.recordings_dir / f"{file}.wav"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(SOUND)
    return path


def test_a_sealed_recording_is_heard_whole_or_in_pieces_and_noted_once(site: Site, clock: HandClock) -> None:
    sealed(site)
    site.add(call_row(site), recording_row(state="sealed", sha256=hashlib.sha256(SOUND).hexdigest()))
    ears = site.browser("auditor")
    whole = ears.get("/api/calls/a-1.1/recording")
    assert (whole.status_code, whole.headers["content-type"], whole.content) == (200, "audio/wav", SOUND)
    piece = ears.get("/api/calls/a-1.1/recording", headers={"Range": "bytes=100-199"})
    assert (piece.status_code, piece.content) == (206, SOUND[100:200])
    assert piece.headers["content-range"] == f"bytes 100-199/{len(SOUND)}"
    assert ears.get("/api/calls/a-1.1/recording", headers={"Range": "bytes=999999-"}).status_code == 416
    heard = ("auditor", "recording-heard", "a-1.1")
    assert site.audit().count(heard) == 1
    clock.forward(minutes=6)
    ears.get("/api/calls/a-1.1/recording", headers={"Range": "bytes=50-"})
    assert site.audit().count(heard) == 2


@pytest.mark.parametrize(
    ("recording", "words"),
    [
        (None, "no talk"),
        ({"state": "due"}, "being finished"),
        ({"state": "missing", "problem": "no sound file was found"}, "no sound file was found"),
        ({"state": "broken", "problem": "the files hold no sound"}, "hold no sound"),
        ({"state": "sealed"}, "its file is gone"),
    ],
)
def test_a_recording_that_cannot_be_heard_says_why(site: Site, recording: dict[str, str] | None, words: str) -> None:
    site.add(call_row(site))
    if recording:
        site.add(recording_row(**recording))
    answer = site.browser("manager").get("/api/calls/a-1.1/recording")
    assert (answer.status_code, answer.json()["code"]) == (404, "no-recording")
    assert words in answer.json()["message"]
    assert [row for row in site.audit() if row[1] == "recording-heard"] == []


@pytest.mark.parametrize("stem", ["../secret", "../../etc/passwd", "/etc/passwd", "2026/../../secret", "."])
def test_no_recording_leads_out_of_its_folder(site: Site, stem: str) -> None:
    (site.api.settings.home / "secret.wav").write_bytes(b"not yours")
    site.add(call_row(site), recording_row(state="sealed", file=stem))
    answer = site.browser("manager").get("/api/calls/a-1.1/recording")
    assert answer.status_code in (400, 404)
    assert b"not yours" not in answer.content


@pytest.mark.parametrize(
    "path", ["/api/calls/../../secrets.toml", "/api/calls/%2e%2e%2f%2e%2e%2fsecrets.toml/recording"]
)
def test_no_address_leads_out_of_the_api(site: Site, path: str) -> None:
    answer = site.browser("manager").get(path)
    assert answer.status_code == 404
    assert "phone_key" not in answer.text


def test_a_seat_hears_its_own_talks_only(site: Site) -> None:
    sealed(site)
    site.add(call_row(site), recording_row(state="sealed"), record_row())
    assert site.browser("1001").get("/api/calls/a-1.1/recording").status_code == 200
    assert site.browser("1002").get("/api/calls/a-1.1/recording").status_code == 403
    assert site.browser("admin").get("/api/calls/a-1.1/recording").status_code == 403


def test_a_long_list_says_that_there_are_more(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("callcenter.call.repository.TOTAL_MAX", 2)
    monkeypatch.setattr("callcenter.call.service.TOTAL_MAX", 2)
    site.add(call_row(site), call_row(site, "a-1.2"))
    manager = site.browser("manager")
    page = manager.get("/api/calls").json()
    assert (page["total"], page["more"]) == (2, False)
    site.add(call_row(site, "a-1.3"))
    page = manager.get("/api/calls?limit=50").json()
    assert (page["total"], page["more"], len(page["items"])) == (2, True, 3)


@pytest.mark.parametrize("path", ["/api/calls", "/api/alarms", "/api/messages"])
def test_a_list_whose_end_lies_before_its_beginning_is_a_slip_and_not_empty(site: Site, path: str) -> None:
    boss = site.browser("manager")
    span = {"from": "2026-11-22T09:00:00+08:00", "to": "2026-11-22T08:00:00+08:00"}
    answer = boss.get(path, params=span)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")
    assert "lies before from" in answer.json()["message"]
    assert boss.get(path, params=span | {"to": span["from"]}).status_code == 200
    assert boss.post("/api/report/papers/calls", span).status_code == 400

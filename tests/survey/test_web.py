"""Who hung up first is invited by a message, and grades on a page: once, and in time."""

import json
import re
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import select

from callcenter import secrets, typefaces
from callcenter.call.rows import from_row
from callcenter.call.state import evolve
from callcenter.call.table import CallRow, EventRow
from callcenter.config import Settings
from callcenter.message.model import Purpose
from callcenter.message.repository import Messages
from callcenter.seat.table import SeatRow
from callcenter.storage.event_log import from_row as event_from
from callcenter.survey import page
from callcenter.survey.invitations import Invitations
from callcenter.survey.page_endpoints import GUESSES
from callcenter.survey.table import SurveyRow
from tests.api.given import call_row
from tests.message.gateways import ACCOUNT, SENDER, TOKEN
from tests.message.given import Office, write_rules
from tests.site import START, HandClock, Site

PUBLIC = "http://testserver"
on_sqlite = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


@pytest.fixture
def settings(database_settings: Settings, redis_url: str, tmp_path: Path) -> Settings:
    flows = tmp_path / "flows"
    secrets.ensure(database_settings.home)
    secret = database_settings.home / "secrets.toml"
    secret.write_text(secret.read_text() + f'message_secret = "{TOKEN}"\n')
    rules = f"gateway: twilio\ninvite_after_hang_up: true\ntwilio: {{account: {ACCOUNT}, sender: '{SENDER}'}}\n"
    write_rules(flows, rules)
    return database_settings.model_copy(update={"redis_url": redis_url, "public_url": PUBLIC, "flows_dir": flows})


class Hotline:
    def __init__(self, site: Site, office: Office, settings: Settings, clock: HandClock) -> None:
        self.site, self.office, self.clock = site, office, clock
        self.invitations = Invitations(settings, site.api.database, clock)

    def served(self, id_: str = "a-1", minutes_ago: float = 3, **changes: Any) -> None:
        """A talk that the caller ended."""
        began = START - timedelta(minutes=minutes_ago)
        self.site.add(call_row(self.site, id_, started_at=began, **{"survey_offered": False, "grade": None, **changes}))

    def looks(self) -> int:
        self.clock.forward(seconds=15)
        return self.invitations.look()

    def path(self, call: str = "a-1") -> str:
        """Of the link in the message about this call."""
        with self.site.api.database.read() as session:
            row = Messages(session).about(Purpose.SURVEY, call)
        assert row is not None
        link = json.loads(self.site.api.vault.open(row.given))["link"]
        assert link.startswith(f"{PUBLIC}/s/")
        return str(link.removeprefix(PUBLIC))

    def call(self, id_: str = "a-1") -> CallRow:
        with self.site.api.database.read() as session:
            row = session.get(CallRow, id_)
        assert row is not None
        return row

    def arrives(self, call: str = "a-1") -> None:
        with self.site.api.database.begin() as session:
            row = Messages(session).about(Purpose.SURVEY, call)
            assert row is not None
            row.state = "delivered"


@pytest.fixture
def hotline(site: Site, office: Office, settings: Settings, clock: HandClock) -> Hotline:
    return Hotline(site, office, settings, clock)


def test_who_hung_up_first_grades_on_the_page_and_it_is_on_record_once(hotline: Hotline) -> None:
    hotline.served()
    assert hotline.looks() == 1
    assert hotline.looks() == 0, "invited twice"
    path, citizen = hotline.path(), hotline.site.client()
    form = citizen.get(path)
    assert form.status_code == 200
    assert "请为本次服务评价" in form.text
    assert form.headers["cache-control"] == "no-store"
    assert "谢谢您" in citizen.post(path, data={"grade": "4", "comment": "等得太久"}).text
    call = hotline.call()
    assert (call.grade, call.survey_offered, call.survey_via) == (4, True, "web")
    again = citizen.post(path, data={"grade": "1"})
    assert (again.status_code, citizen.get(path).status_code) == (410, 410)
    assert "已经评价过" in again.text
    assert hotline.call().grade == 4
    with hotline.site.api.database.read() as session:
        row = session.get(SurveyRow, "a-1")
        assert row is not None
        assert path.removeprefix("/s/") not in str(row.token_hash)
        assert "等得太久".encode() not in (row.comment or b"")
    (visit,) = hotline.site.browser("supervisor").get("/api/visits").json()["items"]
    assert (visit["call"], visit["grade"]) == ("a-1", 4)
    assert hotline.site.browser("manager").get("/api/visits/dissatisfied/a-1").json()["comment"] == "等得太久"
    shown = hotline.site.browser("supervisor").get("/api/surveys/a-1").json()
    assert (shown["comment"], shown["answered_at"] is not None) == ("等得太久", True)


def test_two_answers_at_the_same_moment_are_one_grade(hotline: Hotline) -> None:
    hotline.served()
    hotline.looks()
    path, said = hotline.path(), []

    def answers(grade: int) -> None:
        said.append(hotline.site.client().post(path, data={"grade": str(grade)}).status_code)

    threads = [threading.Thread(target=answers, args=(grade,)) for grade in (1, 2, 3, 4)]
    for it in threads:
        it.start()
    for it in threads:
        it.join()
    assert sorted(said) == [200, 410, 410, 410]
    with hotline.site.api.database.read() as session:
        events = session.scalars(select(EventRow).where(EventRow.call == "a-1")).all()
    assert sorted(event.type for event in events) == ["SurveyAnswered", "SurveyOffered"]


def test_the_events_fold_to_the_record(hotline: Hotline) -> None:
    hotline.served()
    with hotline.site.api.database.read() as session:
        before = from_row(hotline.call(), hotline.site.api.vault)
    hotline.looks()
    hotline.site.client().post(hotline.path(), data={"grade": "2"})
    with hotline.site.api.database.read() as session:
        rows = session.scalars(select(EventRow).where(EventRow.call == "a-1").order_by(EventRow.id)).all()
    for row in rows:
        before = evolve(before, event_from(row))  # type: ignore[arg-type]
    assert before == from_row(hotline.call(), hotline.site.api.vault)


@on_sqlite
def test_only_who_is_to_be_asked_is_asked(hotline: Hotline) -> None:
    hotline.served("a-asked", survey_offered=True)
    hotline.served("a-seat-ended", ended_by="seat")
    hotline.served("a-abandoned", outcome="abandoned_queue", answered_at=None)
    hotline.served("a-callback", source="callback")
    hotline.served("a-no-number", caller="")
    hotline.served("a-long-ago", minutes_ago=180)
    hotline.served("a-in-wrap-up")
    hotline.site.add(SeatRow(id="1009", state="wrap_up", since=START, desired="ready", call="a-in-wrap-up"))
    assert hotline.looks() == 0


@on_sqlite
def test_where_the_site_does_not_allow_it_nobody_is_asked(hotline: Hotline, settings: Settings) -> None:
    write_rules(settings.flows_dir, f"gateway: twilio\ntwilio: {{account: {ACCOUNT}, sender: '{SENDER}'}}\n")
    hotline.served()
    assert hotline.looks() == 0


@on_sqlite
def test_an_invitation_counts_as_offered_when_it_has_arrived(hotline: Hotline) -> None:
    hotline.served()
    hotline.looks()
    assert hotline.call().survey_offered is False
    hotline.arrives()
    hotline.looks()
    call = hotline.call()
    assert (call.survey_offered, call.survey_via, call.grade) == (True, "web", None)
    kpi = hotline.site.browser("manager").get(
        "/api/report/kpi", params={"from": (START - timedelta(hours=1)).isoformat(), "to": START.isoformat()}
    )
    found = {(it["name"], it["variant"]): it["value"] for it in kpi.json()["figures"]}
    assert found["survey_coverage", "of_answered"] == 1.0
    assert found["participation", "of_offered"] == 0.0


@on_sqlite
def test_a_link_that_is_too_old_says_so(hotline: Hotline) -> None:
    hotline.served()
    hotline.looks()
    path = hotline.path()
    hotline.clock.forward(hours=73)
    answer = hotline.site.client().post(path, data={"grade": "1"})
    assert answer.status_code == 410
    assert "已过期" in answer.text
    assert hotline.call().grade is None


@on_sqlite
def test_a_guessed_link_is_none_and_who_guesses_on_is_stopped(hotline: Hotline, redis: Redis) -> None:
    hotline.served()
    hotline.looks()
    citizen = hotline.site.client()
    for number in range(GUESSES):
        wrong = citizen.get(f"/s/{number:022d}")
        assert wrong.status_code == 404
        assert "链接无效" in wrong.text
    assert citizen.post(f"/s/{99:022d}", data={"grade": "1"}).status_code == 429
    assert citizen.get("/s/short").status_code == 429
    assert citizen.get(hotline.path()).status_code == 200, "a right link opens nevertheless"
    assert 0 < redis.ttl(next(redis.scan_iter("cc:survey-guesses:*"))) <= 600


@on_sqlite
@pytest.mark.parametrize(("language", "own"), [("bo", "ཐེངས་འདིའི་ཞབས་ཞུར"), ("mn", "ᠦᠢᠯᠡᠴᠢᠯᠡᠭᠡ")])
def test_the_page_speaks_the_language_of_the_call_with_the_chinese_beside_it(
    hotline: Hotline, language: str, own: str
) -> None:
    hotline.served(language=language, line=language)
    hotline.looks()
    shown = hotline.site.client().get(hotline.path()).text
    assert own in shown
    assert "请为本次服务评价" in shown, "nobody has read the draft"
    assert re.findall(r'<html lang="(\w+)"', shown) == [language]
    other = hotline.site.client().get(hotline.path() + "?lang=zh").text
    assert own not in other


@on_sqlite
@pytest.mark.parametrize("grade", ["", "0", "6", "x", "4.5"])
def test_what_is_no_grade_is_asked_again_and_uses_nothing_up(hotline: Hotline, grade: str) -> None:
    hotline.served()
    hotline.looks()
    citizen = hotline.site.client()
    assert citizen.post(hotline.path(), data={"grade": grade}).status_code == 400
    assert (
        citizen.post(hotline.path(), data={"grade": "5", "comment": "<script>alert(1)</script>" * 30}).status_code
        == 200
    )
    assert hotline.call().grade == 5


@on_sqlite
def test_a_lawyer_does_not_learn_at_once_how_a_caller_graded_him(hotline: Hotline, clock: HandClock) -> None:
    hotline.served("a-1", grade=5, survey_offered=True)
    lawyer = hotline.site.browser("1001")
    assert lawyer.get("/api/calls/a-1").json()["grade"] is None
    assert lawyer.get("/api/calls").json()["items"][0]["grade"] is None
    assert lawyer.get("/api/calls?grade=5").status_code == 403
    assert lawyer.get("/api/surveys/a-1").status_code == 403
    assert hotline.site.browser("supervisor").get("/api/calls/a-1").json()["grade"] == 5
    clock.forward(days=8)
    assert hotline.site.browser("1001").get("/api/calls/a-1").json()["grade"] == 5


@on_sqlite
def test_what_was_said_after_a_bad_grade_is_heard_by_overseers_only(hotline: Hotline) -> None:
    hotline.served()
    path = hotline.site.api.settings.recordings_dir / "comment/2026/11/22/a-1.wav"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"RIFF")
    hotline.site.add(SurveyRow(call="a-1", language="zh", spoken="comment/2026/11/22/a-1.wav", spoken_millis=2000))
    assert hotline.site.browser("supervisor").get("/api/surveys/a-1").json()["spoken_millis"] == 2000
    assert hotline.site.browser("supervisor").get("/api/surveys/a-1/audio").content == b"RIFF"
    assert hotline.site.browser("1001").get("/api/surveys/a-1/audio").status_code == 403
    assert hotline.site.browser("auditor").get("/api/surveys/a-1/audio").status_code == 403
    assert ("supervisor", "comment-heard", "a-1") in hotline.site.audit()


def test_the_page_brings_the_typefaces_that_telephones_lack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    kept, left = (
        f"@font-face{{font-family:{name};src:url(/assets/{name[:6]}.woff2)}}"
        for name in ("Noto Sans Mongolian", "Noto Sans SC Variable")
    )
    (assets / "index-1.css").write_text(f".a{{color:red}}{left}{kept}")
    monkeypatch.setattr(typefaces, "SCREENS", tmp_path)
    page._template.cache_clear()
    shown = page.form("mn")
    page._template.cache_clear()
    assert kept in shown
    assert left not in shown

"""A recording's way from the browser to the telephone, over HTTP."""

import io
import shutil
import threading
import wave
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from callcenter.account.table import PersonRow
from callcenter.config import Settings
from callcenter.prompt import build as building
from callcenter.prompt import endpoints
from callcenter.prompt.catalogue import PromptFiles, read_take, recording
from callcenter.prompt.service import Prompts
from callcenter.prompt.uploaded import LARGEST_BYTES
from tests.prompt.given import speech, wav
from tests.site import Browser, HandClock, Site, api, clock, redis, redis_url, site
from tests.site import settings as site_settings

__all__ = ["api", "clock", "redis", "redis_url", "site", "site_settings"]

pytestmark = pytest.mark.skipif(
    not (shutil.which("espeak-ng") and shutil.which("sox")), reason="espeak-ng and sox are not installed"
)
WORDS = {
    "zh": "  welcome: {words: 您好。}\n  goodbye: {words: 再见。}\n",
    "bo": "  welcome: {words: བཀྲ་ཤིས།, meaning: 您好。, source: placeholder, say: 藏语录音占位。}\n"
    "  goodbye: {words: ག་ལེར།, meaning: 再见。, source: placeholder, say: 藏语录音占位。}\n",
}


@pytest.fixture
def settings(site_settings: Settings, tmp_path: Path) -> Settings:
    folder = tmp_path / "flows" / "prompts"
    folder.mkdir(parents=True)
    for language, words in WORDS.items():
        (folder / f"{language}.yaml").write_text(f"language: {language}\nprompts:\n{words}")
    (tmp_path / "flows" / "main.yaml").write_text("id: main\nstart: p\nnodes:\n  p: {queue: zh}\n")
    return site_settings.model_copy(
        update={"flows_dir": tmp_path / "flows", "languages": ["zh", "bo"], "profile": "site", "second_factor": []}
    )


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def prompts(site: Site, settings: Settings, cache: Path, clock: HandClock, monkeypatch: pytest.MonkeyPatch) -> Prompts:
    """Built once, and used by the api in place of the checkout's own cache."""
    building.build(settings, cache=cache)
    made = Prompts(settings, site.api.database, clock, cache)
    monkeypatch.setattr(endpoints, "Prompts", lambda *_: made)
    return made


def send(who: Browser, data: bytes | None = None, speaker: str = "卓玛", prompt: str = "bo/welcome") -> Any:
    files = {"file": ("take.wav", wav() if data is None else data, "audio/wav")}
    return who.http.post(f"/api/prompts/{prompt}/recording", files=files, data={"speaker": speaker}, headers=who.csrf)


def item(who: Browser, prompt: str = "welcome", **query: Any) -> dict[str, Any]:
    items = who.get("/api/prompts", params={"lang": "bo", **query}).json()["items"]
    return next(it for it in items if it["id"] == prompt)


def test_a_recording_is_uploaded_heard_approved_and_then_played(
    site: Site, settings: Settings, prompts: Prompts
) -> None:
    engine = PromptFiles.of(settings)
    assert engine.resolve("welcome", "bo") == settings.prompts_dir / "zh" / "welcome"
    supervisor, manager = site.browser("supervisor"), site.browser("manager")
    before = item(manager)
    assert (before["source"], before["waiting"], before["length_s"]) == ("missing", None, None)

    answer = send(supervisor)
    assert (answer.status_code, answer.json()["waiting"]["uploaded_by"]) == (201, "supervisor"), answer.text
    assert answer.json()["source"] == "missing"
    assert engine.resolve("welcome", "bo") == settings.prompts_dir / "zh" / "welcome"
    assert manager.get("/api/prompts/bo/welcome/sound?of=waiting").content == wav()

    refused = supervisor.post("/api/prompts/bo/welcome/approve", {})
    assert (refused.status_code, refused.json()["code"]) == (403, "needs-second-person")
    done = manager.post("/api/prompts/bo/welcome/approve", {}).json()
    assert (done["source"], done["speaker"], done["approved_by"]) == ("recorded", "卓玛", "manager")
    assert (done["waiting"], done["changed_since_recording"]) == (None, False)
    assert abs(done["loudness_db"] + 20) < 1
    assert engine.resolve("welcome", "bo") == settings.prompts_dir / "bo" / "welcome"
    for format_ in ("alaw", "sln16"):
        file = settings.prompts_dir / "bo" / f"welcome.{format_}"
        assert file.stat().st_mode & 0o777 == 0o644
    with wave.open(io.BytesIO(manager.get("/api/prompts/bo/welcome/sound").content)) as sound:
        assert (sound.getframerate(), abs(sound.getnframes() / 16000 - done["length_s"]) < 0.01) == (16000, True)
    actions = [(who, action, what) for who, action, what in site.audit() if action.startswith("prompt.")]
    assert actions == [
        ("supervisor", "prompt.uploaded", "bo/welcome"),
        ("manager", "prompt.approved", "bo/welcome"),
    ]


def test_whoever_is_alone_may_approve_his_own(site: Site, prompts: Prompts) -> None:
    with site.api.database.begin() as session:
        session.execute(update(PersonRow).where(PersonRow.id.in_(["manager", "admin"])).values(active=False))
    supervisor = site.browser("supervisor")
    send(supervisor)
    assert supervisor.post("/api/prompts/bo/welcome/approve", {}).status_code == 200


def test_what_is_rejected_is_never_heard_and_stays_in_the_history(site: Site, prompts: Prompts) -> None:
    supervisor, manager = site.browser("supervisor"), site.browser("manager")
    send(supervisor)
    assert manager.post("/api/prompts/bo/welcome/reject", {"why": " "}).status_code == 400
    answer = manager.post("/api/prompts/bo/welcome/reject", {"why": "读错一个字"}).json()
    assert (answer["source"], answer["waiting"]) == ("missing", None)
    assert manager.post("/api/prompts/bo/welcome/approve", {}).status_code == 404
    send(supervisor, wav(speech(level=0.2)), "才让")
    send(supervisor, wav(speech(level=0.3)), "才让")
    manager.post("/api/prompts/bo/welcome/approve", {})
    lines = manager.get("/api/prompts/bo/welcome/history").json()["items"]
    assert [line["state"] for line in lines] == ["approved", "replaced", "rejected"]
    assert [line["why"] for line in lines] == ["", "", "读错一个字"]
    assert all(line["same_words"] for line in lines)


def test_words_that_changed_are_shown_and_an_old_recording_of_them_is_not_approved(
    site: Site, settings: Settings, prompts: Prompts
) -> None:
    supervisor, manager = site.browser("supervisor"), site.browser("manager")
    send(supervisor)
    manager.post("/api/prompts/bo/welcome/approve", {})
    send(supervisor)
    book = settings.flows_dir / "prompts" / "bo.yaml"
    book.write_text(book.read_text().replace("བཀྲ་ཤིས།", "བཀྲ་ཤིས་བདེ་ལེགས།"))
    now = item(manager)
    assert (now["changed_since_recording"], now["waiting"]["words_changed"]) == (True, True)
    refused = manager.post("/api/prompts/bo/welcome/approve", {})
    assert (refused.status_code, refused.json()["code"]) == (409, "words-changed")


def test_a_bad_recording_is_refused_and_nothing_is_kept(site: Site, settings: Settings, prompts: Prompts) -> None:
    supervisor = site.browser("supervisor")
    answer = send(supervisor, wav(channels=2))
    assert (answer.status_code, answer.json()["code"]) == (422, "bad-recording")
    assert answer.json()["details"]["faults"] == ["not-mono"]
    assert send(supervisor, bytes(LARGEST_BYTES + 200_000)).status_code == 422
    assert send(supervisor, speaker="  ").status_code == 400
    assert send(supervisor, prompt="bo/nonsense").status_code == 404
    assert send(supervisor, prompt="en/welcome").status_code == 404
    assert supervisor.post("/api/prompts/bo/welcome/recording", {"speaker": "x"}).status_code == 400
    assert item(supervisor)["waiting"] is None
    assert not recording(settings, "bo", "welcome").exists()


def test_only_those_who_answer_for_the_words_may_change_them(site: Site, prompts: Prompts) -> None:
    assert site.client().get("/api/prompts").status_code == 401
    assert site.browser("1001").get("/api/prompts").status_code == 403
    auditor = site.browser("auditor")
    assert auditor.get("/api/prompts").status_code == 200
    assert send(auditor).status_code == 403
    assert auditor.post("/api/prompts/bo/welcome/approve", {}).status_code == 403
    supervisor = site.browser("supervisor")
    supervisor.csrf = {}
    assert send(supervisor).status_code == 403


def test_the_list_tells_what_is_still_to_be_recorded(site: Site, prompts: Prompts) -> None:
    supervisor = site.browser("supervisor")
    whole = supervisor.get("/api/prompts").json()["items"]
    assert [(it["lang"], it["id"], it["source"]) for it in whole] == [
        ("zh", "welcome", "machine"),
        ("zh", "goodbye", "machine"),
        ("bo", "welcome", "missing"),
        ("bo", "goodbye", "missing"),
    ]
    assert whole[0]["length_s"] > 0.3
    send(supervisor)
    site.browser("manager").post("/api/prompts/bo/welcome/approve", {})
    lacking = supervisor.get("/api/prompts", params={"missing": True, "lang": "bo"}).json()["items"]
    assert [it["id"] for it in lacking] == ["goodbye"]
    assert supervisor.get("/api/prompts", params={"lang": "xx"}).status_code == 400
    assert supervisor.get("/api/prompts/bo/goodbye/sound").status_code == 404


def test_a_caller_never_meets_half_a_file_while_recordings_change(
    site: Site, settings: Settings, prompts: Prompts
) -> None:
    """A reader that looks all the time sees only whole files: of the old sound, or of the new one."""
    takes = [wav(speech(seconds, level=0.3)) for seconds in (0.8, 1.6)]
    prompts.upload("bo", "welcome", takes[0], "卓玛", "supervisor")
    prompts.approve("bo", "welcome", "manager")
    path, seen, ended = settings.prompts_dir / "bo" / "welcome.alaw", set[bytes](), threading.Event()

    def look() -> None:
        while not ended.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=look)
    reader.start()
    whole = {path.read_bytes()}
    for data in (takes[1], takes[0], takes[1]):
        prompts.upload("bo", "welcome", data, "卓玛", "supervisor")
        prompts.approve("bo", "welcome", "manager")
        whole.add(path.read_bytes())
    ended.set()
    reader.join()
    assert seen <= whole
    assert len(whole) == 2


def test_a_sound_that_cannot_be_built_leaves_all_as_it_was(
    site: Site, settings: Settings, prompts: Prompts, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompts.upload("bo", "welcome", wav(), "卓玛", "supervisor")
    monkeypatch.setattr(building, "_where", lambda _program: None)
    answer = site.browser("manager").post("/api/prompts/bo/welcome/approve", {})
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    monkeypatch.undo()
    now = item(site.browser("manager"))
    assert (now["source"], now["waiting"] is not None) == ("missing", True)
    assert read_take(recording(settings, "bo", "welcome")) is None

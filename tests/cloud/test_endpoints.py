"""The api as the provider meets it: signatures, documents, messages, what is repeated, what is forged."""

import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from fastapi.testclient import TestClient
from twilio.request_validator import RequestValidator

from callcenter import secrets
from callcenter.api.app import create_app
from callcenter.api.deps import Api
from callcenter.config import Settings
from callcenter.ivr.order import is_order_no, spoken_order
from callcenter.ivr.table import CallerRequestRow
from callcenter.prompt.build import build
from callcenter.prompt.catalogue import read_catalogue
from callcenter.storage.database import Database
from tests.cloud.caller import RECORDING, SID, CloudCaller
from tests.cloud.provider_server import TOKEN
from tests.ivr.test_conformance import SHIPPED, Keys, by_engine, of_both
from tests.site import HandClock, redis, redis_url
from tests.site import clock as clock
from tests.site import settings as site_settings

__all__ = ["redis", "redis_url", "site_settings"]

PUBLIC = "https://12348.example.cn"
NUMBER = "+8613912345678"


@pytest.fixture
def settings(site_settings: Settings) -> Settings:
    home = site_settings.home
    secrets.ensure(home)
    with (home / secrets.FILE).open("a") as file:
        file.write(f'cloud_token = "{TOKEN}"\n')
    return site_settings.model_copy(update={"public_url": PUBLIC})


@pytest.fixture
def api(settings: Settings, database: Database, redis: Any, clock: HandClock) -> Api:
    return Api(settings=settings, secrets=secrets.ensure(settings.home), database=database, redis=redis, clock=clock)


@pytest.fixture
def http(api: Api, tmp_path: Path) -> TestClient:
    app = create_app(api, screens=tmp_path / "none")
    return TestClient(app, base_url=PUBLIC, raise_server_exceptions=False, follow_redirects=False)


def post(http: TestClient, path: str, form: dict[str, str], *, token: str = TOKEN, signed_as: str = "") -> Any:
    """As the provider posts: signed over the address and the form."""
    signature = RequestValidator(token).compute_signature(f"{PUBLIC}{signed_as or path}", form)
    return http.post(path, data=form, headers={"X-Twilio-Signature": signature})


@pytest.fixture
def ring(http: TestClient, settings: Settings) -> Callable[..., CloudCaller]:
    book = read_catalogue(settings.flows_dir / "prompts", "zh")
    words = {prompt.say or prompt.words: f"zh/{id_}" for id_, prompt in book.prompts.items()}  # type: ignore[union-attr]

    def fetch(method: str, address: str, form: dict[str, str]) -> str:
        assert (method, address[: len(PUBLIC)]) == ("POST", PUBLIC)
        answer = post(http, address.removeprefix(PUBLIC), form)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/xml; charset=utf-8"), answer.text
        return str(answer.text)

    def call(*keys: str, **more: Any) -> CloudCaller:
        caller = CloudCaller(fetch, Keys(list(keys)), words=words, number=NUMBER, **more)
        caller.call(f"{PUBLIC}/api/cloud/voice")
        return caller

    return call


def requests(api: Api) -> dict[tuple[str, str], CallerRequestRow]:
    with api.database.read() as session:
        return {(row.call, row.kind): row for row in session.query(CallerRequestRow)}


def test_the_signature_of_the_providers_own_documentation_is_right() -> None:
    form = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675309",
        "Digits": "1234",
        "From": "+14158675309",
        "To": "+18005551212",
    }
    validator = RequestValidator("12345")
    assert validator.validate("https://mycompany.com/myapp.php?foo=1&bar=2", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")
    assert not validator.validate("https://mycompany.com/myapp.php?foo=1&bar=3", form, "RSOYDt4T1cUTdK1PDd93/VVr8B8=")


def test_a_caller_hears_the_same_as_on_the_trunk_and_asks_to_be_called_back(
    ring: Callable[..., CloudCaller], api: Api
) -> None:
    engine = by_engine(SHIPPED["main"], Keys(["", "1", "", "1"]), of_both({}), "zh")
    heard = ring("", "1", "", "1").heard
    played = [it[1] for it in engine if it[0] == "play" and it[1].startswith("zh/")]
    assert [it for it in heard if it.startswith("zh/")][: len(played)] == played
    number = [f"zh/digit-{digit}" for digit in "13912345678"]
    row = requests(api)[SID, "callback"]
    order = [f"zh/{it}" for it in spoken_order(row.order_no or "")]
    assert heard[-32:] == ["zh/callback-offer", *number, "zh/cloud-choice", *order, "zh/callback-kept"]
    assert (row.language, row.source, row.state) == ("zh", "cloud", "open")
    assert api.vault.open(row.number) == "13912345678"
    assert row.number_hash == api.vault.search_hash("13912345678")
    assert is_order_no(row.order_no or "")


def test_a_message_is_a_task_even_if_the_caller_hangs_up_at_its_end(
    ring: Callable[..., CloudCaller], api: Api, http: TestClient
) -> None:
    caller = ring("", "2", "", "2", speaks=7, hangs_up_after_message=True)
    assert requests(api) == {}
    told = caller.told[0].removeprefix(PUBLIC)
    form = {"CallSid": SID, "RecordingSid": RECORDING, "RecordingStatus": "completed", "RecordingDuration": "7"}
    for _again in range(3):
        assert post(http, told, form).status_code == 204
    row = requests(api)[SID, "voicemail"]
    assert (row.language, row.millis, row.source, api.vault.open(row.number)) == ("bo", 7000, "cloud", "13912345678")


def test_who_stays_on_after_his_message_hears_the_number_of_its_task(
    ring: Callable[..., CloudCaller], api: Api
) -> None:
    caller = ring("", "1", "", "2", speaks=7)
    order = [f"zh/{it}" for it in spoken_order(requests(api)[SID, "voicemail"].order_no or "")]
    assert len(order) == 18
    assert caller.heard[-20:] == [*order, "zh/voicemail-kept", "zh/goodbye"]


def test_what_the_provider_repeats_acts_once_and_opens_nothing_that_was_closed(
    ring: Callable[..., CloudCaller], api: Api, http: TestClient
) -> None:
    caller = ring("", "1", "", "1")
    accepted = caller.fetched[-1][1].removeprefix(PUBLIC)
    form = {"CallSid": SID, "From": NUMBER, "To": "+861012348", "Direction": "inbound", "Digits": "1"}
    with api.database.begin() as session:
        session.get(CallerRequestRow, (SID, "callback")).state = "done"  # type: ignore[union-attr]
    assert post(http, accepted, form).status_code == 200
    assert [(row.kind, row.state) for row in requests(api).values()] == [("callback", "done")]


def test_a_forged_request_is_refused_logged_and_changes_nothing(
    http: TestClient, api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    form = {"CallSid": SID, "From": NUMBER, "RecordingSid": RECORDING, "RecordingDuration": "9"}
    path = "/api/cloud/recording?language=bo"
    with caplog.at_level(logging.WARNING):
        answers = [
            http.post(path, data=form),
            http.post(path, data=form, headers={"X-Twilio-Signature": "bm9uc2Vuc2U="}),
            post(http, path, form, token="54321"),
            post(http, path, form, signed_as="/api/cloud/recording?language=zh"),
            http.post("/api/cloud/voice", data=form),
            http.post("/api/cloud/voice/step?s=e30", data=form),
        ]
    assert {(answer.status_code, answer.json()["code"]) for answer in answers} == {(403, "forged-request")}
    assert requests(api) == {}
    assert caplog.text.count("cloud.forged") == 6
    assert "13912345678" not in caplog.text


def test_a_changed_form_is_forged(http: TestClient) -> None:
    form = {"CallSid": SID, "From": NUMBER}
    signature = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/api/cloud/voice", form)
    changed = {**form, "From": "+8613800000000"}
    answer = http.post("/api/cloud/voice", data=changed, headers={"X-Twilio-Signature": signature})
    assert answer.status_code == 403


@pytest.mark.parametrize("where", ["", "x", "e30", "bnVsbA", "W10", "eyJsIjoiemgifQ", "%00", "A" * 3000])
def test_an_address_that_is_none_of_ours_is_refused_in_words(http: TestClient, where: str) -> None:
    path = f"/api/cloud/voice/step?s={where}"
    answer = post(http, path, {"CallSid": SID, "From": NUMBER})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")


def test_a_node_that_is_no_more_begins_the_flow_anew(ring: Callable[..., CloudCaller], http: TestClient) -> None:
    gone = "eyJsIjoiYm8iLCJuIjoiZ29uZSJ9"  # {"l":"bo","n":"gone"}
    answer = post(http, f"/api/cloud/voice/step?s={gone}", {"CallSid": SID, "From": NUMBER})
    assert (answer.status_code, "<Gather" in answer.text) == (200, True)


@pytest.mark.parametrize("form", [{}, {"CallSid": ""}, {"CallSid": "../../etc"}, {"CallSid": "C" * 60}])
def test_a_call_without_its_name_is_refused(http: TestClient, form: dict[str, str]) -> None:
    assert post(http, "/api/cloud/voice", form).status_code == 400


def test_a_body_that_is_too_large_is_refused(http: TestClient) -> None:
    assert post(http, "/api/cloud/voice", {"CallSid": SID, "x": "y" * 70_000}).status_code == 400


@pytest.mark.parametrize("change", [{"public_url": ""}, {"secrets": ""}])
def test_without_its_settings_it_says_what_is_missing(
    api: Api, settings: Settings, tmp_path: Path, change: dict[str, str]
) -> None:
    bare = Api(
        settings=settings.model_copy(update={"public_url": change.get("public_url", PUBLIC)}),
        secrets=secrets.Secrets(
            **{f.name: getattr(api.secrets, f.name) for f in secrets.MADE},
            cloud_token=change.get("secrets", TOKEN),
        ),
        database=api.database,
        redis=api.redis,
    )
    http = TestClient(create_app(bare, screens=tmp_path / "none"), raise_server_exceptions=False)
    answer = post(http, "/api/cloud/voice", {"CallSid": SID})
    assert (answer.status_code, answer.json()["code"]) == (503, "cloud-not-set-up")
    assert ("public_url" if "public_url" in change else "cloud_token") in answer.json()["message"]


@pytest.mark.skipif(not (shutil.which("espeak-ng") and shutil.which("sox")), reason="espeak-ng and sox are missing")
def test_prompts_and_nothing_else_are_served_to_the_provider(
    http: TestClient, settings: Settings, ring: Callable[..., CloudCaller], tmp_path: Path
) -> None:
    build(settings)
    answer = http.get("/api/cloud/prompts/bo/notice.wav")
    assert (answer.status_code, answer.content[:4], answer.headers["content-type"]) == (200, b"RIFF", "audio/wav")
    heard = ring("", "2", "", "1").heard
    assert {"bo/notice", "bo/cloud-away"} <= set(heard)
    wrong = [
        "bo/none.wav", "xx/notice.wav", "bo/notice.alaw", "bo/notice", "bo/.lock.wav", "bo/..%2Fzh%2Fnotice.wav",
        "..%2F..%2Fsecrets.toml", "bo/%2e%2e.wav", "bo/manifest.json",
    ]  # fmt: skip
    assert {http.get(f"/api/cloud/prompts/{path}").status_code for path in wrong} <= {404, 405}


def test_the_callers_number_is_in_no_address_and_in_no_row_in_clear(ring: Callable[..., CloudCaller], api: Api) -> None:
    caller = ring("", "1", "", "1")
    assert all("13912345678" not in address for _, address in caller.fetched)
    assert all(urlsplit(address).path.startswith("/api/cloud/") for _, address in caller.fetched)
    with api.database.engine.connect() as connection:
        for table in ("cloud_call", "caller_request"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - two fixed names
            assert rows
            assert "13912345678" not in str(rows)
    assert urlencode({"From": NUMBER}) not in str(caller.fetched)

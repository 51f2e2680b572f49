import json
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from callcenter import secrets
from callcenter.config import Settings
from callcenter.doctor import checks, home, services, telephony
from callcenter.doctor.commands import app
from callcenter.doctor.model import Status
from callcenter.storage.database import Database
from tests.site import free_port

FAIL, WARN, OK = Status.FAIL, Status.WARN, Status.OK


@pytest.fixture
def nowhere(tmp_path: Path) -> Settings:
    """A home in which nothing was ever started."""
    ports = {f"{name}_port": free_port() for name in ("http", "sip", "ws", "ami", "agi")}
    return Settings(home=tmp_path / "home", **ports)  # type: ignore[arg-type]


def test_with_nothing_running_every_fault_has_an_advice_and_nothing_is_made(nowhere: Settings) -> None:
    results = checks.examine(nowhere)
    assert checks.worst(results) is FAIL
    assert all(r.message and r.advice for r in results if r.status is not OK)
    names = {r.name for r in results}
    assert {"secrets", "database", "redis", "ami", "sip-port", "ws-port", "agi-port", "engine", "api"} <= names
    assert not nowhere.home.exists()


def test_the_answer_for_programs_is_json_with_status_1(nowhere: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_HOME", str(nowhere.home))
    monkeypatch.setenv("CALLCENTER_DEMO_PASSWORD", "very-secret")
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", "postgresql://callcenter:very-secret@127.0.0.1:1/none")
    monkeypatch.setenv("CALLCENTER_REDIS_URL", "redis://:very-secret@127.0.0.1:1/0")
    monkeypatch.setenv("CALLCENTER_AMI_PORT", str(nowhere.ami_port))
    ran = CliRunner().invoke(app, ["--json"])
    report = json.loads(ran.stdout)
    assert (ran.exit_code, report["status"]) == (1, "fail")
    assert {"name", "status", "message", "advice"} == set(report["checks"][0])
    assert "very-secret" not in ran.output


def test_a_turn_server_is_looked_for_where_one_was_asked_for(nowhere: Settings) -> None:
    assert [*services.turn(nowhere)] == []
    with socket.create_server(("127.0.0.1", 0)) as server:
        asked = nowhere.model_copy(update={"turn_port": server.getsockname()[1]})
        assert [result.status for result in services.turn(asked)] == [OK]
    (gone,) = services.turn(asked)
    assert (gone.status, bool(gone.advice)) == (FAIL, True)


def test_secrets_that_others_can_read_are_a_fault(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    secrets.ensure(tmp_path)
    assert [r.status for r in home.secrets_file(settings)] == [OK]
    (tmp_path / secrets.FILE).chmod(0o644)
    (result,) = home.secrets_file(settings)
    assert (result.status, "chmod 600" in result.advice) == (FAIL, True)


def test_a_database_of_an_older_release_is_told_from_one_in_step(
    database: Database, database_settings: Settings
) -> None:
    assert [r.status for r in services.database(database_settings)] == [OK]
    with database.begin() as session:
        session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    (result,) = services.database(database_settings)
    assert (result.status, "0000" in result.message) == (FAIL, True)


def test_asterisk_that_lets_in_a_wrong_password_is_a_fault(nowhere: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.ensure(nowhere.home)
    welcoming = telephony.probe.__globals__["ProbeResult"](reachable=True, login_ok=True, version="22")
    monkeypatch.setattr(telephony, "probe", lambda *_: welcoming)
    found = {r.name: r.status for r in telephony.manager(nowhere)}
    assert found["ami-wrong-password"] is FAIL


def test_modules_and_queues_that_are_missing_are_named(nowhere: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    secrets.ensure(nowhere.home)
    lacking = telephony.probe.__globals__["ProbeResult"](
        reachable=True, login_ok=True, version="22", counts={"queues": 1}, missing_modules=("app_queue",)
    )
    monkeypatch.setattr(telephony, "probe", lambda *_: lacking)
    found = {r.name: r for r in telephony.manager(nowhere)}
    assert (found["asterisk-modules"].status, "app_queue" in found["asterisk-modules"].message) == (FAIL, True)
    assert found["queues"].status is FAIL


def test_prompts_without_sound_are_a_fault_in_the_default_language_only(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    found = {r.name: r.status for r in home.prompts(settings)}
    assert (found["prompts-zh"], found["prompts-bo"], found["prompts-mn"]) == (FAIL, WARN, WARN)


@pytest.mark.parametrize(
    ("file", "says"), [("journal-a.jsonl", "waits for the database"), ("journal-a.refused", "the database refused")]
)
def test_steps_that_are_not_in_the_database_are_named(tmp_path: Path, file: str, says: str) -> None:
    settings = Settings(home=tmp_path)
    assert [r.status for r in home.journal(settings)] == [OK]
    (tmp_path / file).write_text("{}\n")
    [result] = home.journal(settings)
    assert result.status is WARN
    assert says in result.message

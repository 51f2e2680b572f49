"""What the CEL file knows and the record lacks is written the engine's way, and only while no engine runs."""

import json
import socket
from pathlib import Path

import pytest
from sqlalchemy import delete, select, update
from typer.testing import CliRunner

from callcenter.account.table import AuditRow
from callcenter.call.rows import from_row
from callcenter.call.table import CallRow, EventRow
from callcenter.config import Settings
from callcenter.engine.table import NodeRow
from callcenter.errors import BadInput, Conflict
from callcenter.reconcile.commands import app
from callcenter.reconcile.model import Kind, Report
from callcenter.reconcile.repair import EngineRuns, Repair
from callcenter.recording.table import RecordingRow
from callcenter.storage.database import Database
from tests.reconcile.given import ANSWERED, DAY, NODE, RecordedDay
from tests.site import free_port


@pytest.fixture
def day(database_settings: Settings, database: Database) -> RecordedDay:
    settings = database_settings.model_copy(update={"agi_port": free_port()})
    return RecordedDay(settings, database, lambda trace: trace != "abandon-in-queue")


def repair(day: RecordedDay) -> Report:
    return Repair(day.settings, day.database, day.vault, day.clock).repair(DAY, day.compare, "somebody")


def test_a_missing_call_is_written_with_events_and_numbers_that_go_on(day: RecordedDay) -> None:
    missing = day.only(Kind.NO_RECORD).call
    with day.database.read() as session:
        before = session.get_one(NodeRow, NODE)
    report = repair(day)
    assert report.repaired == [missing]
    assert report.differences == []
    with day.database.read() as session:
        row = session.get_one(CallRow, missing)
        assert row.outcome == "abandoned_queue"
        assert from_row(row, day.vault).caller.startswith("139")
        seqs = session.scalars(select(EventRow.seq).order_by(EventRow.seq)).all()
        assert seqs == list(range(1, len(seqs) + 1))
        after = session.get_one(NodeRow, NODE)
        assert (after.step, after.seq) == (before.step + 1, seqs[-1])
        (audit,) = session.scalars(select(AuditRow)).all()
        assert (audit.person, audit.action, audit.detail["calls"]) == ("somebody", "calls-repaired", [missing])
    assert repair(day).repaired == []


def test_a_missing_end_is_written(day: RecordedDay) -> None:
    repair(day)
    with day.database.begin() as session:
        session.execute(delete(EventRow).where(EventRow.call == ANSWERED, EventRow.type == "CallEnded"))
        session.execute(delete(RecordingRow).where(RecordingRow.call == ANSWERED, RecordingRow.state == "due"))
        session.execute(
            update(CallRow).where(CallRow.id == ANSWERED).values(state="survey", left_at=None, outcome=None)
        )
    report = repair(day)
    assert report.repaired == [ANSWERED]
    assert report.differences == []


def test_beside_an_engine_nothing_is_repaired(day: RecordedDay) -> None:
    with socket.socket() as engine:
        engine.bind(("127.0.0.1", day.settings.agi_port))
        engine.listen()
        with pytest.raises(EngineRuns, match="an engine runs"):
            repair(day)
    assert day.only(Kind.NO_RECORD)


def test_steps_that_wait_in_the_journal_come_first(day: RecordedDay) -> None:
    day.settings.home.joinpath("journal-a.jsonl").write_text("{}\n")
    with pytest.raises(Conflict, match=r"journal-a\.jsonl"):
        repair(day)


def test_the_command_tells_by_its_exit_status(day: RecordedDay, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("home", "database_url", "agi_port"):
        monkeypatch.setenv(f"CALLCENTER_{name.upper()}", str(getattr(day.settings, name)))
    found = CliRunner().invoke(app, ["--day", "2026-11-22", "--json"])
    assert found.exit_code == 1
    assert [row["kind"] for row in json.loads(found.stdout)["differences"]] == ["no-record"]
    assert CliRunner().invoke(app, ["--day", "2026-11-22", "--repair"]).exit_code == 0
    told = CliRunner().invoke(app, ["--day", "2026-11-22", "--deep"])
    assert (told.exit_code, told.stdout.splitlines()[-1]) == (0, "0 unexplained, 0 explained")


@pytest.mark.parametrize("given", ["yesterday", "2026-13-01", "2999-01-01", "' OR 1"])
def test_a_day_that_is_none_is_a_wrong_call(given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_HOME", str(tmp_path / "home"))
    assert isinstance(CliRunner().invoke(app, ["--day", given]).exception, BadInput)


def test_an_empty_home_has_nothing_to_compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_HOME", str(tmp_path / "home"))
    assert CliRunner().invoke(app, ["--day", "2026-01-05"]).exit_code == 0

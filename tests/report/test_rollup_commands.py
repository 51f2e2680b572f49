"""`callcenter rollup` on the command line."""

import random

import pytest
from sqlalchemy import text
from typer.testing import CliRunner

from callcenter.errors import BadInput
from callcenter.report.rollup.commands import NotAsRecorded, app
from tests.report.stored import Stored, some_call


@pytest.fixture
def home(database, database_settings, monkeypatch):
    monkeypatch.setenv("CALLCENTER_HOME", str(database_settings.home))
    if database_settings.database_url:
        monkeypatch.setenv("CALLCENTER_DATABASE_URL", str(database_settings.database_url))
    rng = random.Random(5)
    Stored(database).add(*(some_call(rng) for _ in range(20)))
    return database


def called(*arguments: str):
    return CliRunner().invoke(app, list(arguments))


def test_rebuild_then_check(home):
    assert called("rebuild").output.startswith("built ")
    assert called("check").output == "every quarter is what its calls give\n"
    with home.begin() as session:
        session.execute(text("UPDATE rollup SET calls = calls + 1 WHERE kind = 'seat'"))
    refused = called("check")
    assert isinstance(refused.exception, NotAsRecorded)
    assert "calls" in refused.output
    called("rebuild", "--from", "2026-01-01T00:00:00+08:00", "--to", "2026-02-01T00:00:01+08:00")
    assert called("check").exit_code == 0


def test_an_end_before_its_start_is_refused(home):
    refused = called("rebuild", "--from", "2026-01-02T00:00:00+08:00", "--to", "2026-01-01T00:00:00+08:00")
    assert isinstance(refused.exception, BadInput)
    assert "lies before" in str(refused.exception)

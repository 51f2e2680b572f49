"""The engine as it is put together, on what an earlier one left behind."""

import asyncio

from sqlalchemy import func, select

from callcenter import secrets
from callcenter.bootstrap import engine_app
from callcenter.call.table import EventRow
from callcenter.config import Settings
from callcenter.engine.step import Step
from callcenter.storage.database import Database
from tests.engine.conftest import StandingClock
from tests.story import NOON


def test_it_starts_on_the_steps_of_one_that_was_killed_while_the_database_was_away(
    database_settings: Settings, database: Database, clock: StandingClock
) -> None:
    secrets.ensure(database_settings.home)
    event = {"at": NOON, "type": "CallHeld", "call": "a-1.1", "seat": None, "data": {}}
    due = {"call": "a-1.1", "file": "2026/11/22/a-1.1", "state": "due", "due_at": NOON, "problem": ""}
    file = database_settings.home / "journal-a.jsonl"
    file.write_text(Step(number=41, events=[event], recordings=[due]).to_json() + "\n")

    async def start() -> int:
        app = engine_app(database_settings, database, clock)
        await app.close()
        return app.publisher._last

    assert asyncio.run(start()) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 1
    assert not file.exists()

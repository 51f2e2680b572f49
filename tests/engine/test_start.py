"""The engine as it is put together, on what an earlier one left behind."""

import asyncio
import socket

import pytest
from sqlalchemy import func, select

from callcenter import secrets
from callcenter.bootstrap import engine_app
from callcenter.call.table import EventRow
from callcenter.config import Settings
from callcenter.engine.journal import Journal
from callcenter.engine.memory import load
from callcenter.engine.registry import Registry
from callcenter.engine.step import Step
from callcenter.engine.step_of import step_of
from callcenter.routing.model import Rules
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.engine.conftest import NODE, StandingClock
from tests.site import free_port
from tests.story import NOON, Story
from tests.visit.given import RULES


def test_it_starts_on_the_steps_of_one_that_was_killed_while_the_database_was_away(
    database_settings: Settings, database: Database, clock: StandingClock
) -> None:
    database_settings = database_settings.model_copy(update={"agi_port": free_port()})
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


def test_an_engine_whose_port_is_taken_leaves_the_kept_steps_alone(
    database_settings: Settings, database: Database, clock: StandingClock
) -> None:
    secrets.ensure(database_settings.home)
    file = database_settings.home / "journal-a.jsonl"
    file.write_text(Step(number=41).to_json() + "\n")

    async def start(port: int) -> None:
        engine_app(database_settings.model_copy(update={"agi_port": port}), database, clock)

    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(OSError, match="in use"):
        asyncio.run(start(other.getsockname()[1]))
    assert file.exists()


@pytest.mark.parametrize("outcome", ["voicemail", "callback_requested", "system_failure", "blocked"])
def test_how_a_call_will_end_is_known_after_a_restart(
    outcome: str,
    journal: Journal,
    registry: Registry,
    database_settings: Settings,
    database: Database,
    vault: NumberVault,
    clock: StandingClock,
) -> None:
    story = Story(registry).dials(0).fact(5, "outcome", outcome)
    journal.start()
    journal.put(step_of(1, story.happened, registry, NODE, vault, RULES))
    journal.stop()

    memory = load(database_settings, Rules(), database, vault, NODE, clock)
    goes_on = Story(memory.registry)
    goes_on.fact(5.1, "outcome", outcome)
    assert goes_on.kinds() == [], "said twice"
    assert goes_on.hangs_up(30).record.outcome == outcome

"""What the engine asks of the database after a long absence."""

from datetime import timedelta

from callcenter.call.table import CallRow
from callcenter.engine.repository import EngineRepository
from callcenter.ids import Linkedid
from callcenter.storage.database import Database
from tests.engine.conftest import NODE
from tests.story import NOON

MANY = 70_000
"""More values than either database takes in one question."""


def test_which_of_very_many_calls_have_ended(database: Database) -> None:
    over = [f"a-1.{n}" for n in range(0, MANY, 10_000)]
    with database.begin() as session:
        session.add_all(
            CallRow(id=call, node=NODE, started_at=NOON, left_at=NOON + timedelta(minutes=1)) for call in over
        )
        session.add(CallRow(id="a-1.1", node=NODE, started_at=NOON))
    with database.read() as session:
        asked = {Linkedid(f"a-1.{n}") for n in range(MANY)}
        assert EngineRepository(session, NODE).ended_among(asked) == set(over)

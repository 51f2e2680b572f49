"""What the engine asks of the database after a long absence."""

from datetime import timedelta

from sqlalchemy import select

from callcenter.account.table import PersonRow
from callcenter.call.table import CallRow
from callcenter.engine.registry import Registry
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step_of import step_of
from callcenter.ids import Linkedid
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.engine.conftest import NODE
from tests.story import NOON, Story
from tests.visit.given import RULES

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


def test_an_answered_call_keeps_the_law_firm_of_who_answered_it(
    database: Database, registry: Registry, vault: NumberVault
) -> None:
    def firm() -> str | None:
        with database.read() as session:
            return session.scalars(select(CallRow.law_firm)).one()

    lawyer = PersonRow(
        id="1001", name="王", role="seat", seat="1001", languages=["zh"], password="", law_firm="雪域律师事务所"
    )
    with database.begin() as session:
        session.add(lawyer)
    story = Story(registry).dials(0).fact(1, "language", "zh").joins(2, "zh").rings(3, "1001")
    steps = [step_of(1, story.happened, registry, NODE, vault, RULES)]
    before = len(story.happened)
    story.answered(5, "1001")
    steps.append(step_of(2, story.happened[before:], registry, NODE, vault, RULES))
    with database.begin() as session:
        EngineRepository(session, NODE).write(steps[:1], NOON)
    assert firm() is None
    with database.begin() as session:
        EngineRepository(session, NODE).write(steps[1:], NOON)
    assert firm() == "雪域律师事务所"
    with database.begin() as session:
        session.get_one(PersonRow, "1001").law_firm = "另一家"
    before = len(story.happened)
    story.fact(40, "survey_offered", "1").fact(45, "grade", "1")
    with database.begin() as session:
        EngineRepository(session, NODE).write([step_of(3, story.happened[before:], registry, NODE, vault, RULES)], NOON)
    assert firm() == "雪域律师事务所"

"""A dissatisfied grade and its visit are one transaction: no kill loses one, no rebuild makes two."""

import pytest
from sqlalchemy import delete, func, select, text
from sqlalchemy.exc import DatabaseError

from callcenter.call.table import CallRow
from callcenter.engine.journal import Journal
from callcenter.engine.registry import Registry
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step import Step, from_json
from callcenter.engine.step_of import step_of
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.visit.model import Due, Kind
from callcenter.visit.opening import opened
from callcenter.visit.repository import Visits, Wanted
from callcenter.visit.table import VisitRow
from tests.engine.conftest import NODE, clock, journal, registry, vault, written
from tests.story import NOON, Story, at
from tests.visit.given import RULES

__all__ = ["clock", "journal", "registry", "vault", "written"]


def rated(registry: Registry, grade: int) -> Story:
    story = Story(registry).dials(0).fact(1, "language", "zh").joins(2, "zh").rings(3, "1001").answered(5, "1001")
    return story.fact(40, "survey_offered", "1").fact(45, "grade", str(grade))


def visits(database: Database) -> list[tuple[str, str, str]]:
    with database.read() as session:
        return [(row.kind, row.call, row.state) for row in session.scalars(select(VisitRow))]


@pytest.mark.parametrize(("grade", "count"), [(1, 0), (2, 0), (3, 0), (4, 1), (5, 1)])
def test_a_dissatisfied_grade_makes_one_visit_at_once(
    database: Database, journal: Journal, registry: Registry, vault: NumberVault, grade: int, count: int
) -> None:
    story = rated(registry, grade)
    journal.start()
    journal.put(step_of(1, story.happened, registry, NODE, vault, RULES))
    journal.stop()
    assert visits(database) == [("dissatisfied", "a-1.1", "open")] * count


def test_grade_and_visit_are_written_together_or_not_at_all(
    database: Database, registry: Registry, vault: NumberVault
) -> None:
    step = step_of(1, rated(registry, 5).happened, registry, NODE, vault, RULES)
    with database.read() as session:  # killed before the commit
        EngineRepository(session, NODE).write([step], NOON)
        assert session.scalar(select(func.count()).select_from(VisitRow)) == 1
    with database.read() as session:
        assert session.scalar(select(func.count()).select_from(CallRow)) == 0
    assert visits(database) == []
    again = from_json(step.to_json())  # as the journal's file keeps it over a kill
    assert isinstance(again, Step)
    with database.begin() as session:
        EngineRepository(session, NODE).write([again], NOON)
    with database.read() as session:
        assert session.scalar(select(CallRow.grade)) == 5
    assert visits(database) == [("dissatisfied", "a-1.1", "open")]


def test_a_rebuild_from_the_event_log_makes_none_twice(
    database: Database, registry: Registry, vault: NumberVault
) -> None:
    steps = []
    for number, of in enumerate((registry, Registry()), 1):
        of.seats = dict(registry.seats)
        steps.append(step_of(number, rated(of, 4).happened, of, NODE, vault, RULES))
    for step in steps:
        with database.begin() as session:
            EngineRepository(session, NODE).write([step], NOON)
    assert visits(database) == [("dissatisfied", "a-1.1", "open")]


def test_the_deadline_counts_from_the_grade_not_from_the_rebuild(
    database: Database, registry: Registry, vault: NumberVault
) -> None:
    step = step_of(1, rated(registry, 5).happened, registry, NODE, vault, RULES)
    with database.begin() as session:
        EngineRepository(session, NODE).write([step], NOON.replace(year=2027))
    with database.read() as session:
        row = session.scalars(select(VisitRow)).one()
    assert row.opened_at == at(45)
    assert isinstance(step.visits[0]["due_at"], type(NOON))


@pytest.mark.parametrize("how", ["orm", "sql"])
def test_the_database_refuses_to_delete_a_visit(
    database: Database, registry: Registry, vault: NumberVault, how: str
) -> None:
    step = step_of(1, rated(registry, 5).happened, registry, NODE, vault, RULES)
    with database.begin() as session:
        EngineRepository(session, NODE).write([step], NOON)
    statement = delete(VisitRow) if how == "orm" else text("DELETE FROM visit")
    with pytest.raises(DatabaseError, match="never deleted"), database.begin() as session:
        session.execute(statement)
    assert len(visits(database)) == 1


def test_lists_and_the_search_for_missing_ones_say_the_same_on_both_databases(
    database: Database, registry: Registry, vault: NumberVault
) -> None:
    step = step_of(1, rated(registry, 5).happened, registry, NODE, vault, RULES)
    step.visits.clear()
    with database.begin() as session:
        EngineRepository(session, NODE).write([step], NOON)
        visits = Visits(session)
        assert visits.missing({4, 5}, NOON, 10) == ["a-1.1"]
        values = opened(RULES, Kind.DISSATISFIED, "a-1.1", at(50))
        assert [visits.open(values), visits.open(values)] == [True, False]
        assert visits.missing({4, 5}, NOON, 10) == []
        due_at = values["due_at"]
        for now, due, found in (
            (NOON, None, 1), (NOON, Due.WARN, 0), (values["warn_at"], Due.WARN, 1), (values["warn_at"], Due.OVERDUE, 0),
            (due_at, Due.WARN, 0), (due_at, Due.OVERDUE, 1),
        ):  # fmt: skip
            wanted = Wanted(states=("open",), due=due, language="zh", not_about="1001")
            assert visits.page(wanted, now)[1] == found
        assert [visits.overdue(NOON), visits.overdue(due_at)] == [(1, 0), (1, 1)]
        row = visits.get(Kind.DISSATISFIED, "a-1.1", lock=True)
        assert row is not None
        row.state, row.closed_at = "closed", due_at
        session.flush()
        assert visits.overdue(due_at) == (0, 0)
        assert visits.page(Wanted(states=("closed",), due=Due.OVERDUE), NOON)[1] == 1
        assert visits.called(["a-1.1"]) == visits.written(["a-1.1"]) == []
        assert visits.closed_matters(NOON, due_at, due_at) == []

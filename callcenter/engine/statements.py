"""The engine's writes, built once per database kind: building one costs more than carrying it out."""

from functools import cache
from typing import Any, Literal

from sqlalchemy import Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from callcenter.account.table import AuditRow, PersonRow
from callcenter.call.table import CallRow, EventRow
from callcenter.consultation.table import ConsultationRow
from callcenter.engine.table import NodeRow
from callcenter.recording.table import RecordingRow
from callcenter.seat.table import SeatRow
from callcenter.visit.table import VisitRow

Target = Literal["event", "call", "seat", "consultation", "recording", "audit", "visit"]

TABLES: dict[Target, Any] = {
    "event": EventRow.__table__,
    "call": CallRow.__table__,
    "seat": SeatRow.__table__,
    "consultation": ConsultationRow.__table__,
    "recording": RecordingRow.__table__,
    "audit": AuditRow.__table__,
    "visit": VisitRow.__table__,
}
REPLACED: frozenset[Target] = frozenset({"call", "seat"})
"""Rows that a later step writes anew; the other ones are only ever added."""


@cache
def put(dialect: str, target: Target, columns: tuple[str, ...]) -> Any:
    """Insert of many rows with these columns; a row that is there is replaced, or left as it is."""
    insert: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    table: Table = TABLES[target]
    statement = insert(table).values({name: bindparam(name) for name in columns})
    if target in ("event", "audit"):
        return statement
    if target not in REPLACED:
        return statement.on_conflict_do_nothing()
    changes = {name: statement.excluded[name] for name in columns if name != "id"}
    return statement.on_conflict_do_update(index_elements=["id"], set_=changes)


@cache
def numbers() -> Any:
    """Of the newest event and the newest step of a node."""
    table: Table = NodeRow.__table__  # type: ignore[assignment]
    return select(table.c.seq, table.c.step).where(table.c.id == bindparam("node"))


@cache
def name_law_firm() -> Any:
    """To an answered call the law firm of the person who sits at the seat now: its minutes are paid by it. Who answered
    first keeps it, wherever he works later."""
    call, person = CallRow.__table__, PersonRow.__table__
    there = (person.c.seat == call.c.seat, person.c.active, person.c.law_firm != "")
    firm = select(person.c.law_firm).where(*there).limit(1).scalar_subquery()
    mine = (call.c.id == bindparam("answered"), call.c.law_firm.is_(None))
    return update(call).where(*mine).values(law_firm=firm)  # type: ignore[arg-type]


@cache
def advance(with_cel: bool) -> Any:
    """Moves the node on: event and step numbers, and how far the CEL file is on record."""
    table: Table = NodeRow.__table__  # type: ignore[assignment]
    names = ("seq", "step", *(("cel_inode", "cel_offset", "seen_at") if with_cel else ()))
    return (
        update(table).where(table.c.id == bindparam("node")).values({name: bindparam(f"new_{name}") for name in names})
    )

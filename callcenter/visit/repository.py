"""Every query of return visits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from callcenter.account.table import PersonRow
from callcenter.call.table import CallRow, EventRow
from callcenter.callback import state as rang
from callcenter.callback.table import CallbackAttemptRow
from callcenter.consultation.table import ConsultationRow
from callcenter.visit.model import Due, Kind, VisitState
from callcenter.visit.table import VisitAttemptRow, VisitDrawRow, VisitRow

V = VisitRow
UNCOUNTED = tuple(result.value for result in rang.UNCOUNTED)
OUTBOUND = "visit"
"""Kind of the attempts in `callback_attempt` that were made from a visit."""
TALKED = ("SupervisorTookOver", "SupervisorJoined")
"""Events by which a supervisor takes part in a talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    states: Sequence[str]
    due: Due | None = None
    kind: Kind | None = None
    assigned_to: str | None = None
    language: str | None = None
    not_about: str = ""
    """The reader: a complaint of him is not for his eyes."""
    limit: int = 50
    offset: int = 0


class Visits:
    def __init__(self, session: Session) -> None:
        self._session = session

    def open(self, values: dict[str, Any]) -> bool:
        """False: there is one of this kind for this call already."""
        insert: Any = sqlite.insert if self._session.get_bind().dialect.name == "sqlite" else postgresql.insert
        made = insert(V).values(**values).on_conflict_do_nothing().returning(V.call)
        return self._session.scalar(made) is not None

    def get(self, kind: Kind, call: str, lock: bool = False) -> VisitRow | None:
        return self._session.get(V, (kind.value, call), with_for_update=lock)

    def page(self, wanted: Wanted, now: datetime) -> tuple[Sequence[tuple[VisitRow, CallRow]], int]:
        """With their calls; what is due first stands first, of closed ones the newest."""
        conditions = self._conditions(wanted, now)
        joined = select(V, CallRow).join(CallRow, CallRow.id == V.call).where(*conditions)
        total = self._session.scalar(select(func.count()).select_from(joined.subquery())) or 0
        order = V.closed_at.desc() if VisitState.CLOSED in wanted.states else V.due_at.asc()
        rows = self._session.execute(joined.order_by(order, V.call).limit(wanted.limit).offset(wanted.offset))
        return [(visit, call) for visit, call in rows], total

    def _conditions(self, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = [V.state.in_(wanted.states)]
        if wanted.due is Due.OVERDUE:
            found.append(_late(now))
        elif wanted.due is Due.WARN:
            found += [V.state != VisitState.CLOSED.value, V.warn_at <= now, V.due_at > now]
        if wanted.kind is not None:
            found.append(V.kind == wanted.kind.value)
        if wanted.assigned_to is not None:
            found.append(V.assigned_to == wanted.assigned_to)
        if wanted.language is not None:
            found.append(CallRow.language == wanted.language)
        if wanted.not_about:
            found.append(V.about != wanted.not_about)
        return found

    def overdue(self, now: datetime) -> tuple[int, int]:
        """(unsettled, of those overdue)."""
        late = func.sum(case((V.due_at <= now, 1), else_=0))
        count, overdue = self._session.execute(
            select(func.count(), late).where(V.state != VisitState.CLOSED.value)
        ).one()
        return int(count), int(overdue or 0)

    def is_visitor(self, person: str, call: str) -> bool:
        """Whether he has a visit of this call to make: he may read it and hear it."""
        mine = (V.call == call, V.assigned_to == person, V.state == VisitState.ASSIGNED.value)
        return self._session.scalar(select(V.kind).where(*mine).limit(1)) is not None

    # who may not visit

    def supervisors_in(self, call: str) -> set[str]:
        """Those who spoke in the talk."""
        query = select(EventRow.data["person"].as_string()).where(EventRow.call == call, EventRow.type.in_(TALKED))
        return set(self._session.scalars(query))

    def people(self) -> Sequence[PersonRow]:
        return self._session.scalars(select(PersonRow).where(PersonRow.active).order_by(PersonRow.id)).all()

    # attempts

    def add_attempt(self, row: VisitAttemptRow) -> None:
        self._session.add(row)

    def written(self, calls: Sequence[str]) -> Sequence[VisitAttemptRow]:
        query = select(VisitAttemptRow).where(VisitAttemptRow.call.in_(calls))
        return self._session.scalars(query.order_by(VisitAttemptRow.at, VisitAttemptRow.id)).all()

    def called(self, calls: Sequence[str]) -> Sequence[CallbackAttemptRow]:
        """Calls made from the tasks; not those in which his telephone did not ring."""
        row = CallbackAttemptRow
        sent = (row.result.is_(None)) | (row.result.not_in(UNCOUNTED))
        query = select(row).where(row.call.in_(calls), row.kind == OUTBOUND, sent)
        return self._session.scalars(query.order_by(row.claimed_at)).all()

    # grades without a visit

    def missing(self, grades: Iterable[int], since: datetime, limit: int) -> Sequence[str]:
        """Calls graded so that have none: the setting was changed, or whoever recorded the grade did not open one."""
        there = exists().where(V.kind == Kind.DISSATISFIED.value, V.call == CallRow.id)
        bad = (CallRow.grade.in_(sorted(grades)), CallRow.started_at >= since, CallRow.node != "")
        return self._session.scalars(select(CallRow.id).where(*bad, ~there).order_by(CallRow.id).limit(limit)).all()

    # draws

    def closed_matters(self, start: datetime, end: datetime, before: datetime, draw: str = "") -> list[str]:
        """Calls whose record was closed within, of callers with a number, without a visit opened before that moment;
        a visit of this draw does not count."""
        visited = exists().where(V.call == CallRow.id, V.opened_at < before, V.draw != draw)
        query = (
            select(CallRow.id)
            .join(ConsultationRow, ConsultationRow.call == CallRow.id)
            .where(ConsultationRow.closed_at >= start, ConsultationRow.closed_at < end)
            .where(CallRow.caller_hash.is_not(None), ~visited)
            .order_by(CallRow.id)
        )
        return list(self._session.scalars(query))

    def draw(self, id_: str) -> VisitDrawRow | None:
        return self._session.get(VisitDrawRow, id_)

    def of_draw(self, id_: str) -> set[str]:
        return set(self._session.scalars(select(V.call).where(V.draw == id_)))

    def draws(self, limit: int) -> Sequence[tuple[VisitDrawRow, int]]:
        """The newest first, with how many of its visits are closed."""
        closed = (
            select(func.count())
            .where(V.draw == VisitDrawRow.id, V.state == VisitState.CLOSED.value)
            .correlate(VisitDrawRow)
            .scalar_subquery()
        )
        query = select(VisitDrawRow, closed).order_by(VisitDrawRow.at.desc()).limit(limit)
        return [(row, int(count)) for row, count in self._session.execute(query)]


def _late(now: datetime) -> ColumnElement[bool]:
    """Overdue, or closed too late."""
    return or_(and_(V.closed_at.is_(None), V.due_at <= now), V.closed_at >= V.due_at)

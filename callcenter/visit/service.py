"""Return visits as work for persons: who makes it, what was tried, how it was closed. Nothing here deletes one."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from callcenter.account.model import Person, Role
from callcenter.account.repository import Audit
from callcenter.account.table import PersonRow
from callcenter.call.table import CallRow
from callcenter.callback.model import Result as Rang
from callcenter.clock import Clock
from callcenter.consultation.table import ConsultationRow
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.survey.table import SurveyRow
from callcenter.visit.model import Closing, How, Kind, VisitRules, VisitState
from callcenter.visit.opening import opened
from callcenter.visit.repository import Visits, Wanted
from callcenter.visit.state import Attempt, lacking
from callcenter.visit.table import VisitAttemptRow, VisitRow
from callcenter.visit.visitors import visitors

OVERSEERS = frozenset({Role.SUPERVISOR, Role.MANAGER})


class TookPart(Conflict):
    code = "visitor-took-part"


class NotComplete(BadInput):
    code = "visit-not-complete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    row: VisitRow
    call: CallRow
    attempts: Sequence[Attempt]
    """The oldest first."""
    number: str
    """In clear: mask it on its way out."""
    record: ConsultationRow | None = None
    """What was asked and answered; with a single visit only."""
    comment: str = ""
    """What the caller wrote with the grade; with a single visit only."""
    spoken_millis: int = 0
    """Length of what he said after it; with a single visit only."""


class VisitService:
    def __init__(self, database: Database, vault: NumberVault, clock: Clock, rules: VisitRules) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._rules = rules

    # reading

    def page(self, wanted: Wanted) -> tuple[list[Visit], int]:
        with self._database.read() as session:
            visits = Visits(session)
            rows, total = visits.page(wanted, self._clock.now())
            attempts = _attempts(visits, [row.call for row, _ in rows])
            return [self._visit(row, call, attempts) for row, call in rows], total

    def get(self, reader: Person, kind: Kind, call: str) -> Visit:
        with self._database.read() as session:
            visits = Visits(session)
            row, of = _readable(session, reader, kind, call)
            found = self._visit(row, of, _attempts(visits, [call]))
            survey, record = session.get(SurveyRow, call), session.get(ConsultationRow, call)
            if survey is not None:
                comment = self._vault.open(survey.comment)
                found = replace(found, comment=comment, spoken_millis=survey.spoken_millis)
            return replace(found, record=record)

    def visitors(self, kind: Kind, call: str) -> Sequence[PersonRow]:
        with self._database.read() as session:
            return visitors(Visits(session), *_found(session, kind, call))

    # opening

    def complain(self, person: Person, call: str, words: str, about: str) -> None:
        """A complaint that somebody put forward, about the service in this call or about a person named."""
        with self._database.begin() as session:
            of = session.get(CallRow, call)
            if of is None or (person.role not in OVERSEERS and of.seat != person.seat):
                raise NotFound(f"there is no call {call}")
            if about and session.get(PersonRow, about) is None:
                raise BadInput(f"about: there is no person {about[:64]}")
            values = opened(
                self._rules, Kind.COMPLAINT, of.id, self._clock.now(), opened_by=person.id, words=words, about=about
            )
            if not Visits(session).open(values):
                raise Conflict(f"a complaint about call {call} is on record already; add to it there")
            Audit(session).add(self._clock.now(), person.id, "complaint-opened", of.id)

    # working on one

    def assign(self, by: Person, kind: Kind, call: str, to: str) -> None:
        now = self._clock.now()
        with self._database.begin() as session:
            visits = Visits(session)
            row, of = _found(session, kind, call, lock=True)
            _unsettled(row)
            if to not in {person.id for person in visitors(visits, row, of)}:
                raise TookPart(f"{to[:64]} took part in call {call}, or makes no visits; choose somebody else")
            row.state, row.assigned_to, row.assigned_by = VisitState.ASSIGNED.value, to, by.id
            row.assigned_at = now
            Audit(session).add(now, by.id, "visit-assigned", f"{kind.value} {call}", to=to)

    def attempt(self, person: Person, kind: Kind, call: str, how: How, reached: bool, note: str) -> None:
        now = self._clock.now()
        with self._database.begin() as session:
            self._own(session, person, kind, call)
            made = VisitAttemptRow(
                kind=kind.value, call=call, at=now, by=person.id, how=how.value, reached=reached, note=note
            )
            Visits(session).add_attempt(made)

    def close(self, person: Person, kind: Kind, call: str, closing: Closing) -> None:
        """Raises NotComplete with the `fields` that are missing."""
        now = self._clock.now()
        with self._database.begin() as session:
            row, _of = self._own(session, person, kind, call)
            attempts = _attempts(Visits(session), [call]).get((kind.value, call), [])
            missing = lacking(kind, closing, attempts, self._rules)
            if missing:
                raise NotComplete(
                    f"to close the visit of call {call}, there lacks: {', '.join(missing)}", fields=missing
                )
            row.state, row.closed_by, row.closed_at = VisitState.CLOSED.value, person.id, now
            row.result, row.cause, row.correction = (
                closing.result.value,
                closing.cause.value,
                closing.correction.strip(),
            )
            Audit(session).add(now, person.id, "visit-closed", f"{kind.value} {call}", result=closing.result.value)

    def may_call(self, person: Person, kind: Kind, call: str) -> CallRow:
        """The call whose caller he may ring now. Raises what `attempt` raises."""
        with self._database.begin() as session:
            return self._own(session, person, kind, call)[1]

    # how

    def _own(self, session: Session, person: Person, kind: Kind, call: str) -> tuple[VisitRow, CallRow]:
        row, of = _found(session, kind, call, lock=True)
        if row.assigned_to != person.id:
            if person.role not in OVERSEERS:
                raise NotFound(f"you have no visit of call {call} to make")
            if person.id not in {one.id for one in visitors(Visits(session), row, of)}:
                raise TookPart(f"{person.id} took part in call {call}; somebody else makes this visit")
        _unsettled(row)
        return row, of

    def _visit(self, row: VisitRow, call: CallRow, attempts: dict[tuple[str, str], list[Attempt]]) -> Visit:
        made = attempts.get((row.kind, row.call), [])
        return Visit(row=row, call=call, attempts=made, number=self._vault.open(call.caller))


def _unsettled(row: VisitRow) -> None:
    if row.state == VisitState.CLOSED:
        raise Conflict(f"the visit of call {row.call} is closed")


def _found(session: Session, kind: Kind, call: str, lock: bool = False) -> tuple[VisitRow, CallRow]:
    row, of = Visits(session).get(kind, call, lock), session.get(CallRow, call)
    if row is None or of is None:
        raise NotFound(f"there is no {kind.value} visit of call {call}")
    return row, of


def _readable(session: Session, reader: Person, kind: Kind, call: str) -> tuple[VisitRow, CallRow]:
    row, of = _found(session, kind, call)
    if row.about == reader.id or (reader.role is Role.SEAT and row.assigned_to != reader.id):
        raise NotFound(f"there is no {kind.value} visit of call {call}")
    return row, of


def _attempts(visits: Visits, calls: Sequence[str]) -> dict[tuple[str, str], list[Attempt]]:
    """By visit: what persons wrote down, and the calls made from the task. Of two visits of one call each has the
    calls of both: it is one telephone that rang."""
    found: dict[tuple[str, str], list[Attempt]] = {}
    for row in visits.written(calls):
        made = Attempt(at=row.at, by=row.by, how=How(row.how), reached=row.reached, note=row.note)
        found.setdefault((row.kind, row.call), []).append(made)
    for rang in visits.called(calls):
        reached = None if rang.result is None else rang.result == Rang.SERVED.value
        made = Attempt(at=rang.claimed_at, by=rang.ordered_by or "", how=How.TELEPHONE, reached=reached, id=rang.id)
        for kind in Kind:
            found.setdefault((kind.value, rang.call), []).append(made)
    return {key: sorted(made, key=lambda it: it.at) for key, made in found.items()}

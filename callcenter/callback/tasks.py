"""Callbacks and messages as work for persons: who has it, what came of it, what is heard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from sqlalchemy.orm import Session

from callcenter.account.actions import Action
from callcenter.account.model import Person, Role
from callcenter.account.repository import Audit
from callcenter.call.table import CallRow
from callcenter.callback import state
from callcenter.callback.model import RequestState
from callcenter.callback.repository import CALLBACK, VOICEMAIL, Callbacks, request_of
from callcenter.callback.service import NotToBeCalled, refusal_at_filing
from callcenter.callback.table import CallbackAttemptRow, DoNotCallRow
from callcenter.clock import Clock
from callcenter.errors import BadInput, Conflict, NotAllowed, NotFound
from callcenter.ivr.orders import free_order_no
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

OVERSEERS = frozenset({Role.SUPERVISOR, Role.MANAGER})
WARN_AFTER = timedelta(hours=20)
ESCALATE_AFTER = timedelta(hours=24)
"""A message asks for an answer within 24 hours, as the guide of the Ministry's website has it."""
DONE: Mapping[str, Action] = {CALLBACK: "callback-done", VOICEMAIL: "voicemail-done"}
CANCELLED: Mapping[str, Action] = {CALLBACK: "callback-cancelled", VOICEMAIL: "voicemail-cancelled"}
MISSED_SINCE = timedelta(days=2)
MISSED_MAX = 200


class Done(StrEnum):
    """What came of it, in the words of the person who dealt with it."""

    REACHED = "reached"
    NOT_REACHED = "not-reached"
    NO_NEED = "no-need"
    PASSED_ON = "passed-on"


class Due(StrEnum):
    FINE = "fine"
    WARN = "warn"
    OVERDUE = "overdue"


def due(row: CallerRequestRow, now: datetime) -> Due:
    """By the age of the oldest message, or by the hours of the appointment; what is over is late no more."""
    if RequestState(row.state).over:
        return Due.FINE
    if row.until_at is not None:
        begun = row.tries > 0 or row.due_at is None or row.due_at <= now
        return Due.OVERDUE if now >= row.until_at else Due.WARN if begun else Due.FINE
    age = now - row.at
    return Due.OVERDUE if age >= ESCALATE_AFTER else Due.WARN if age >= WARN_AFTER else Due.FINE


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    row: CallerRequestRow
    joined: Sequence[CallerRequestRow]
    """Of the same number, merged into this one."""
    attempts: Sequence[CallbackAttemptRow]
    number: str
    """In clear: mask it on its way out."""


class Tasks:
    def __init__(self, database: Database, vault: NumberVault, clock: Clock, recordings: Path) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._recordings = recordings

    def page(
        self, kind: str, states: Sequence[str], line: str | None, limit: int, offset: int, appointments: bool = False
    ) -> tuple[list[Task], int]:
        with self._database.read() as session:
            rows, total = Callbacks(session).page(kind, states, line, limit, offset, appointments)
            return self._tasks(session, kind, rows), total

    def get(self, call: str, kind: str) -> Task:
        with self._database.read() as session:
            return self._tasks(session, kind, [_found(session, call, kind)])[0]

    def take(self, person: Person, call: str, kind: str) -> None:
        """Nobody else deals with it, and the engine does not call it by itself."""
        with self._database.begin() as session:
            row = _found(session, call, kind)
            if row.state == RequestState.TAKEN.value and row.taken_by != person.id:
                raise Conflict(f"{row.taken_by} deals with this already")
            if row.state != RequestState.TAKEN.value:
                self._to(session, row, RequestState.TAKEN)
            row.taken_by, row.taken_at = person.id, self._clock.now()

    def give_back(self, person: Person, call: str, kind: str) -> None:
        with self._database.begin() as session:
            row = self._own(session, person, call, kind)
            self._to(session, row, RequestState.OPEN)
            row.taken_by, row.taken_at = "", None

    def done(self, person: Person, call: str, kind: str, result: Done, note: str) -> None:
        with self._database.begin() as session:
            row = self._own(session, person, call, kind)
            self._to(session, row, RequestState.DONE)
            row.result, row.note = result.value, note
            Audit(session).add(self._clock.now(), person.id, DONE[kind], call, result=result.value)

    def cancel(self, person: Person, call: str, kind: str, why: str) -> None:
        """By an overseer: no call is needed."""
        with self._database.begin() as session:
            row = _found(session, call, kind)
            self._to(session, row, RequestState.CANCELLED, "by-person")
            row.note = why
            Audit(session).add(self._clock.now(), person.id, CANCELLED[kind], call, why=why)

    def sound(self, person: Person, call: str) -> Path:
        """The message's file. Who heard it is on record."""
        with self._database.begin() as session:
            row = _found(session, call, VOICEMAIL)
            path = (self._recordings / row.file).resolve()
            if not row.file or not path.is_relative_to(self._recordings.resolve()) or not path.is_file():
                raise NotFound(f"the sound of the message of call {call} is gone; its text and number are kept")
            Audit(session).add(self._clock.now(), person.id, "voicemail-heard", call)
        return path

    def missed(self) -> list[tuple[CallRow, int, str]]:
        """(newest call, how often he gave up, number in clear)."""
        with self._database.read() as session:
            found = Callbacks(session).missed(self._clock.now() - MISSED_SINCE, MISSED_MAX)
            return [(row, times, self._vault.open(row.caller)) for row, times in found]

    def file_missed(self, person: Person, call: str) -> None:
        """A callback for a caller who gave up. His call stays abandoned in every figure."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = session.get(CallRow, call)
            if row is None or row.outcome != "abandoned_queue":
                raise NotFound(f"there is no call {call} whose caller gave up in a queue")
            number = self._vault.open(row.caller)
            refused = refusal_at_filing(session, self._vault, number)
            if refused is not None:
                raise NotToBeCalled(f"this number is not called back: {refused.value}", reason=refused.value)
            if session.get(CallerRequestRow, (call, CALLBACK)) is not None:
                raise Conflict(f"the caller of call {call} is on the list already")
            filed = CallerRequestRow(
                call=call,
                kind=CALLBACK,
                at=now,
                number=self._vault.seal(number),
                number_hash=row.caller_hash,
                language=row.line or row.language,
                state=RequestState.OPEN.value,
                reason="missed",
                order_no=free_order_no(session),
            )
            session.add(filed)
            Audit(session).add(now, person.id, "callback-filed", call)

    # numbers that are not called

    def not_called(self) -> list[tuple[DoNotCallRow, str]]:
        with self._database.read() as session:
            return [(row, self._vault.open(row.number)) for row in Callbacks(session).not_called()]

    def refuse(self, person: Person, number: str, why: str) -> None:
        number_hash = self._vault.search_hash(number)
        if number_hash is None:
            raise BadInput("a number is needed")
        now = self._clock.now()
        with self._database.begin() as session:
            row = DoNotCallRow(
                number_hash=number_hash, number=self._vault.seal(number), since=now, by=person.id, why=why
            )
            session.merge(row)
            Audit(session).add(now, person.id, "do-not-call", number_hash[:16], why=why)

    def allow(self, person: Person, number_hash: str) -> None:
        with self._database.begin() as session:
            row = session.get(DoNotCallRow, number_hash)
            if row is None:
                raise NotFound("this number is not on the list")
            session.delete(row)
            Audit(session).add(self._clock.now(), person.id, "may-call-again", number_hash[:16])

    # how

    def _own(self, session: Session, person: Person, call: str, kind: str) -> CallerRequestRow:
        row = _found(session, call, kind)
        if row.state != RequestState.TAKEN.value:
            raise Conflict(f"this {kind} is {row.state}; take it first")
        if row.taken_by != person.id and person.role not in OVERSEERS:
            raise NotAllowed(f"{row.taken_by} deals with this")
        return row

    def _to(self, session: Session, row: CallerRequestRow, to: RequestState, reason: str = "") -> None:
        before = request_of(row)
        if to not in state.NEXT[before.state]:
            raise Conflict(f"this {row.kind} is {row.state}; it cannot become {to.value}")
        if not Callbacks(session).change(before, state.to(before, to, self._clock.now(), reason)):
            raise Conflict(f"this {row.kind} was changed meanwhile; read it again")
        session.refresh(row)

    def _tasks(self, session: Session, kind: str, rows: Sequence[CallerRequestRow]) -> list[Task]:
        callbacks, calls = Callbacks(session), [row.call for row in rows]
        joined, attempts = callbacks.joined(calls, kind), callbacks.attempts_of(calls, kind)
        return [
            Task(
                row=row,
                joined=[it for it in joined if it.merged_into == row.call],
                attempts=[it for it in attempts if it.call == row.call],
                number=self._vault.open(row.number),
            )
            for row in rows
        ]


def _found(session: Session, call: str, kind: str) -> CallerRequestRow:
    row = Callbacks(session).get(call, kind)
    if row is None:
        raise NotFound(f"call {call} has left no {kind}")
    return row

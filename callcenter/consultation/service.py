"""Reading and saving case records. A record is opened by the engine when the seat answers, never by hand."""

import logging
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum

from sqlalchemy.orm import Session

from callcenter.account.model import Person, Role
from callcenter.clock import Clock
from callcenter.consultation.catalogue import catalogue
from callcenter.consultation.model import Consultation, Draft, Places
from callcenter.consultation.repository import Consultations
from callcenter.errors import BadInput, CallCenterError, Conflict, NotAllowed, NotFound
from callcenter.seat.model import SeatState
from callcenter.seat.table import SeatRow
from callcenter.storage.database import Database
from callcenter.visit.model import Kind, VisitRules
from callcenter.visit.opening import opened
from callcenter.visit.repository import Visits

log = logging.getLogger(__name__)

COMPLAINT = "complaint"
"""Outcome of the catalogue: whoever finishes a record so has registered a complaint."""
READS_ALL = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR})
WRITES_ALL = frozenset({Role.SUPERVISOR, Role.MANAGER})


class WrapUp(StrEnum):
    """What became of the seat's wrap-up when a finished record was saved."""

    DONE = "done"
    NONE = "none"
    NOT_ENDED = "not-ended"
    """The engine did not answer; it ends at its cap."""


class ConsultationService:
    def __init__(
        self,
        database: Database,
        clock: Clock,
        end_wrap_up: Callable[[Person], None],
        visits: VisitRules,
        places: Places,
    ) -> None:
        """`end_wrap_up` asks the engine; it may raise any CallCenterError, the record is saved all the same."""
        self._database = database
        self._clock = clock
        self._end_wrap_up = end_wrap_up
        self._visits = visits
        self._places = places

    def get(self, reader: Person, call: str) -> Consultation:
        with self._database.read() as session:
            return self._readable(session, reader, call)

    def save(self, writer: Person, call: str, version: int, draft: Draft, closed: bool) -> tuple[Consultation, WrapUp]:
        """Raises BadInput (with `fields`), NotAllowed, NotFound, Conflict. A closed record stays closed."""
        now = self._clock.now()
        with self._database.begin() as session:
            before = self._readable(session, writer, call)
            if writer.role not in WRITES_ALL and writer.seat != before.seat:
                raise NotAllowed(f"{writer.role} may read case records, not write them")
            self._check_choices(draft, before.draft)
            closed = closed or before.closed_at is not None
            if closed and draft.missing_to_close:
                fields = draft.missing_to_close
                raise BadInput(f"to finish the record of call {call}, fill in {', '.join(fields)}", fields=fields)
            closed_at = (before.closed_at or now) if closed else None
            if not Consultations(session).save(call, version, draft, now, closed_at):
                raise Conflict(
                    f"the record of call {call} was saved by somebody else meanwhile; read it again",
                    version=before.version,
                )
            if closed and draft.outcome == COMPLAINT:
                words = {"opened_by": writer.id, "words": draft.request}
                Visits(session).open(opened(self._visits, Kind.COMPLAINT, call, now, **words))
            after = self._readable(session, writer, call)
            seat = session.get(SeatRow, before.seat) if closed and writer.seat == before.seat else None
            wrapping_up = seat is not None and seat.state == SeatState.WRAP_UP and seat.call in (None, call)
        return after, self._wrap_up(writer) if wrapping_up else WrapUp.NONE

    def _readable(self, session: Session, reader: Person, call: str) -> Consultation:
        found = Consultations(session).get(call)
        if found is None:
            raise NotFound(f"call {call} has no record; it is opened when a seat answers")
        if reader.role not in READS_ALL and found.seat != reader.seat:
            raise NotAllowed("a seat reads the records of its own calls only")
        if found.version == 0:
            return replace(found, draft=replace(found.draft, place=self._places.own))
        return found

    def _check_choices(self, draft: Draft, before: Draft) -> None:
        """A place that is no longer the site's stays with the records that have it."""
        known = catalogue()
        places = {before.place, *(entry.id for entry in self._places.entries)}
        given = {
            "topic": ({draft.topic} - {""}, known.topic_ids),
            "place": ({draft.place} - {""}, places),
            "outcome": ({draft.outcome} - {""}, {entry.id for entry in known.outcomes}),
            "groups": (set(draft.groups), {entry.id for entry in known.groups}),
        }
        fields = [name for name, (chosen, choices) in given.items() if not chosen <= choices]
        if fields:
            raise BadInput(f"not in the catalogue: {', '.join(fields)}", fields=fields)

    def _wrap_up(self, writer: Person) -> WrapUp:
        try:
            self._end_wrap_up(writer)
        except CallCenterError as error:
            log.warning("consultation.wrap-up-not-ended seat=%s reason=%s", writer.seat, error.message)
            return WrapUp.NOT_ENDED
        return WrapUp.DONE

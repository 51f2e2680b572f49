"""Asking for reports and exports, looking at them, stopping and fetching them; who may, and what is noted."""

import dataclasses
import uuid
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.exc import IntegrityError

from callcenter.account.model import Person, Role
from callcenter.account.repository import Audit
from callcenter.call.repository import Calls, Wanted
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import BadInput, NotAllowed, NotFound
from callcenter.report.intervals import in_order
from callcenter.report.paper import calls_sheet, repository
from callcenter.report.paper.period import Period, period
from callcenter.report.paper.places import MEDIA, place
from callcenter.report.paper.state import IN_WORK, PaperState
from callcenter.report.paper.table import PaperRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault, mask

READERS = (Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR)
MAKERS = (Role.SUPERVISOR, Role.MANAGER)
"""An auditor reads what was handed in; he may export the calls that he reads."""
LIST_MAX = 200
EXPORTS_AT_ONCE = 3
"""In work, of one person."""


class TooMany(BadInput):
    code = "too-many-calls"


class Papers:
    def __init__(
        self,
        settings: Settings,
        database: Database,
        vault: NumberVault,
        clock: Clock,
        remind: Callable[[str], object] = lambda _id: None,
    ) -> None:
        """`remind` wakes a worker; the sweeper does it too, a little later."""
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock
        self._remind = remind

    def all(self, reader: Person) -> list[PaperRow]:
        """The reports, and the reader's own exports."""
        with self._database.read() as session:
            return [
                *repository.reports(session, LIST_MAX),
                *repository.exports(session, reader.id, LIST_MAX),
            ]

    def ask(self, asker: Person, kind: str, of: str) -> PaperRow:
        """Make it now, or again. One that is in work already is not asked for twice. Raises BadInput."""
        span, now = period(kind, of), self._clock.now()
        if span.start > now:
            raise BadInput(f"of: {of} has not begun yet")
        try:
            row = self._put(asker, span)
        except IntegrityError:  # the schedule put it there at the same moment
            row = self._put(asker, span)
        self._remind(row.id)
        return row

    def _put(self, asker: Person, span: Period) -> PaperRow:
        now = self._clock.now()
        with self._database.begin() as session:
            row = session.get(PaperRow, span.id, with_for_update=True)
            if row is None:
                row = PaperRow(id=span.id, kind=span.span, of=span.of, state=PaperState.DUE, asked_at=now)
                session.add(row)
            if row.state not in IN_WORK:
                row.state, row.progress, row.problem = PaperState.DUE, 0, ""
            row.asked_at, row.person = now, asker.id
            Audit(session).add(now, asker.id, "report-asked", span.id)
            session.flush()
        return row

    def ask_calls(self, asker: Person, wanted: Wanted, caller: str | None) -> PaperRow:
        """The calls of a filter as a workbook. Raises BadInput when they are too many for one file."""
        in_order(wanted.start, wanted.end)
        if caller:
            wanted = dataclasses.replace(wanted, caller_hash=self._vault.search_hash(caller))
        now = self._clock.now()
        with self._database.begin() as session:
            total = Calls(session).count(wanted)
            if total > calls_sheet.MAX:
                raise TooMany(f"{total} calls are more than the {calls_sheet.MAX} of one file; take a shorter time")
            mine = repository.exports(session, asker.id, LIST_MAX)
            if sum(row.state in IN_WORK for row in mine) >= EXPORTS_AT_ONCE:
                raise BadInput(f"{EXPORTS_AT_ONCE} exports of yours are still in work; wait for one or stop it")
            asked = calls_sheet.to_asked(wanted)
            row = PaperRow(
                id=f"calls-{uuid.uuid4().hex}",
                kind="calls",
                asked=asked,
                person=asker.id,
                state=PaperState.DUE,
                asked_at=now,
            )
            session.add(row)
            noted = asked | ({"caller_hash": None, "caller": mask(caller)} if caller else {})
            Audit(session).add(now, asker.id, "calls-exported", row.id, filter=noted, calls=total)
            session.flush()
        self._remind(row.id)
        return row

    def cancel(self, person: Person, id_: str) -> PaperRow:
        """Stop one that is in work; what had been made before stays."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = _readable(session.get(PaperRow, id_, with_for_update=True), person, id_)
            if row.kind != "calls" and person.role not in MAKERS:
                raise NotAllowed(f"{person.role} may not stop a report")
            if row.state in IN_WORK:
                row.state, row.run = PaperState.CANCELLED, ""
                Audit(session).add(now, person.id, "report-stopped", id_)
        return row

    def file(self, reader: Person, id_: str, form: str) -> tuple[Path, str]:
        """The newest version and the name under which it is saved; that it was fetched is noted."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = _readable(session.get(PaperRow, id_), reader, id_)
            if form not in MEDIA or form not in row.files:
                raise NotFound(f"{id_} has no {form[:8]}; there is {', '.join(row.files) or 'nothing yet'}")
            path = place(self._settings, id_, row.version, form)
            if not path.is_file():
                raise NotFound(f"the file of {id_} is gone; ask for it again")
            Audit(session).add(now, reader.id, "report-fetched", id_, form=form, version=row.version)
        name = period(row.kind, row.of).title if row.kind != "calls" else "通话清单"
        return path, f"{self._settings.hotline_number}-{name}.{form}"


def _readable(row: PaperRow | None, reader: Person, id_: str) -> PaperRow:
    if row is None or (row.kind == "calls" and row.person != reader.id):
        raise NotFound(f"there is no report {id_[:64]}")
    return row

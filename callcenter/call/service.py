"""Who may read which calls, and what is noted when he does."""

import dataclasses
from datetime import timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from callcenter.account.model import Person, Role
from callcenter.account.repository import Audit
from callcenter.call.repository import TOTAL_MAX, Calls, Wanted
from callcenter.call.schemas import CallOut, CallsOut, call_out
from callcenter.call.table import CallRow
from callcenter.call.way import WayThroughOut, ivr_seconds, steps_of, way_out
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import NotAllowed, NotFound
from callcenter.recording import files
from callcenter.recording.model import RecordingState
from callcenter.recording.table import RecordingRow
from callcenter.report.drill import Drill, Part, drill_of
from callcenter.report.intervals import in_order
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault, mask
from callcenter.visit.repository import Visits

ALL_CALLS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR})
READERS = (Role.SEAT, *sorted(ALL_CALLS))
"""An administrator keeps the machines and reads no content (three-admin split)."""
FULL_NUMBER = (Role.SUPERVISOR, Role.MANAGER)
GRADE_SHOWN_AFTER = timedelta(days=7)
"""A lawyer does not learn at once how this very caller has graded him."""
SAME_HEARING = timedelta(minutes=5)
"""A player asks for one file in many pieces; they are noted once."""


class NoRecording(NotFound):
    code = "no-recording"


class CallService:
    def __init__(self, settings: Settings, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock

    def page(self, reader: Person, wanted: Wanted, caller: str | None) -> CallsOut:
        """`caller`: the whole number searched for; it is noted that it was."""
        in_order(wanted.start, wanted.end)
        if reader.role not in ALL_CALLS:
            wanted = dataclasses.replace(wanted, seat=_own_seat(reader, wanted.seat))
            if wanted.grade is not None or wanted.drill is not None:
                raise NotAllowed("a seat does not search its calls by what they were graded")
        if caller:
            wanted = dataclasses.replace(wanted, caller_hash=self._vault.search_hash(caller))
            with self._database.begin() as session:
                Audit(session).add(self._clock.now(), reader.id, "number-searched", mask(caller))
        with self._database.read() as session:
            calls = Calls(session)
            rows, total = calls.page(wanted)
            ids = [row.id for row in rows]
            recordings, orders = calls.recordings(ids), calls.order_numbers(ids)
        return CallsOut(
            items=[self._out(reader, r, recordings.get(r.id), orders.get(r.id)) for r in rows],
            total=min(total, TOTAL_MAX),
            more=total > TOTAL_MAX,
        )

    def drill(self, figure: str, part: Part, threshold: str | None, short: str | None) -> Drill:
        """Raises BadInput."""
        return drill_of(self._settings, figure, part, threshold, short)

    def one(self, reader: Person, call: str) -> CallOut:
        with self._database.read() as session:
            row = self._readable(session, reader, call)
            calls = Calls(session)
            recording = calls.recordings([row.id]).get(row.id)
            order_no = calls.order_numbers([row.id]).get(row.id)
        return self._out(reader, row, recording, order_no)

    def way(self, reader: Person, call: str) -> WayThroughOut:
        """His way through the menu."""
        with self._database.read() as session:
            row = self._readable(session, reader, call)
            return WayThroughOut(
                flow=row.flow, ivr_s=ivr_seconds(row), way_out=way_out(row), steps=steps_of(session, row.id)
            )

    def number(self, reader: Person, call: str) -> str:
        """The caller's number in clear; it is noted who read it."""
        with self._database.begin() as session:
            row = self._readable(session, reader, call)
            Audit(session).add(self._clock.now(), reader.id, "number-read", row.id)
        return self._vault.open(row.caller)

    def recording(self, reader: Person, call: str) -> Path:
        """The sealed sound; it is noted who heard it. Raises NoRecording with the reason in words."""
        now = self._clock.now()
        with self._database.read() as session:
            row = self._readable(session, reader, call)
            recording = Calls(session).recordings([row.id]).get(row.id)
            noted = Audit(session).has(now - SAME_HEARING, reader.id, "recording-heard", row.id)
        if recording is None:
            why = "its talk is not over yet" if row.state in ("talking", "holding") else "there was no talk to record"
            raise NoRecording(f"call {call} has no recording: {why}", state=None)
        if recording.state != RecordingState.SEALED:
            why = recording.problem or "it is being finished; try again in a moment"
            raise NoRecording(f"the recording of call {call} is {recording.state}: {why}", state=recording.state)
        path = files.of(self._settings.recordings_dir, recording.file).sealed
        if not path.is_file():
            raise NoRecording(f"the recording of call {call} was sealed, but its file is gone", state="gone")
        if not noted:
            with self._database.begin() as session:
                Audit(session).add(now, reader.id, "recording-heard", row.id)
        return path

    def _readable(self, session: Session, reader: Person, call: str) -> CallRow:
        row = Calls(session).get(call)
        if row is None:
            raise NotFound(f"there is no call {call}")
        own = reader.seat is not None and row.seat == reader.seat
        if reader.role not in ALL_CALLS and not own and not Visits(session).is_visitor(reader.id, row.id):
            raise NotAllowed("a seat reads its own calls only")
        return row

    def _out(self, reader: Person, row: CallRow, recording: RecordingRow | None, order_no: str | None) -> CallOut:
        out = call_out(row, mask(self._vault.open(row.caller)), recording, order_no)
        ended = row.left_at or row.ended_at
        if reader.role is Role.SEAT and (ended is None or self._clock.now() - ended < GRADE_SHOWN_AFTER):
            out.grade = None
        return out


def _own_seat(reader: Person, asked: str | None) -> str:
    if reader.seat is None or asked not in (None, reader.seat):
        raise NotAllowed("a seat reads its own calls only")
    return reader.seat

"""A day made of the recorded calls: Asterisk's files as they were, the database as the engine folds it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from callcenter import secrets
from callcenter.asterisk import events as t
from callcenter.call.table import CallRow, EventRow
from callcenter.config import Settings
from callcenter.engine.registry import Registry
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step_of import step_of
from callcenter.engine.table import NodeRow
from callcenter.ids import NodeName
from callcenter.reconcile.model import Difference, Kind, Reason, Report
from callcenter.reconcile.service import Reconciliation
from callcenter.recording.table import RecordingRow
from callcenter.replay.service import telephony_events
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.visit.given import RULES

TRACES = sorted(Path(__file__).parent.parent.joinpath("traces").glob("*.ami"))
DAY = date(2026, 11, 22)
MORNING_AFTER = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
"""04:00 in China."""
ANSWERED = "a-1795351975.0"
HUNG_UP_BY_CALLER = "a-1795351990.4"
"""A talk without a survey."""
NODE = NodeName("a")


@dataclass
class HandClock:
    at: datetime = MORNING_AFTER

    def now(self) -> datetime:
        return self.at


class RecordedDay:
    """Everything is in order until a test breaks it."""

    def __init__(self, settings: Settings, database: Database, calls: Callable[[str], bool] = lambda _: True) -> None:
        """`calls`: names of the traces that the engine saw."""
        self.settings = settings
        self.database = database
        self.clock = HandClock()
        self.vault = NumberVault(secrets.ensure(settings.home))
        self.cel = settings.asterisk_dir / "log" / "cel-custom" / "cel.csv"
        self.queue_log = settings.asterisk_dir / "log" / "queue_log"
        self.cel.parent.mkdir(parents=True)
        lines = "".join(trace.with_suffix(".cel.csv").read_text() for trace in TRACES).splitlines(keepends=True)
        self.cel.write_text("".join(sorted(lines, key=lambda line: line.split('"')[3])))
        registry = Registry()
        noted = ["1795351900|NONE|NONE|NONE|QUEUESTART|\n"]
        with database.begin() as session:
            engine = EngineRepository(session, NODE)
            for number, trace in enumerate(TRACES, 1):
                happened = []
                for event in telephony_events(trace.read_bytes()):
                    assert event is not None
                    happened += registry.hear(event)
                    noted += _queue_log(event)
                if calls(trace.stem):
                    engine.write([step_of(number, happened, registry, NODE, self.vault, RULES)], MORNING_AFTER)
                registry.settle()
        self.queue_log.write_text("".join(sorted(noted)))
        self.read_up_to(self.cel.stat().st_size)
        self._seal_all()

    def read_up_to(self, offset: int) -> None:
        """The engine's cursor."""
        with self.database.begin() as session:
            row = session.get(NodeRow, NODE) or NodeRow(id=NODE, seq=0, step=0)
            row.cel_inode, row.cel_offset, row.seen_at = self.cel.stat().st_ino, offset, MORNING_AFTER
            session.add(row)

    def compare(self, deep: bool = False) -> Report:
        return Reconciliation(self.settings, self.database, self.vault, self.clock).compare(DAY, deep=deep)

    def only(self, kind: Kind, deep: bool = False) -> Difference:
        """The one difference there is."""
        found = self.compare(deep).differences
        assert [difference.kind for difference in found] == [kind], found
        return found[0]

    def unexplained(self) -> list[tuple[Kind, str]]:
        return [(d.kind, d.field) for d in self.compare().differences if d.reason is Reason.UNKNOWN]

    def drop_lines(self, file: Path, *having: str) -> None:
        kept = [line for line in file.read_text().splitlines(keepends=True) if not all(word in line for word in having)]
        file.write_text("".join(kept))

    def add_line(self, file: Path, line: str) -> None:
        with file.open("a") as log:
            log.write(line + "\n")

    def _seal_all(self) -> None:
        with self.database.begin() as session:
            for row in session.query(RecordingRow):
                path = self.settings.recordings_dir / f"{row.file}.wav"
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(b"RIFF" + row.call.encode() * 20)
                row.state, row.bytes = "sealed", path.stat().st_size
                row.sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
                row.sealed_at = row.due_at + timedelta(seconds=5)


def _queue_log(event: t.TelephonyEvent) -> list[str]:
    """What app_queue notes of it; the number's place holds a number, as there."""
    second = int(event.at.timestamp())
    match event:
        case t.QueueJoined():
            return [f"{second}|{event.uniqueid}|{event.queue}|NONE|ENTERQUEUE||13900000001|1\n"]
        case t.QueueAbandoned():
            return [f"{second}|{event.uniqueid}|{event.queue}|NONE|ABANDON|1|1|3\n"]
        case t.SeatAnswered():
            return [f"{second}|{event.uniqueid}|{event.queue}|{event.seat}|CONNECT|3|x|0\n"]
        case t.SeatRingEnded():
            return [f"{second}|{event.uniqueid}|{event.queue}|{event.seat}|RINGNOANSWER|2000\n"]
        case t.SeatCompleted():
            name = "COMPLETEAGENT" if event.ended_by == "seat" else "COMPLETECALLER"
            return [f"{second}|{event.uniqueid}|{event.queue}|{event.seat}|{name}|3|2|1\n"]
        case t.Fact(name="outcome", value="queue_timeout"):
            return [f"{second}|{event.uniqueid}|zh|NONE|EXITWITHTIMEOUT|1|1|6\n"]
    return []


def renamed(day: RecordedDay, call: str, to: str) -> None:
    """Every witness knows this call by another id."""
    for file in (day.cel, day.queue_log):
        file.write_text(re.sub(rf"{re.escape(call)}(?!\d)", to, file.read_text()))
    with day.database.begin() as session:
        session.execute(update(CallRow).where(CallRow.id == call).values(id=to))
        session.execute(update(EventRow).where(EventRow.call == call).values(call=to))
        session.execute(update(RecordingRow).where(RecordingRow.call == call).values(call=to))

"""Writes what the CEL file knows and the record lacks: whole calls, and the ends of calls.

It goes the engine's way - the same fold, the same rows, events numbered on from the newest - and so only while no
engine runs: two writers would give the same numbers. The engine's own port is held meanwhile, so none can start.
"""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

from callcenter.account.repository import Audit
from callcenter.call.apply import Call
from callcenter.call.rows import from_row
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step_of import step_of
from callcenter.errors import Conflict
from callcenter.ids import Linkedid, NodeName, Uniqueid
from callcenter.ivr.site import read_site
from callcenter.reconcile import repository
from callcenter.reconcile.model import Kind, Report
from callcenter.reconcile.service import Reconciliation, fold_cel
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.visit.opening import rules_of

LOOPBACK = "127.0.0.1"


class EngineRuns(Conflict):
    code = "engine-runs"


class Repair:
    def __init__(self, settings: Settings, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock
        self._node = NodeName(settings.node)

    def repair(self, day: date, compare: Callable[[], Report], by: str) -> Report:
        """The comparison after it, with the calls that were put right. Raises EngineRuns, Conflict."""
        with _no_engine(self._settings):
            journal = self._settings.home / f"journal-{self._node}.jsonl"
            if journal.exists():
                raise Conflict(
                    f"{journal} holds steps of the engine; start it once so that it writes them, then repair"
                )
            repaired = self._write(day, compare(), by)
        after = compare()
        after.repaired = repaired
        return after

    def _write(self, day: date, found: Report, by: str) -> list[str]:
        told = Reconciliation(self._settings, self._database, self._vault, self._clock)
        lines = told.read_cel(day).calls
        wanted = sorted(
            {d.call for d in found.differences if d.kind in (Kind.NO_RECORD, Kind.NO_END_ON_RECORD) and d.call in lines}
        )
        if not wanted:
            return []
        now = self._clock.now()
        visits = rules_of(self._settings, read_site(self._settings.flows_dir).hours)
        repaired = []
        with self._database.begin() as session:
            engine = EngineRepository(session, self._node)
            rows = repository.calls_named(session, wanted)
            for call in map(Linkedid, wanted):
                registry = told.registry()
                if call in rows:
                    known = from_row(rows[call], self._vault)
                    channel = engine.caller_channels([call]).get(call, Uniqueid(call))
                    registry.calls[call] = Call(known, channel, menu_told=engine.menu_told([call]).get(call))
                record, happened = fold_cel(lines[call], registry)
                if record is None or record.live or not happened:
                    continue
                number = engine.node(now).step + 1
                step = step_of(number, happened, registry, self._node, self._vault, visits)
                engine.write([step], now)
                repaired.append(str(call))
            if repaired:
                Audit(session).add(now, by, "calls-repaired", day.isoformat(), day=day.isoformat(), calls=repaired)
        return repaired


@contextmanager
def _no_engine(settings: Settings) -> Iterator[None]:
    """Callers meanwhile take the plain dialplan, as whenever no engine runs."""
    with socket.socket() as port:
        try:
            port.bind((LOOPBACK, settings.agi_port))
        except OSError:
            raise EngineRuns(
                f"an engine runs, or has just stopped (port {settings.agi_port} is taken): it repairs by itself "
                "when it starts; to repair by hand stop it with `make run`'s Ctrl-C, wait a minute, and try again"
            ) from None
        yield

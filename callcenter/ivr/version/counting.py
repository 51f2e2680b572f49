"""Live counts of a process: each question reads only the events that came since the one before."""

import threading
import time
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.call.events import CallAnswered, CallEnded, CallEvent, CallQueued, FlowBegan, IvrNodeEntered
from callcenter.call.table import EventRow
from callcenter.clock import Clock
from callcenter.instants import CHINA
from callcenter.ivr.flow import Flow, Subflow
from callcenter.ivr.version.flow_set import read_texts, whole_flows
from callcenter.ivr.version.live import FlowCounts, NodeCount
from callcenter.ivr.version.model import FlowSet
from callcenter.storage.database import Database
from callcenter.storage.event_log import from_row

KINDS = tuple(kind.__name__ for kind in (FlowBegan, IvrNodeEntered, CallQueued, CallAnswered, CallEnded))
BEFORE_MIDNIGHT = timedelta(hours=2)
"""Callers of yesterday who are still in a menu, or in the talk before a survey."""
FRESH_S = 1.0
"""Several screens that ask within this time share one reading."""
BATCH = 2_000


class Counting:
    """Thread-safe."""

    def __init__(self, database: Database, node: str, clock: Clock, fresh_s: float = FRESH_S) -> None:
        self._database = database
        self._node = node
        self._clock = clock
        self._fresh_s = fresh_s
        self._lock = threading.Lock()
        self._counts: FlowCounts | None = None
        self._seq = 0
        self._read_at = float("-inf")
        self._parts: tuple[int, Mapping[str, Flow]] = (-1, {})

    def of(self, flow: str, published: FlowSet) -> dict[str, NodeCount]:
        """Every node of the flow as it is published; and those of older versions that were entered today."""
        with self._lock:
            counts = self._fresh()
            flows = self._flows(published)
            found: defaultdict[str, NodeCount] = defaultdict(NodeCount)
            for node in flows[flow].nodes if flow in flows else ():
                found[node] = NodeCount()
            for name, counter in (("now", counts.now()), ("entered", counts.entered), ("lost", counts.lost)):
                for (owner, node), count in counter.items():
                    for place in _places(owner, node, flows):
                        if place[0] == flow:
                            setattr(found[place[1]], name, getattr(found[place[1]], name) + count)
            return dict(found)

    def _flows(self, published: FlowSet) -> Mapping[str, Flow]:
        if self._parts[0] != published.number:
            self._parts = (published.number, whole_flows(read_texts(published.texts)))
        return self._parts[1]

    def _fresh(self) -> FlowCounts:
        now = self._clock.now()
        counts = self._counts or FlowCounts(now.astimezone(CHINA).date())
        if self._counts is None or time.monotonic() - self._read_at >= self._fresh_s:
            with self._database.read() as session:
                if self._counts is None:
                    self._seq = self._start(session, now)
                self._catch_up(session, counts)
            self._counts, self._read_at = counts, time.monotonic()
        counts.turn_day(now)
        return counts

    def _start(self, session: Session, now: datetime) -> int:
        """Number before the first event that matters today."""
        midnight = now.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
        first = session.scalar(
            select(func.min(EventRow.seq)).where(EventRow.node == self._node, EventRow.at >= midnight - BEFORE_MIDNIGHT)
        )
        newest = session.scalar(select(func.max(EventRow.seq)).where(EventRow.node == self._node)) or 0
        return newest if first is None else first - 1

    def _catch_up(self, session: Session, counts: FlowCounts) -> None:
        newest = session.scalar(select(func.max(EventRow.seq)).where(EventRow.node == self._node)) or 0
        wanted = (
            select(EventRow)
            .where(EventRow.node == self._node, EventRow.seq > self._seq, EventRow.seq <= newest)
            .where(EventRow.type.in_(KINDS))
            .order_by(EventRow.seq)
            .execution_options(yield_per=BATCH)
        )
        for row in session.scalars(wanted):
            event = from_row(row)
            if isinstance(event, CallEvent):
                counts.apply(event)
        self._seq = max(self._seq, newest)


def _places(flow: str, node: str, flows: Mapping[str, Flow]) -> list[tuple[str, str]]:
    """A node of a part counts in the node that calls the part, and in the part itself."""
    outer, inside, rest = node.partition("--")
    places = [(flow, outer)]
    caller = flows[flow].nodes.get(outer) if flow in flows else None
    if inside and isinstance(caller, Subflow):
        places += _places(caller.subflow, rest, flows)
    return places

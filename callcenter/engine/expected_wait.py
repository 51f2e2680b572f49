"""What the last talks of each line took of a seat, kept in memory: the estimated wait is told of it."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from callcenter.call import events as e
from callcenter.call.model import CallRecord
from callcenter.clock import Clock
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.routing.expected_wait import NEWEST, expected_minutes

RECENT = timedelta(hours=2)
"""A morning says nothing of the evening."""


class ExpectedWait:
    def __init__(self, registry: Registry, clock: Clock, before: Iterable[CallRecord] = ()) -> None:
        """`before`: calls whose wrap-up has ended, the oldest first, from the database."""
        self._registry = registry
        self._clock = clock
        self._work: dict[str, deque[tuple[datetime, timedelta]]] = defaultdict(lambda: deque(maxlen=NEWEST))
        for record in before:
            self._add(record)

    def heard(self, happened: Iterable[DomainEvent]) -> None:
        """After each step of the pump, while the records of calls that have just ended are still known."""
        for event in happened:
            if isinstance(event, e.WrapUpEnded) and (record := self._registry.record(event.call)) is not None:
                self._add(record)

    def minutes(self, line: str) -> int | None:
        """None: too little is known, nobody is on duty, or a seat is free."""
        since = self._clock.now() - RECENT
        work = [took for at, took in self._work[line] if at >= since]
        on_duty = sum(1 for seat in self._registry.seats.values() if seat.on_duty and line in seat.queues)
        return expected_minutes(work, self._registry.waiting(line), self._registry.ready(line), on_duty)

    def of_lines(self, lines: Iterable[str]) -> Mapping[str, int]:
        """Those of which something can be said."""
        return {line: minutes for line in lines if (minutes := self.minutes(line)) is not None}

    def _add(self, record: CallRecord) -> None:
        if record.line and record.answered_at and record.wrap_up_ended_at:
            took = record.wrap_up_ended_at - record.answered_at
            self._work[record.line].append((record.wrap_up_ended_at, took))

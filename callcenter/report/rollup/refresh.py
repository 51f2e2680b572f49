"""Brings roll-ups up to date: takes marked quarters, the oldest first, and builds their rows anew from the records.

Rolling windows reach back 24 hours: when the calls of a quarter changed in a way that they see, the quarters of the
following day are marked in the same transaction. So at any moment a quarter without a mark on itself and on the 96
before it holds exactly what the records say.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy.orm import Session

from callcenter.config import Settings
from callcenter.instants import DAY, SECOND
from callcenter.report.repository import facts
from callcenter.report.rollup import build, days, repository
from callcenter.report.rollup.before import Before
from callcenter.report.rollup.build import Events
from callcenter.report.rollup.repository import Header
from callcenter.report.rollup.table import QUARTER
from callcenter.storage.database import Database

TRANSACTION_S = 0.5
"""SQLite's only writer's place is given back after so long."""
REMEMBERED = 98
"""Quarters whose events are kept: a day and what is at hand."""

Progress = Callable[[int], None]


class Built(NamedTuple):
    header: Header | None
    """None: the quarter needs no rows."""
    rows: list[dict[str, object]]


class Refresh:
    def __init__(self, database: Database, settings: Settings) -> None:
        self._database = database
        self._limits = settings.threshold_s * SECOND, settings.short_s * SECOND
        self._events: OrderedDict[int, tuple[str, Events]] = OrderedDict()

    def run(self, within_s: float | None = None, progress: Progress = lambda _count: None) -> int:
        """Until no mark is left or the time is over. Returns the number of quarters built. Raises SQLAlchemyError."""
        begun = time.monotonic()
        count = 0
        self._events.clear()  # nothing of a run before
        while within_s is None or time.monotonic() - begun < within_s:
            with self._database.begin() as session:
                built = self._some(session)
            count += built
            progress(count)
            if not built:
                break
        return count

    def take_other_limits(self) -> int:
        """Mark what was counted with limits that are no longer in the settings."""
        with self._database.begin() as session:
            repository.lock(session)
            stale = set(repository.with_other_limits(session, *self._limits)) - set(repository.marked(session))
            repository.mark(session, sorted(stale))
        return len(stale)

    def sum_up_days(self) -> int:
        """Those that no quarter built since then has summed up. Returns their number."""
        with self._database.read() as session:
            missing = days.missing(session)
        for day in missing:
            with self._database.begin() as session:
                repository.lock(session)
                days.sum_up(session, [day])
        return len(missing)

    def _some(self, session: Session) -> int:
        repository.lock(session)
        day = Before(session)
        begun = time.monotonic()
        waiting = repository.marked(session)
        pending = set(waiting)
        done: set[int] = set()
        count = 0
        for quarter in waiting:
            pending.discard(quarter)
            self._one(session, quarter, day, pending)
            count += 1
            done.add(repository.day_of(quarter))
            if time.monotonic() - begun > TRANSACTION_S:
                break
        if done:
            days.sum_up(session, done)
        return count

    def _one(self, session: Session, quarter: int, day: Before, pending: set[int]) -> None:
        """`pending`: quarters that have a mark and will be built after this one."""
        ids = repository.marks(session, quarter)  # before the records: a later change has a mark that stays
        before = repository.header(session, quarter)
        built = self.built(session, quarter, day)
        repository.replace(session, quarter, built.header, built.rows)
        after = built.header
        if (after.events if after else build.NOTHING) != (before.events if before else build.NOTHING):
            repository.mark(session, self._touched(session, quarter, bool(after and after.calls)) - pending)
        repository.unmark(session, ids)

    def built(self, session: Session, quarter: int, day: Before) -> Built:
        """What the quarter's rows must be, given those of the 96 before it."""
        calls = list(facts(session, quarter, quarter + QUARTER))
        own = build.events(calls)
        digest = build.digest(calls)
        self._remember(quarter, digest, own)
        day_before = self._events_of(session, quarter - DAY)
        last = repository.last_started(session)
        if not calls and (not day_before or last is None or quarter > last):
            return Built(None, [])
        header = Header(quarter, *self._limits, build.plain(calls), len(calls), digest)
        return Built(header, build.rows(quarter, calls, own, day_before, day.at(quarter), *self._limits))

    def _touched(self, session: Session, quarter: int, has_calls: bool) -> set[int]:
        """Quarters whose windows hold calls of this one, and those that lie inside the data only now or no longer."""
        last = repository.last_started(session)
        touched = set(repository.headers(session, quarter + QUARTER, quarter + DAY + QUARTER))
        if last is not None and quarter + DAY <= last:
            touched.add(quarter + DAY)
        if has_calls:
            earlier = repository.last_with_calls(session, besides=quarter)
            if earlier is not None and earlier < quarter:
                begin, finish = earlier + QUARTER, min(quarter, earlier + DAY + QUARTER)
                touched.update(repository.headers(session, begin, finish))
                # without calls of their own they have rows where the quarter a day before has some
                touched.update(known + DAY for known in repository.headers(session, begin - DAY, finish - DAY))
        else:
            beyond = None if last is None else repository.quarter_of(last) + QUARTER
            touched.update(repository.headers(session, beyond, None))
        return touched - {quarter}

    def _events_of(self, session: Session, quarter: int) -> Events:
        """Those at hand are good as long as the quarter was not built anew, perhaps by another process."""
        header = repository.header(session, quarter)
        digest = header.events if header else build.NOTHING
        known = self._events.get(quarter)
        if known is not None and known[0] == digest:
            return known[1]
        return self._remember(quarter, digest, build.events(list(facts(session, quarter, quarter + QUARTER))))

    def _remember(self, quarter: int, digest: str, found: Events) -> Events:
        self._events[quarter] = digest, found
        self._events.move_to_end(quarter)
        while len(self._events) > REMEMBERED:
            self._events.popitem(last=False)
        return found

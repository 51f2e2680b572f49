"""Worst and last 24 hours of an interval: kept ones of the quarters within, anew for its ends and for changed ones."""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil

from sqlalchemy import Float, and_, cast, func, select
from sqlalchemy.orm import Session

from callcenter.instants import DAY, Micros
from callcenter.report.definitions import CallFacts, Question
from callcenter.report.definitions.groups import FACETS, Key
from callcenter.report.definitions.rolling import Window
from callcenter.report.repository import facts
from callcenter.report.rollup import repository
from callcenter.report.rollup.keys import value_of
from callcenter.report.rollup.repository import quarter_of
from callcenter.report.rollup.table import QUARTER, ROLLUP
from callcenter.report.rollup.windows import Both, Event, latest_of, lowest_of, runs, windows

TABLE = ROLLUP.c
ROUNDING = 1e-9
"""Rates closer than that are compared exactly, outside of the database."""

Sums = dict[int, dict[Key, tuple[int, int]]]
"""Answered and entered a queue, by quarter and value."""

Found = dict[Key, list[Window | None]]


class Rolled:
    """Windows from max(`start`, first + 24 h) to the last `started_at` before `end` (rules 19 and 20)."""

    def __init__(self, session: Session, question: Question, first: Micros | None, most: int) -> None:
        """`most`: of more quarters than that the windows are not made anew; then `possible` is False."""
        self._session = session
        self._end = question.end
        self.possible = True
        self._anew: list[int] = []
        self._none = True
        last = _last(session, question)
        if first is None or last is None or max(question.start, first + DAY) > last:
            return
        self._none = False
        self._lowest, self._highest = max(question.start, first + DAY), last
        self._begin, self._finish = quarter_of(self._lowest), quarter_of(last) + QUARTER
        self._unsure = set(repository.marked(session, self._begin - DAY, self._finish))
        self._unsure |= set(repository.not_plain(session, self._begin - DAY, self._finish))
        anew = {self._begin, self._finish - QUARTER} | self._beyond()
        for quarter in self._unsure:
            anew.update(range(max(quarter, self._begin), min(quarter + DAY + QUARTER, self._finish), QUARTER))
            if len(anew) > most:
                self.possible = False
                return
        self._anew = sorted(anew)

    def windows(self, kind: str) -> dict[Key, Both]:
        """Worst and last by the facet's value; `all` has the one value None."""
        if self._none:
            return {}
        worst, latest = defaultdict(list), defaultdict(list)  # type: Found, Found
        self._kept(kind, worst, latest)
        for run in runs(self._anew):
            self._made(kind, run, worst, latest)
        return {value: (lowest_of(worst[value]), latest_of(latest[value])) for value in {*worst, *latest}}

    def _beyond(self) -> set[int]:
        """Quarters after the last one that is rolled up: nobody has looked at those without calls yet."""
        known = repository.last_with_calls(self._session)
        if known is None:
            return set()
        begin = max(known + QUARTER, self._begin)
        return set(range(begin, min(known + DAY + QUARTER, self._finish), QUARTER))

    def _kept(self, kind: str, worst: Found, latest: Found) -> None:
        mine = and_(
            TABLE.kind == kind,
            TABLE.quarter >= self._begin,
            TABLE.quarter < self._finish,
            TABLE.quarter.not_in(self._anew),
        )
        rate = cast(TABLE.worst_answered, Float) / TABLE.worst_queued
        low = select(TABLE.key, func.min(rate).label("rate")).where(mine).group_by(TABLE.key).subquery()
        columns = (TABLE.key, TABLE.value, TABLE.worst_answered, TABLE.worst_queued, TABLE.worst_at)
        lowest = select(*columns).join(low, low.c.key == TABLE.key).where(mine, rate <= low.c.rate + ROUNDING)
        for key, stored, answered, queued, at in self._session.execute(lowest):
            worst[value_of(key, stored)].append((answered, queued, at))
        if kind == "all":
            return  # its last window is the last call's, and always made anew
        newest = select(TABLE.key, func.max(TABLE.quarter).label("quarter")).where(mine, TABLE.last_at.is_not(None))
        newest_of = newest.group_by(TABLE.key).subquery()
        columns = (TABLE.key, TABLE.value, TABLE.last_answered, TABLE.last_queued, TABLE.last_at)
        match = and_(newest_of.c.key == TABLE.key, newest_of.c.quarter == TABLE.quarter, TABLE.kind == kind)
        for key, stored, answered, queued, at in self._session.execute(select(*columns).join(newest_of, match)):
            latest[value_of(key, stored)].append((answered, queued, at))

    def _made(self, kind: str, run: range, worst: Found, latest: Found) -> None:
        """The windows that end in a run of quarters, from the records of both ends of each window."""
        back = range(run.start - DAY, run.stop, QUARTER)
        needed = sorted({*run, *(quarter - DAY for quarter in run), *self._unsure.intersection(back)})
        events = self._events(kind, needed)
        sums = self._sums(kind, run.start - DAY, run.stop)
        for quarter in needed:
            sums[quarter] = {
                value: (sum(event[2] for event in some), sum(event[1] for event in some))
                for value, some in events[quarter].items()
            }
        base: dict[Key, tuple[int, int]] = defaultdict(lambda: (0, 0))
        for quarter in range(run.start - DAY, run.start, QUARTER):
            _shift(base, sums[quarter], 1)
        for quarter in run:
            own, day_before = events[quarter], events[quarter - DAY]
            for value in {**own, **day_before}:
                low, last = windows(
                    own.get(value, ()), day_before.get(value, ()), base[value], self._lowest, self._highest
                )
                worst[value].append(low)
                latest[value].append(last)
            _shift(base, sums[quarter], 1)
            _shift(base, sums[quarter - DAY], -1)

    def _events(self, kind: str, quarters: Sequence[int]) -> dict[int, dict[Key, list[Event]]]:
        value_of_call = FACETS.get(kind, _no_value)
        found: dict[int, dict[Key, list[Event]]] = {quarter: {} for quarter in quarters}
        for run in runs(quarters):
            for call in facts(self._session, run.start, run.stop):
                if call.started < self._end:
                    event = (call.started, int(call.queued is not None), int(call.answered is not None))
                    found[quarter_of(call.started)].setdefault(value_of_call(call), []).append(event)
        for by_value in found.values():
            for some in by_value.values():
                some.sort()
        return found

    def _sums(self, kind: str, begin: int, finish: int) -> Sums:
        found: Sums = defaultdict(dict)
        query = select(TABLE.quarter, TABLE.key, TABLE.value, TABLE.answered, TABLE.to_seat).where(
            TABLE.kind == kind, TABLE.quarter >= begin, TABLE.quarter < finish, TABLE.calls > 0
        )
        for quarter, key, stored, answered, queued in self._session.execute(query):
            found[quarter][value_of(key, stored)] = (answered, queued)
        return found


def _last(session: Session, question: Question) -> Micros | None:
    """The last `started_at` before the interval's end, to the digit; None: none within reach of its windows."""
    whole = repository.last_started(session, ceil(question.end))
    while whole is not None and whole >= question.start - DAY:
        exact = [call.started for call in facts(session, whole, whole + 1) if call.started < question.end]
        if exact:
            return max(exact)
        whole = repository.last_started(session, whole)
    return None


def _no_value(_call: CallFacts) -> Key:
    return None


def _shift(base: dict[Key, tuple[int, int]], sums: dict[Key, tuple[int, int]], sign: int) -> None:
    for value, (answered, queued) in sums.items():
        known = base[value]
        base[value] = known[0] + sign * answered, known[1] + sign * queued

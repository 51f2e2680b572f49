"""Worst and last 24 hours of an interval: kept ones of the quarters within, anew for its ends and for changed ones."""

from collections import defaultdict
from collections.abc import Sequence
from math import ceil

from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.instants import DAY, Micros
from callcenter.report.definitions import CallFacts, Question
from callcenter.report.definitions.groups import FACETS, Key
from callcenter.report.repository import facts
from callcenter.report.rollup import days, kept, repository
from callcenter.report.rollup.kept import Found
from callcenter.report.rollup.keys import value_of
from callcenter.report.rollup.repository import quarter_of
from callcenter.report.rollup.table import QUARTER, ROLLUP
from callcenter.report.rollup.windows import Both, Event, latest_of, lowest_of, runs, windows

TABLE = ROLLUP.c
Sums = dict[int, dict[Key, tuple[int, int]]]
"""Answered and entered a queue, by quarter and value."""

Events = dict[int, dict[Key, list[Event]]]
"""By quarter and value, ascending."""


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
        anew = {self._finish - QUARTER} | self._beyond()
        if self._begin < self._lowest:
            anew.add(self._begin)  # windows that end before the first one are stored with it
        for quarter in self._unsure:
            anew.update(range(max(quarter, self._begin), min(quarter + DAY + QUARTER, self._finish), QUARTER))
            if len(anew) > most:
                self.possible = False
                return
        self._anew = sorted(anew)

    def windows(self, kinds: Sequence[str]) -> dict[str, dict[Key, Both]]:
        """Worst and last by kind and the facet's value; `all` has the one value None."""
        if self._none:
            return {kind: {} for kind in kinds}
        worst: dict[str, Found] = {kind: defaultdict(list) for kind in kinds}
        latest: dict[str, Found] = {kind: defaultdict(list) for kind in kinds}
        for kind in kinds:
            for stored, stretches in days.pieces(self._session, kind, self._begin, self._finish, self._anew, None):
                kept.add(self._session, stored, stretches, worst[kind], latest[kind])
        for run in runs(self._anew):
            back = range(run.start - DAY, run.stop, QUARTER)
            needed = sorted({*run, *(quarter - DAY for quarter in run), *self._unsure.intersection(back)})
            for kind, events in self._events(kinds, needed).items():
                self._made(kind, run, events, worst[kind], latest[kind])
        return {
            kind: {
                value: (lowest_of(worst[kind][value]), latest_of(latest[kind][value]))
                for value in {*worst[kind], *latest[kind]}
            }
            for kind in kinds
        }

    def _beyond(self) -> set[int]:
        """Quarters after the last one that is rolled up: nobody has looked at those without calls yet."""
        known = repository.last_with_calls(self._session)
        if known is None:
            return set()
        begin = max(known + QUARTER, self._begin)
        return set(range(begin, min(known + DAY + QUARTER, self._finish), QUARTER))

    def _made(self, kind: str, run: range, events: Events, worst: Found, latest: Found) -> None:
        """The windows that end in a run of quarters, from the records of both ends of each window."""
        sums = self._sums(kind, run.start - DAY, run.stop)
        for quarter, of_values in events.items():
            sums[quarter] = {
                value: (sum(event[2] for event in some), sum(event[1] for event in some))
                for value, some in of_values.items()
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

    def _events(self, kinds: Sequence[str], quarters: Sequence[int]) -> dict[str, Events]:
        """The records are read once for all kinds."""
        value_of_call = {kind: FACETS.get(kind, _no_value) for kind in kinds}
        found: dict[str, Events] = {kind: {quarter: defaultdict(list) for quarter in quarters} for kind in kinds}
        for run in runs(quarters):
            for call in facts(self._session, run.start, run.stop):
                if call.started < self._end:
                    event = (call.started, int(call.queued is not None), int(call.answered is not None))
                    for kind, value_of in value_of_call.items():
                        found[kind][quarter_of(call.started)][value_of(call)].append(event)
        for of_quarters in found.values():
            for of_values in of_quarters.values():
                for some in of_values.values():
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

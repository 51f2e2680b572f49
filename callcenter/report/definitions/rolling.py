"""Connection rate over every continuous 24 hours (rules 18-21): one sweep over the calls in the order they started."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate

from callcenter.instants import DAY, Micros
from callcenter.report.definitions.facts import CallFacts
from callcenter.report.definitions.figures import ROLLING_LAST, ROLLING_WORST, Figure, Result

Window = tuple[int, int, Micros]
"""Answered, entered a queue, end of the window."""


class Rolling:
    """Takes calls in any order. Needs those from 24 h before `start` on; others it may be given do no harm.

    `first` is the first `started_at` on record, of any line or place: windows lie inside the data (rule 20).
    """

    def __init__(self, start: Micros, end: Micros, first: Micros | None) -> None:
        self._start, self._end, self._first = start, end, first
        self._calls: list[tuple[Micros, int, int]] = []

    def add(self, call: CallFacts) -> None:
        if self._start - DAY <= call.started < self._end:
            self._calls.append((call.started, call.queued is not None, call.answered is not None))

    def results(self, last: Micros | None = None) -> tuple[Result, Result]:
        """Worst and last window. `last` is the end of the data when these calls are only a part of it."""
        worst: Window | None = None
        latest: Window | None = None
        for window in self._windows(last):
            answered, offered, _ = latest = window
            if offered and (worst is None or answered * worst[1] < worst[0] * offered):
                worst = window
        return _result(ROLLING_WORST, worst), _result(ROLLING_LAST, latest)

    def _windows(self, last: Micros | None) -> Iterator[Window]:
        """The window (t - 24 h, t] for every t at which the rate can change, in order."""
        self._calls.sort()
        starts = [call[0] for call in self._calls]
        if not starts or self._first is None:
            return
        lowest = max(self._start, self._first + DAY)
        highest = starts[-1] if last is None else last
        offered = [0, *accumulate(call[1] for call in self._calls)]
        answered = [0, *accumulate(call[2] for call in self._calls)]
        inside = closed = 0
        for t in _moments(starts, lowest, highest):
            inside = _advance(starts, inside, t)
            closed = _advance(starts, closed, t - DAY)
            yield answered[inside] - answered[closed], offered[inside] - offered[closed], t


def _moments(starts: Sequence[Micros], lowest: Micros, highest: Micros) -> Iterator[Micros]:
    """Each start and each start + 24 h within the limits, ascending, once."""
    begun = starts[bisect_left(starts, lowest) : bisect_right(starts, highest)]
    expired = starts[bisect_left(starts, lowest - DAY) : bisect_right(starts, highest - DAY)]
    before: Micros | None = None
    for t in sorted([*begun, *(start + DAY for start in expired)]):  # two ascending runs: sorted in linear time
        if t != before:
            yield t
        before = t


def _advance(starts: Sequence[Micros], at: int, t: Micros) -> int:
    """How many starts are at or before `t`, counting on from `at`."""
    while at < len(starts) and starts[at] <= t:
        at += 1
    return at


def _result(figure: Figure, window: Window | None) -> Result:
    return Result(figure, *window) if window else Result(figure, 0, 0)

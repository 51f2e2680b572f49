"""Connection rate over every continuous 24 hours (rules 18-21): one sweep over the calls in the order they started."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
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
        return both(*self._sweep(last))

    def _sweep(self, last: Micros | None) -> tuple[Window | None, Window | None]:
        """Looks at the window (t - 24 h, t] for every t at which the rate can change, in order."""
        worst: Window | None = None
        latest: Window | None = None
        if not self._calls or self._first is None:
            return worst, latest
        self._calls.sort()
        starts = [call[0] for call in self._calls]
        offered = [0, *accumulate(call[1] for call in self._calls)]
        answered = [0, *accumulate(call[2] for call in self._calls)]
        lowest, highest = max(self._start, self._first + DAY), starts[-1] if last is None else last
        count = len(starts)
        inside = outside = 0  # calls started at or before t, at or before t - 24 h
        for t in _moments(starts, lowest, highest):
            while inside < count and starts[inside] <= t:
                inside += 1
            begin = t - DAY
            while outside < count and starts[outside] <= begin:
                outside += 1
            queued = offered[inside] - offered[outside]
            latest = window = answered[inside] - answered[outside], queued, t
            if queued and (worst is None or window[0] * worst[1] < worst[0] * queued):
                worst = window
        return worst, latest


def _moments(starts: Sequence[Micros], lowest: Micros, highest: Micros) -> list[Micros]:
    """Each start and each start + 24 h within the limits, ascending. One that comes twice does no harm."""
    begun = starts[bisect_left(starts, lowest) : bisect_right(starts, highest)]
    expired = starts[bisect_left(starts, lowest - DAY) : bisect_right(starts, highest - DAY)]
    return sorted([*begun, *(start + DAY for start in expired)])  # two ascending runs: sorted in linear time


def both(worst: Window | None, latest: Window | None) -> tuple[Result, Result]:
    return _result(ROLLING_WORST, worst), _result(ROLLING_LAST, latest)


def _result(figure: Figure, window: Window | None) -> Result:
    return Result(figure, *window) if window else Result(figure, 0, 0)

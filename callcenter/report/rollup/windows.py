"""The windows of 24 hours that end within one quarter hour (rules 18-21), from its own calls, those of the quarter a
day before, and the sums of the 96 quarters in front of it."""

from collections.abc import Iterable, Iterator, Sequence

from callcenter.instants import DAY, Micros
from callcenter.report.definitions.rolling import Window
from callcenter.report.rollup.table import QUARTER

Event = tuple[Micros, int, int]
"""A call as the windows see it: started, entered a queue, answered (0 or 1)."""

Both = tuple[Window | None, Window | None]
"""Lowest and last."""


def windows(
    own: Sequence[Event],
    day_before: Sequence[Event],
    base: tuple[int, int],
    lowest: Micros | None = None,
    highest: Micros | None = None,
) -> Both:
    """`own` and `day_before` ascending; `base`: answered and entered a queue in the 24 h before the quarter.

    Only windows that end from `lowest` to `highest` are looked at, both included.
    """
    answered, queued = base
    worst: Window | None = None
    latest: Window | None = None
    changes = sorted([*own, *((at + DAY, -q, -a) for at, q, a in day_before)])  # two ascending runs: linear
    last = len(changes) - 1
    for number, (at, q, a) in enumerate(changes):
        if highest is not None and at > highest:
            break
        queued += q
        answered += a
        if number < last and changes[number + 1][0] == at:
            continue  # several at one instant change the rate once
        if lowest is not None and at < lowest:
            continue
        latest = answered, queued, at
        if queued and (worst is None or answered * worst[1] < worst[0] * queued):
            worst = latest
    return worst, latest


def lowest_of(found: Iterable[Window | None]) -> Window | None:
    """The lowest rate, of equal ones the earliest."""
    worst: Window | None = None
    for window in found:
        if window is None:
            continue
        if worst is None:
            worst = window
            continue
        mine, other = window[0] * worst[1], worst[0] * window[1]
        if mine < other or (mine == other and window[2] < worst[2]):
            worst = window
    return worst


def latest_of(found: Iterable[Window | None]) -> Window | None:
    return max((window for window in found if window is not None), key=lambda window: window[2], default=None)


def runs(beginnings: Sequence[int], step: int = QUARTER) -> Iterator[range]:
    """Ascending quarters, or other steps, as runs of adjoining ones."""
    begin = 0
    for number in range(1, len(beginnings) + 1):
        if number == len(beginnings) or beginnings[number] != beginnings[number - 1] + step:
            yield range(beginnings[begin], beginnings[number - 1] + step, step)
            begin = number


def between(begin: int, finish: int, taken: Iterable[range]) -> list[range]:
    """What is left of the quarters from `begin` to before `finish` without those that are taken."""
    left = []
    for one in sorted(taken, key=lambda run: run.start):
        if begin < one.start:
            left.append(range(begin, one.start, QUARTER))
        begin = one.stop
    if begin < finish:
        left.append(range(begin, finish, QUARTER))
    return left

"""How long the next caller of a line would wait, from what its last talks took. Pure.

With every seat of the line busy, one comes free each `work / seats`, where `work` is what a call takes of a seat, its
wrap-up included. Who comes next is served after all who wait: `(ahead + 1) * work / seats`. Nothing is said when too
few talks are known, when nobody is on duty, or when a seat is free.
"""

import math
from collections.abc import Sequence
from datetime import timedelta

FEWEST = 8
"""Talks of a line; of fewer the mean says nothing."""
NEWEST = 30
"""Talks that count."""
LONGEST_TOLD = 60
"""Minutes; a longer wait nobody can foretell."""


def expected_minutes(work: Sequence[timedelta], ahead: int, ready: int, on_duty: int) -> int | None:
    """Whole minutes, rounded up; None: nobody can say, or nobody waits.

    `ahead`: callers in the line; `ready`: seats that could be rung; `on_duty`: those and the busy ones.
    """
    if len(work) < FEWEST or on_duty == 0 or ready > ahead:
        return None
    mean = sum(work, timedelta()) / len(work)
    minutes = math.ceil((ahead + 1) * mean / on_duty / timedelta(minutes=1))
    return minutes if minutes <= LONGEST_TOLD else None

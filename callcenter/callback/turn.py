"""Whether the line's next free seat belongs to somebody who waits to be called back. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LineNow:
    ready: int
    """Seats that would be rung for the next caller."""
    on_duty: int
    """Those, and seats that will be free again: in a talk, ringing, in wrap-up."""
    waiting: Sequence[datetime]
    """Arrival of each caller in the queue."""
    called_back: int
    """Attempts under way that hold no seat yet."""


@dataclass(frozen=True, slots=True)
class Turn:
    came_before: datetime | None
    """Only who came before this; None: whoever is first."""


def turn(line: LineNow) -> Turn | None:
    """None: nobody is called now.

    A seat that is ready and wanted by nobody in the queue is free for a callback. In a queue that never empties, none
    ever is; there the one who came before all who wait is called when no other attempt is under way, and waits at the
    head of the queue.
    """
    if line.ready > len(line.waiting) + line.called_back:
        return Turn(None)
    if line.waiting and line.on_duty > 0 and line.called_back == 0:
        return Turn(min(line.waiting))
    return None

"""What may become of a visit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from callcenter.visit.model import Cause, Closing, How, Kind, Result, VisitRules

NOBODY_REACHED = frozenset({Result.NOT_REACHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    at: datetime
    by: str
    how: How
    reached: bool | None
    """None: the telephone still rings, or they talk."""
    note: str = ""
    id: str = ""
    """Of a call made from the task: the call that came of it has this id."""


def lacking(kind: Kind, closing: Closing, attempts: Sequence[Attempt], rules: VisitRules) -> list[str]:
    """What is missing before it may be closed so: names of fields, or `reached`, `attempts`. Empty: nothing."""
    found = []
    nothing_wrong = kind is Kind.DRAW and closing.result is not Result.STILL_DISSATISFIED
    if closing.cause is Cause.NONE and not nothing_wrong:
        found.append("cause")
    if not closing.correction.strip() and not nothing_wrong:
        found.append("correction")
    made = [attempt for attempt in attempts if attempt.reached is not None]
    if closing.result in NOBODY_REACHED:
        if len(made) < rules.attempts:
            found.append("attempts")
    elif not any(attempt.reached for attempt in made):
        found.append("reached")
    return found

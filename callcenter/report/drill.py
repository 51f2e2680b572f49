"""From a figure to its calls: the figure's own formula over SQL expressions in place of sums.

Each counter of the Tally becomes what one call adds to it (`adding.py`); the formula then says what the call adds to
numerator and denominator. Waits are compared in whole microseconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from math import floor
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, and_, func, select

from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.report.adding import Adds, wait, waited
from callcenter.report.definitions import FIGURES, Figure, Tally
from callcenter.report.definitions.figures import positive
from callcenter.report.intervals import limit

Part = Literal["numerator", "denominator", "rest"]
"""`rest`: in the denominator and not in the numerator. Of a mean every part is the calls that it is made of."""

LONGEST = "longest_wait_s"


@dataclass(frozen=True, slots=True)
class Drill:
    figure: str
    """`name:variant`, or a name that has one variant only. Rolling ones: the calls of `queue`; give the window."""
    part: Part
    threshold: int
    short: int
    """Microseconds."""
    positive: tuple[int, ...] = (1, 2, 3)
    """Grades that count as satisfied."""


def drill_of(
    settings: Settings, figure: str, part: Part, threshold: str | None = None, short: str | None = None
) -> Drill:
    """Limits in seconds, from the settings where not given. Raises BadInput."""
    asked = Drill(
        figure,
        part,
        floor(limit("threshold", str(settings.threshold_s) if threshold is None else threshold)),
        floor(limit("short", str(settings.short_s) if short is None else short)),
        tuple(settings.positive_grades),
    )
    named(figure, asked.positive)
    return asked


def condition(drill: Drill, within: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Which calls. `within`: the other conditions; the longest wait is that among their calls. Raises BadInput."""
    figure = named(drill.figure, drill.positive)
    if figure.name == LONGEST:
        longest = select(func.max(wait())).where(*within, waited()).scalar_subquery()
        return and_(waited(), wait() == longest)
    numerator, denominator = figure.ratio(cast("Tally", Adds(drill.threshold, drill.short)))
    inside: Any = denominator
    if drill.part == "denominator" or figure.in_seconds:
        return cast("ColumnElement[bool]", inside != 0)
    hit: Any = numerator
    if drill.part == "numerator":
        return cast("ColumnElement[bool]", hit != 0)
    return and_(inside != 0, hit == 0)


def named(text: str, grades: Iterable[int]) -> Figure:
    name, _, variant = text.partition(":")
    if name == "connection_rate" and variant.startswith("rolling24h_"):
        variant = "queue"
    known = (*FIGURES, positive(grades))
    found = [figure for figure in known if figure.name == name and variant in ("", figure.variant)]
    if len(found) == 1:
        return found[0]
    variants = ", ".join(f"{figure.name}:{figure.variant}" for figure in found or known)
    raise BadInput(f"figure: {text[:60]!r} names not one figure; take one of {variants}")

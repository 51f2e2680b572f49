"""From a figure to its calls: the figure's own formula over SQL expressions in place of sums.

Each counter of the Tally becomes what one call adds to it; the formula then says what the call adds to numerator and
denominator. Nothing is defined a second time but the counters, and the tests hold those against the Tally. Waits are
compared in whole microseconds.
"""

from dataclasses import dataclass
from typing import Any, Literal, cast

from sqlalchemy import ColumnElement, and_, case, false, func, literal, select

from callcenter.call.table import CallRow
from callcenter.errors import BadInput
from callcenter.report.definitions import FIGURES, Figure, Tally
from callcenter.report.definitions.tally import OUTCOMES
from callcenter.report.repository import micros

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


def condition(drill: Drill, within: list[ColumnElement[bool]]) -> ColumnElement[bool]:
    """Which calls. `within`: the other conditions; the longest wait is that among their calls. Raises BadInput."""
    figure = named(drill.figure)
    if figure.name == LONGEST:
        longest = select(func.max(_wait())).where(*within, _waited()).scalar_subquery()
        return and_(_waited(), _wait() == longest)
    numerator, denominator = figure.ratio(cast("Tally", _Adds(drill.threshold, drill.short)))
    inside: Any = denominator
    if drill.part == "denominator" or figure.in_seconds:
        return cast("ColumnElement[bool]", inside != 0)
    hit: Any = numerator
    if drill.part == "numerator":
        return cast("ColumnElement[bool]", hit != 0)
    return and_(inside != 0, hit == 0)


def named(text: str) -> Figure:
    name, _, variant = text.partition(":")
    if name == "connection_rate" and variant.startswith("rolling24h_"):
        variant = "queue"
    found = [figure for figure in FIGURES if figure.name == name and variant in ("", figure.variant)]
    if len(found) == 1:
        return found[0]
    variants = ", ".join(f"{figure.name}:{figure.variant}" for figure in found or FIGURES)
    raise BadInput(f"figure: {text[:60]!r} names not one figure; take one of {variants}")


class _Adds:
    """What one call adds to a Tally, as SQL: the same names."""

    def __init__(self, threshold: int, short: int) -> None:
        row = CallRow
        answered, abandoned = row.answered_at.is_not(None), row.outcome == "abandoned_queue"
        has_wait = and_(answered, row.queued_at.is_not(None))
        rung = and_(answered, row.first_ring_at.is_not(None))
        ring = micros(row.answered_at) - micros(row.first_ring_at)
        self.calls: Any = literal(1)
        self.to_seat = _one(row.queued_at.is_not(None))
        self.answered = _one(answered)
        self.answered_within = _one(and_(has_wait, _wait() <= threshold))
        self.rung = _one(rung)
        self.rung_within = _one(and_(rung, ring <= threshold))
        self.abandoned = _one(abandoned)
        self.abandoned_within = _one(and_(_waited(), abandoned, _wait() <= threshold))
        self.short_abandons = _one(and_(_waited(), abandoned, _wait() <= short))
        self.talks = _one(and_(answered, row.ended_at.is_not(None)))
        self.waited = self.talked = self.held = self.wrapped_up = self.talks
        """Only for means, whose numerator nobody asks for."""
        self.rated = _one(and_(answered, row.grade.is_not(None)))
        self.grades = [_one(false()), *(_one(and_(answered, row.grade == grade)) for grade in range(1, 6))]
        self.offered = _one(and_(answered, row.survey_offered))
        self.live = _one(row.outcome.is_(None))
        self.outcomes = {outcome: _one(row.outcome == outcome) for outcome in OUTCOMES}


def _one(when: ColumnElement[bool]) -> Any:
    return case((when, 1), else_=0)


def _wait() -> ColumnElement[int]:
    """In the queue, of answered and abandoned calls."""
    over = case((CallRow.answered_at.is_not(None), micros(CallRow.answered_at)), else_=micros(CallRow.ended_at))
    return over - micros(CallRow.queued_at)


def _waited() -> ColumnElement[bool]:
    gave_up = and_(CallRow.outcome == "abandoned_queue", CallRow.ended_at.is_not(None))
    return and_(CallRow.queued_at.is_not(None), CallRow.answered_at.is_not(None) | gave_up)

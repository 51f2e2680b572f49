"""What one call adds to a Tally, as SQL: the same names, so that the figures' own formulas work over it, too.

Nothing is defined a second time but these counters, and the tests hold them against the Tally. Whole microseconds only:
calls whose times have more digits (`call.finer`) must be read as facts.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal

from callcenter.call.table import CallRow
from callcenter.instants import Micros
from callcenter.report.definitions import Tally
from callcenter.report.definitions.tally import OUTCOMES
from callcenter.report.repository import micros

SUMS = (
    *("calls", "to_seat", "answered", "answered_within", "rung", "rung_within", "abandoned", "abandoned_within"),
    *(
        "abandoned_rung",
        "short_abandons",
        "waited",
        "talks",
        "talked",
        "held",
        "wrapped_up",
        "rated",
        "offered",
        "live",
    ),
)
"""Fields of the Tally that add up."""


class Adds:
    def __init__(self, threshold: int, short: int) -> None:
        row = CallRow
        answered, abandoned = row.answered_at.is_not(None), row.outcome == "abandoned_queue"
        has_wait = and_(answered, row.queued_at.is_not(None))
        rung = and_(answered, row.first_ring_at.is_not(None))
        over = and_(answered, row.ended_at.is_not(None))
        ring = micros(row.answered_at) - micros(row.first_ring_at)
        self.calls: Any = literal(1)
        self.to_seat = one(row.queued_at.is_not(None))
        self.answered = one(answered)
        self.answered_within = one(and_(has_wait, wait() <= threshold))
        self.rung = one(rung)
        self.rung_within = one(and_(rung, ring <= threshold))
        self.abandoned = one(abandoned)
        self.abandoned_rung = one(and_(abandoned, row.first_ring_at.is_not(None)))
        gave_up = and_(abandoned, row.queued_at.is_not(None), row.ended_at.is_not(None))
        lost = micros(row.ended_at) - micros(row.queued_at)
        self.abandoned_within = one(and_(gave_up, lost <= threshold))
        self.short_abandons = one(and_(gave_up, lost <= short))
        self.waited = much(has_wait, micros(row.answered_at) - micros(row.queued_at))
        self.talks = one(over)
        self.talked = much(over, micros(row.ended_at) - micros(row.answered_at) - row.hold_micros)
        self.held = much(over, row.hold_micros)
        wrapped = and_(over, row.wrap_up_ended_at.is_not(None))
        self.wrapped_up = much(wrapped, micros(row.wrap_up_ended_at) - micros(row.ended_at))
        self.longest_wait = case((waited(), wait()))
        self.rated = one(and_(answered, row.grade.is_not(None)))
        self.grades = [literal(0), *(one(and_(answered, row.grade == grade)) for grade in range(1, 6))]
        self.offered = one(and_(answered, row.survey_offered))
        self.live = one(row.outcome.is_(None))
        self.outcomes = {outcome: one(row.outcome == outcome) for outcome in OUTCOMES}

    def sums(self) -> list[ColumnElement[Any]]:
        """Columns of a query that adds calls up; `tally` reads them."""
        adding = (
            *(getattr(self, name) for name in SUMS),
            *self.grades[1:],
            *self.outcomes.values(),
        )
        return [*(func.sum(column) for column in adding), func.max(self.longest_wait)]


def tally(row: Row[Any] | Sequence[Any], threshold: Micros, short: Micros) -> Tally:
    """Of the values of `Adds.sums`; over no calls at all they are None."""
    *values, longest = row
    numbers = [int(value or 0) for value in values]
    grades = numbers[len(SUMS) : len(SUMS) + 5]
    return Tally(
        threshold,
        short,
        **dict(zip(SUMS, numbers, strict=False)),
        grades=[0, *grades],
        outcomes=dict(zip(OUTCOMES, numbers[len(SUMS) + 5 :], strict=True)),
        longest_wait=None if longest is None else int(longest),
    )


def one(when: ColumnElement[bool]) -> Any:
    return case((when, 1), else_=0)


def much(when: ColumnElement[bool], micros_: Any) -> Any:
    return case((when, micros_), else_=0)


def wait() -> ColumnElement[int]:
    """In the queue, of answered and abandoned calls."""
    over = case((CallRow.answered_at.is_not(None), micros(CallRow.answered_at)), else_=micros(CallRow.ended_at))
    return over - micros(CallRow.queued_at)


def waited() -> ColumnElement[bool]:
    gave_up = and_(CallRow.outcome == "abandoned_queue", CallRow.ended_at.is_not(None))
    return and_(CallRow.queued_at.is_not(None), CallRow.answered_at.is_not(None) | gave_up)

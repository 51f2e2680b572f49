"""Tallies out of the sums of many quarters: the database adds, by value and step of time."""

from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from callcenter.instants import Micros
from callcenter.report.adding import SUMS
from callcenter.report.definitions import Tally
from callcenter.report.definitions.groups import OFFSET, Key
from callcenter.report.definitions.tally import OUTCOMES
from callcenter.report.rollup.keys import value_of
from callcenter.report.rollup.table import ADDED, GRADES, QUARTER, ROLLUP

TABLE = ROLLUP.c

Limits = tuple[Micros, Micros]
"""Threshold and short."""


def read(
    session: Session, kind: str, stretches: Sequence[range], step: int | None, limits: Limits
) -> Iterator[tuple[Key, int | None, Tally]]:
    """(value, beginning of the step of time, tally) over stretches of rows.

    `step`: in China's clock, whole lengths of the kind's rows; None: no steps. `limits`: those that the rows were
    counted with. Groups without calls come not.
    """
    counted = [TABLE[name] for name in ADDED]
    if step == QUARTER:  # each row is a group of its own
        query = select(TABLE.key, TABLE.value, TABLE.longest_wait, *counted, TABLE.quarter)
    else:
        local = TABLE.quarter + OFFSET
        begin = () if step is None else ((TABLE.quarter - ((local % step) + step) % step).label("step"),)
        summed = (cast(func.sum(column), BigInteger) for column in counted)
        query = select(TABLE.key, func.max(TABLE.value), func.max(TABLE.longest_wait), *summed, *begin)
        query = query.group_by(TABLE.key, *begin)
    query = query.where(TABLE.kind == kind, within(stretches), TABLE.calls > 0)
    for row in session.execute(query):
        key, stored, longest, *numbers = row
        start = None if step is None else int(numbers.pop())
        yield value_of(key, stored), start, _tally(limits, longest, numbers)


def within(stretches: Sequence[range]) -> ColumnElement[bool]:
    return or_(*(and_(TABLE.quarter >= one.start, TABLE.quarter < one.stop) for one in stretches))


def _tally(limits: Limits, longest: int | None, numbers: Sequence[int]) -> Tally:
    named = dict(zip(ADDED, numbers, strict=True))
    return Tally(
        *limits,
        **{name: named[name] for name in SUMS},
        grades=[0, *(named[name] for name in GRADES)],
        outcomes={name: named[name] for name in OUTCOMES},
        longest_wait=longest,
    )

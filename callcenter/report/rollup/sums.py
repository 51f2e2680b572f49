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
from callcenter.report.rollup.table import ADDED, GRADES, ROLLUP

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
    begin = None
    if step is not None:
        local = TABLE.quarter + OFFSET
        begin = (TABLE.quarter - ((local % step) + step) % step).label("step")
    query = (
        select(
            TABLE.key,
            func.max(TABLE.value),
            func.max(TABLE.longest_wait),
            *(cast(func.sum(TABLE[name]), BigInteger) for name in ADDED),
            *(() if begin is None else (begin,)),
        )
        .where(TABLE.kind == kind, within(stretches), TABLE.calls > 0)
        .group_by(TABLE.key, *(() if begin is None else (begin,)))
    )
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

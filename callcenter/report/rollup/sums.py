"""Tallies out of the sums of many quarters: the database adds, by value and step of time."""

from collections.abc import Iterator, Sequence

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session

from callcenter.report.adding import SUMS
from callcenter.report.definitions import Question, Tally
from callcenter.report.definitions.groups import OFFSET, Key
from callcenter.report.definitions.tally import OUTCOMES
from callcenter.report.rollup.keys import value_of
from callcenter.report.rollup.table import ADDED, GRADES, ROLLUP

TABLE = ROLLUP.c


def read(
    session: Session,
    kind: str,
    begin: int,
    finish: int,
    span: int | None,
    without: Sequence[int],
    question: Question,
) -> Iterator[tuple[Key, int | None, Tally]]:
    """(value, beginning of the step of time, tally) over the quarters from `begin` to before `finish`.

    `span`: length of the steps in China's clock, whole quarters; None: no steps. Groups without calls come not.
    """
    step = None
    if span is not None:
        local = TABLE.quarter + OFFSET
        step = (TABLE.quarter - ((local % span) + span) % span).label("step")
    query = (
        select(
            TABLE.key,
            func.max(TABLE.value),
            func.max(TABLE.longest_wait),
            *(cast(func.sum(TABLE[name]), BigInteger) for name in ADDED),
            *(() if step is None else (step,)),
        )
        .where(TABLE.kind == kind, TABLE.quarter >= begin, TABLE.quarter < finish, TABLE.calls > 0)
        .group_by(TABLE.key, *(() if step is None else (step,)))
    )
    if without:
        query = query.where(TABLE.quarter.not_in(without))
    for row in session.execute(query):
        key, stored, longest, *numbers = row
        start = None if step is None else int(numbers.pop())
        yield value_of(key, stored), start, _tally(question, longest, numbers)


def _tally(question: Question, longest: int | None, numbers: Sequence[int]) -> Tally:
    named = dict(zip(ADDED, numbers, strict=True))
    return Tally(
        question.threshold,
        question.short,
        **{name: named[name] for name in SUMS},
        grades=[0, *(named[name] for name in GRADES)],
        outcomes={name: named[name] for name in OUTCOMES},
        longest_wait=longest,
    )

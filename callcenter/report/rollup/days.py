"""Days in China's clock, added up from their quarters: a month of a seat is 31 rows to read and not 3,000.

A day has its rows when it lies before the day of the last call, and none of its quarters has a mark. Whatever builds a
quarter anew takes its day away; so a day that is there is the sum of its quarters as they are stored.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy.orm import Session

from callcenter.instants import DAY
from callcenter.report.definitions import Tally
from callcenter.report.rollup import kept, repository, sums
from callcenter.report.rollup.build import row
from callcenter.report.rollup.repository import day_of
from callcenter.report.rollup.table import DAYS, KINDS
from callcenter.report.rollup.windows import between, latest_of, lowest_of, runs

NO_LIMITS = (0, 0)
"""What was counted is only added up."""

Pieces = list[tuple[str, list[range]]]
"""Kinds of rows, and the stretches to be read from them."""


def pieces(session: Session, kind: str, begin: int, finish: int, without: Sequence[int], step: int | None) -> Pieces:
    """All quarters from `begin` to before `finish` but those in `without`, in as few rows as can be.

    `step`: the rows must not be longer than that; None: as long as they are.
    """
    broken = list(runs(without))
    if step is not None and step < DAY:
        return [(kind, between(begin, finish, broken))]
    spoilt = {day_of(quarter) for quarter in without}
    whole = list(runs([day for day in repository.days(session, begin, finish) if day not in spoilt], DAY))
    found = [(DAYS[kind], whole), (kind, between(begin, finish, [*broken, *whole]))]
    return [(stored, stretches) for stored, stretches in found if stretches]


def sum_up(session: Session, some: Iterable[int]) -> None:
    """Write the days that need it, out of these and the ones before them."""
    last = repository.last_started(session)
    if last is None:
        repository.forget_days(session, None)
        return
    today = day_of(last)
    repository.forget_days(session, today)
    before = (repository.last_header(session, day) for day in some)
    asked = {*some, *(day_of(quarter) for quarter in before if quarter is not None)}
    for day in sorted(asked):
        known = repository.days(session, day, day + DAY)
        if day < today and not known and not repository.marked(session, day, day + DAY):
            repository.add(session, rows(session, day))


def missing(session: Session) -> list[int]:
    """Days that were rolled up before there were days."""
    last = repository.last_started(session)
    if last is None:
        return []
    rolled = {day_of(quarter) for quarter in repository.headers(session, None, day_of(last))}
    return sorted(rolled - set(repository.days(session)))


def rows(session: Session, day: int) -> list[dict[str, Any]]:
    """What the day's rows must be, given those of its quarters. Sorted."""
    whole = [range(day, day + DAY)]
    made = []
    for kind in KINDS:
        tallies = {value: tally for value, _start, tally in sums.read(session, kind, whole, None, NO_LIMITS)}
        worst, latest = defaultdict(list), defaultdict(list)  # type: kept.Found, kept.Found
        kept.add(session, kind, whole, worst, latest)
        for value in {**tallies, **latest}:
            both = lowest_of(worst[value]), latest_of(latest[value])
            made.append(row(DAYS[kind], day, value, tallies.get(value) or Tally(*NO_LIMITS), both))
    return sorted(made, key=lambda one: (one["kind"], one["key"]))

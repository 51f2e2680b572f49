"""Building the roll-ups anew, and comparing them with the records."""

from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from callcenter.instants import DAY
from callcenter.report.rollup import days, repository
from callcenter.report.rollup.before import Before
from callcenter.report.rollup.refresh import Progress, Refresh
from callcenter.report.rollup.table import QUARTER
from callcenter.storage.database import Database


class Difference(NamedTuple):
    quarter: int
    what: str


def rebuild(
    database: Database,
    refresh: Refresh,
    start: int | None = None,
    end: int | None = None,
    progress: Progress = lambda _count: None,
) -> int:
    """Throw away the rows of the quarters from `start` to before `end` and build them from the records.

    Reports stay exact meanwhile: a quarter without rows is read from the records. Returns the quarters built.
    """
    with database.begin() as session:
        repository.lock(session)
        repository.mark_all(session, start, end)
        repository.forget(session, start, end)
    return refresh.run(progress=progress)


def differences(
    session: Session, refresh: Refresh, start: int | None = None, end: int | None = None
) -> list[Difference]:
    """Quarters whose rows are not those that the records give, ascending. Changed quarters that still wait to be
    built, and the day after each, are no difference."""
    waiting = repository.marked(session)
    unsure = {later for quarter in waiting for later in range(quarter, quarter + DAY + QUARTER, QUARTER)}
    found = []
    day = Before(session)
    for quarter in repository.headers(session, start, end):
        if quarter in unsure:
            continue
        built = refresh.built(session, quarter, day)
        if built.header != repository.header(session, quarter):
            found.append(Difference(quarter, "the quarter itself"))
        found.extend(_unlike(quarter, repository.rows(session, quarter), built.rows))
    missing = set(repository.quarters_with_calls(session, start, end)) - set(repository.headers(session, start, end))
    found.extend(Difference(quarter, "not rolled up") for quarter in missing - unsure)
    for begin in repository.days(session, None if start is None else repository.day_of(start), end):
        if unsure.isdisjoint(range(begin, begin + DAY, QUARTER)):
            found.extend(_unlike(begin, repository.rows_of_day(session, begin), days.rows(session, begin)))
    return sorted(found)


def _unlike(begin: int, kept: list[dict[str, Any]], made: list[dict[str, Any]]) -> list[Difference]:
    """At most one difference."""
    if kept == made:
        return []
    pairs = zip(kept, made, strict=False)
    names = sorted({name for mine, theirs in pairs for name in mine if mine[name] != theirs[name]})
    return [Difference(begin, ", ".join(names) or f"{len(kept)} rows instead of {len(made)}")]

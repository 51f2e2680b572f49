"""Worst and last windows that are stored: those of them that may be the lowest and the last of several rows."""

from collections.abc import Sequence
from functools import partial

from sqlalchemy import Float, case, cast, func, over, select
from sqlalchemy.orm import Session

from callcenter.report.definitions.groups import Key
from callcenter.report.definitions.rolling import Window
from callcenter.report.rollup.keys import value_of
from callcenter.report.rollup.sums import within
from callcenter.report.rollup.table import ROLLUP, WINDOWS

TABLE = ROLLUP.c
ROUNDING = 1e-9
"""Rates closer than that are compared exactly, outside of the database."""

Found = dict[Key, list[Window | None]]


def add(session: Session, kind: str, stretches: Sequence[range], worst: Found, latest: Found) -> None:
    """By value. Of each value the rows with the lowest rates, as many as lie too near to one another, and the last one.

    One pass over the rows: a join of them with their own extremes depends on statistics that lag behind a build.
    """
    rate = cast(TABLE.worst_answered, Float) / TABLE.worst_queued
    of_value = partial(over, partition_by=TABLE.key)
    rows = (
        select(
            *(TABLE[name] for name in ("key", "value", "quarter", *WINDOWS)),
            rate.label("rate"),
            of_value(func.min(rate)).label("lowest"),
            of_value(func.max(case((TABLE.last_at.is_not(None), TABLE.quarter)))).label("newest"),
        )
        .where(TABLE.kind == kind, within(stretches))
        .subquery()
    ).c
    wanted = (rows.rate <= rows.lowest + ROUNDING) | (rows.quarter == rows.newest)
    query = select(rows.key, rows.value, *(rows[name] for name in WINDOWS)).where(wanted)
    for key, stored, low_answered, low_queued, low_at, answered, queued, at in session.execute(query):
        value = value_of(key, stored)
        worst[value].append(None if low_at is None else (low_answered, low_queued, low_at))
        latest[value].append(None if at is None else (answered, queued, at))

"""How many lawyers a line needs: offered calls of the last weeks by quarter hour, through Erlang C."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.instants import CHINA, SECOND
from callcenter.report.definitions.groups import OFFSET
from callcenter.report.rollup.keys import value_of
from callcenter.report.rollup.table import QUARTER, ROLLUP
from callcenter.storage.columns import to_micros

WEEKS = 8
WEEK = timedelta(weeks=1)
SLOTS = 7 * 24 * 4
"""Quarters of a week."""
OCCUPANCY_MAX = 0.85
"""Nobody talks every second of his shift."""


def advice(
    session: Session, now: datetime, target: float, threshold_s: float
) -> Mapping[str, Mapping[tuple[int, int], int]]:
    """Line -> (weekday, hour in China) -> lawyers by whom a share `target` is answered within `threshold_s`.

    Monday is 0. An hour has what its busiest quarter needs. A line without a week of history, or without a talk, is
    left out: too little is known.
    """
    begin, end = to_micros(now - WEEKS * WEEK), to_micros(now)
    rows = ROLLUP.c
    chosen = (rows.kind == "line", rows.quarter >= begin, rows.quarter < end)
    first = session.scalar(select(func.min(rows.quarter)).where(*chosen))
    weeks = 0 if first is None else min(WEEKS, (end - int(first)) // (7 * 96 * QUARTER))
    if weeks == 0:
        return {}
    slot = ((rows.quarter + OFFSET) // QUARTER) % SLOTS
    work = func.sum(rows.talked + rows.held + rows.wrapped_up)
    query = select(rows.key, rows.value, slot, func.sum(rows.to_seat), func.sum(rows.talks), work)
    offered: dict[str, dict[int, int]] = {}
    talks: dict[str, tuple[int, int]] = {}
    for key, value, number, calls, ended, micros in session.execute(
        query.where(*chosen).group_by(rows.key, rows.value, slot)
    ):
        line = value_of(key, value)
        if line is None:
            continue
        offered.setdefault(line, {})[int(number)] = int(calls)
        known = talks.get(line, (0, 0))
        talks[line] = (known[0] + int(ended), known[1] + int(micros))
    return {
        line: _of_week(offered[line], weeks, micros / count / SECOND, target, threshold_s)
        for line, (count, micros) in talks.items()
        if count and micros
    }


def _of_week(
    offered: Mapping[int, int], weeks: int, handling_s: float, target: float, threshold_s: float
) -> dict[tuple[int, int], int]:
    needed: dict[tuple[int, int], int] = {}
    for slot in range(SLOTS):
        at = datetime(1970, 1, 1, tzinfo=CHINA) + slot * timedelta(minutes=15)  # slot 0 is a Thursday's first
        calls = offered.get(slot, 0) / weeks
        hour = (at.weekday(), at.hour)
        needed[hour] = max(needed.get(hour, 0), lawyers(calls, round(handling_s), threshold_s, target))
    return needed


@lru_cache(4_096)
def lawyers(calls: float, handling_s: float, threshold_s: float, target: float) -> int:
    """For so many calls in a quarter of an hour, each of which keeps one busy for `handling_s`."""
    from pyworkforce.queuing import ErlangC  # takes a second and 80 MB, which only who looks at the roster needs

    if calls == 0:
        return 0
    line = ErlangC(transactions=calls, aht=handling_s / 60, asa=threshold_s / 60, interval=15)
    return int(line.required_positions(target, OCCUPANCY_MAX)["raw_positions"])

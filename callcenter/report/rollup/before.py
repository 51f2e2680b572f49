"""Sums of the 24 hours before a quarter, moved on from quarter to quarter. Lives within one transaction."""

from collections import defaultdict

from sqlalchemy.orm import Session

from callcenter.instants import DAY
from callcenter.report.rollup import repository
from callcenter.report.rollup.table import QUARTER

Sums = dict[tuple[str, str], tuple[int, int]]
"""Answered and entered a queue, by kind and key."""

STEPS_MAX = 24
"""Over a wider gap it is quicker to read the day anew."""


class Before:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._quarter: int | None = None
        self._kept: dict[int, Sums] = {}
        self._sums: defaultdict[tuple[str, str], tuple[int, int]] = defaultdict(lambda: (0, 0))

    def at(self, quarter: int) -> Sums:
        """Of the 96 quarters in front of `quarter`, as they are stored now. Quickest when asked in ascending order."""
        known = self._quarter
        if known is None or not 0 <= quarter - known <= STEPS_MAX * QUARTER:
            self._kept.clear()
            self._sums.clear()
            known = quarter - DAY
        for at, sums in repository.sums(self._session, known, quarter).items():
            self._kept[at] = sums
            self._shift(sums, 1)
        for gone in [at for at in self._kept if at < quarter - DAY]:
            self._shift(self._kept.pop(gone), -1)  # exactly what was added, whatever is stored by now
        self._quarter = quarter
        return self._sums

    def _shift(self, sums: Sums, sign: int) -> None:
        for group, (answered, queued) in sums.items():
            known = self._sums[group]
            self._sums[group] = known[0] + sign * answered, known[1] + sign * queued

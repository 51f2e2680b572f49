"""What was opened, cited, and searched for in vain."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.consultation.table import ConsultationRow
from callcenter.knowledge.life.hot import Asked
from callcenter.knowledge.table import GapRow, UseRow

NEWEST = 5_000
"""Rows of a month that are read of each kind."""


@dataclass(frozen=True, slots=True)
class Use:
    opened: int = 0
    cited: int = 0
    dwell_s: int = 0
    """Seconds it was open, all readers together."""


class Usage:
    def __init__(self, session: Session) -> None:
        self._session = session

    def note_gap(self, at: datetime, words: str, topic: str | None, person: str, call: str | None) -> None:
        self._session.add(GapRow(at=at, words=words, topic=topic, person=person, call=call))

    def note_use(self, row: UseRow) -> None:
        self._session.add(row)

    def gaps(self, limit: int) -> Sequence[GapRow]:
        """The newest first."""
        return self._session.scalars(select(GapRow).order_by(GapRow.at.desc(), GapRow.id.desc()).limit(limit)).all()

    def counts(self, kind: str, target: str) -> dict[str, int]:
        """act -> times."""
        query = (
            select(UseRow.act, func.count().label("times"))
            .where(UseRow.kind == kind, UseRow.target == target)
            .group_by(UseRow.act)
        )
        return {row.act: row.times for row in self._session.execute(query)}

    def of_entries(self) -> dict[str, Use]:
        """Entry -> how it was used, ever."""
        query = (
            select(UseRow.target, UseRow.act, func.count().label("times"), func.sum(UseRow.dwell_s).label("dwell"))
            .where(UseRow.kind == "entry", UseRow.act.in_(("opened", "cited")))
            .group_by(UseRow.target, UseRow.act)
        )
        found: dict[str, dict[str, int]] = {}
        for row in self._session.execute(query):
            held = found.setdefault(row.target, {})
            held[row.act] = row.times
            held["dwell_s"] = held.get("dwell_s", 0) + int(row.dwell or 0)
        return {target: Use(**counts) for target, counts in found.items()}

    def topics(self, since: datetime, until: datetime) -> list[tuple[str, int]]:
        """Topics of the case records opened in between, the most frequent first."""
        times = func.count().label("times")
        query = (
            select(ConsultationRow.topic, times)
            .where(ConsultationRow.opened_at >= since, ConsultationRow.opened_at < until, ConsultationRow.topic != "")
            .group_by(ConsultationRow.topic)
            .order_by(times.desc(), ConsultationRow.topic)
        )
        return [(row.topic, row.times) for row in self._session.execute(query)]

    def asked(self, since: datetime, until: datetime) -> list[Asked]:
        """What callers and lawyers asked in between: case records, searches, and what was not found."""
        records = select(ConsultationRow.request).where(
            ConsultationRow.opened_at >= since, ConsultationRow.opened_at < until, ConsultationRow.request != ""
        )
        searches = select(UseRow.words).where(UseRow.at >= since, UseRow.at < until, UseRow.words.is_not(None))
        gaps = select(GapRow.words).where(GapRow.at >= since, GapRow.at < until)
        return [
            Asked(words, source)
            for source, query in (("record", records), ("search", searches), ("gap", gaps))
            for words in self._session.scalars(query.limit(NEWEST))
            if words
        ]

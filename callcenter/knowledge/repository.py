"""What was opened, cited, and searched for in vain."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.knowledge.table import GapRow, UseRow


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

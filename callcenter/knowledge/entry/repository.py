"""Queries on entries."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.knowledge.entry.model import Entry
from callcenter.knowledge.table import EntryRow, KnowledgeStateRow

MARK = "entries"


class Entries:
    def __init__(self, session: Session) -> None:
        self._session = session

    def mark(self) -> str:
        row = self._session.get(KnowledgeStateRow, MARK)
        return row.mark if row else ""

    def set_mark(self, mark: str) -> None:
        row = self._session.get(KnowledgeStateRow, MARK)
        if row is None:
            self._session.add(KnowledgeStateRow(name=MARK, mark=mark))
        else:
            row.mark = mark

    def digests(self) -> dict[str, str]:
        """Path -> digest of the file that is kept."""
        return {row.path: row.digest for row in self._session.execute(select(EntryRow.path, EntryRow.digest))}

    def keep(self, entry: Entry, digest: str) -> None:
        row = self._session.get(EntryRow, (entry.id, entry.language))
        if row is None:
            row = EntryRow(id=entry.id, language=entry.language)
            self._session.add(row)
        row.path, row.digest, row.data = entry.file, digest, entry.as_data()

    def drop(self, paths: Iterable[str]) -> None:
        gone = set(paths)
        for row in self._session.scalars(select(EntryRow)):
            if row.path in gone:
                self._session.delete(row)

    def all(self) -> list[Entry]:
        rows = self._session.scalars(select(EntryRow).order_by(EntryRow.id, EntryRow.language))
        return [Entry.from_data(row.path, row.data) for row in rows]

    def languages(self, entry: str) -> Sequence[EntryRow]:
        return self._session.scalars(select(EntryRow).where(EntryRow.id == entry)).all()

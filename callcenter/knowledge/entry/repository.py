"""Queries on entries."""

import uuid
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.knowledge.entry.model import Entry
from callcenter.knowledge.table import EntryRow, KnowledgeStateRow

MARK = "entries"
PUBLISHED = "published"
FILE, SITE = "file", "site"


class Entries:
    def __init__(self, session: Session) -> None:
        self._session = session

    def mark(self) -> str:
        """Of the files as last read."""
        return self._mark(MARK)

    def state(self) -> str:
        """Changes whenever any entry does, by its file or by somebody here."""
        return f"{self.mark()} {self._mark(PUBLISHED)}"

    def published_mark(self) -> str:
        """Of what this site published itself; empty: nothing yet."""
        return self._mark(PUBLISHED)

    def _mark(self, name: str) -> str:
        row = self._session.get(KnowledgeStateRow, name, populate_existing=True)
        return row.mark if row else ""

    def set_mark(self, mark: str, name: str = MARK) -> None:
        row = self._session.get(KnowledgeStateRow, name)
        if row is None:
            self._session.add(KnowledgeStateRow(name=name, mark=mark))
        else:
            row.mark = mark

    def digests(self) -> dict[str, str]:
        """Path -> digest of the file that is kept; without what was published here."""
        query = select(EntryRow.path, EntryRow.digest).where(EntryRow.source == FILE)
        return {row.path: row.digest for row in self._session.execute(query)}

    def keep(self, entry: Entry, digest: str) -> None:
        """From its file. What this site published itself stays."""
        row = self._session.get(EntryRow, (entry.id, entry.language))
        if row is not None and row.source == SITE:
            return
        self._keep(row, entry, digest, FILE)

    def publish(self, entry: Entry, digest: str) -> None:
        """From now on the words of this site count, not the file's."""
        self._keep(self._session.get(EntryRow, (entry.id, entry.language)), entry, digest, SITE)
        self.set_mark(uuid.uuid4().hex, PUBLISHED)

    def _keep(self, row: EntryRow | None, entry: Entry, digest: str, source: str) -> None:
        if row is None:
            row = EntryRow(id=entry.id, language=entry.language)
            self._session.add(row)
        row.path, row.digest, row.data, row.source = entry.file, digest, entry.as_data(), source
        self._session.flush()

    def drop(self, paths: Iterable[str]) -> None:
        gone = set(paths)
        for row in self._session.scalars(select(EntryRow).where(EntryRow.source == FILE)):
            if row.path in gone:
                self._session.delete(row)

    def all(self) -> list[Entry]:
        rows = self._session.scalars(select(EntryRow).order_by(EntryRow.id, EntryRow.language))
        return [Entry.from_data(row.path, row.data) for row in rows]

    def get(self, entry: str, language: str) -> Entry | None:
        row = self._session.get(EntryRow, (entry, language))
        return None if row is None else Entry.from_data(row.path, row.data)

    def rows(self) -> Sequence[EntryRow]:
        return self._session.scalars(select(EntryRow).order_by(EntryRow.id, EntryRow.language)).all()

    def languages(self, entry: str) -> Sequence[EntryRow]:
        return self._session.scalars(select(EntryRow).where(EntryRow.id == entry)).all()

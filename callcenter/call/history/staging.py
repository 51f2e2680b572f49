"""A temporary database for one import: rows wait here until the last line has been read, ids are compared here.

So the real database is locked only while it takes the rows over, and memory stays small for any length of file.
Callers' numbers arrive here encrypted. The file is nameless and gone with the process.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Self

CACHE_KIB = 32_768


class Staging:
    def __init__(self, columns: Sequence[str]) -> None:
        self._width = len(columns)
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode=OFF")
        self._db.execute("PRAGMA synchronous=OFF")
        self._db.execute(f"PRAGMA cache_size=-{CACHE_KIB}")
        self._db.execute("CREATE TABLE seen (id TEXT PRIMARY KEY, line INTEGER) WITHOUT ROWID")
        self._db.execute(f"CREATE TABLE staged ({', '.join(columns)})")
        self._db.execute("BEGIN")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def see(self, ids: Sequence[tuple[str, int]]) -> dict[int, int]:
        """Note (id, line) in the order of lines. Returns line -> first line with the same id, for the doubled ones."""
        before = self._db.total_changes
        self._db.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?)", ids)
        if self._db.total_changes - before == len(ids):
            return {}
        doubled = {}
        for key, line in ids:
            (first,) = self._db.execute("SELECT line FROM seen WHERE id = ?", (key,)).fetchone()
            if first != line:
                doubled[line] = first
        return doubled

    def stage(self, rows: Iterable[Sequence[Any]]) -> None:
        marks = ",".join("?" * self._width)
        self._db.executemany(f"INSERT INTO staged VALUES ({marks})", rows)  # noqa: S608 - only question marks

    def rows(self, size: int) -> Iterator[list[tuple[Any, ...]]]:
        """What was staged, in order, in lists of `size`."""
        cursor = self._db.execute("SELECT * FROM staged ORDER BY rowid")
        while batch := cursor.fetchmany(size):
            yield batch

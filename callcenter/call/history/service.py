"""Takes a call history from a CSV file into the table `call`: all rows or none."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, BinaryIO, NamedTuple

from psycopg.errors import UniqueViolation
from sqlalchemy import Connection, select
from sqlalchemy.exc import IntegrityError

from callcenter.call.history.errors import Faults, whole_file
from callcenter.call.history.reader import NotUtf8, Record, records
from callcenter.call.history.rules import COLUMNS, check, key_of
from callcenter.call.history.staging import Staging
from callcenter.call.table import CallRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

BATCH = 1_000

STORED = (
    "id", "long_id", "caller", "caller_hash", "source", "line", "language", "topic", "place", "law_firm",
    "started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "left_at", "wrap_up_ended_at",
    "finer", "hold_micros", "ended_by", "outcome", "seat", "survey_offered", "grade",
)  # fmt: skip
_CONSTANT = {"node": "", "state": "ended", "rings": "[]"}
_COLUMNS = ", ".join((*STORED, *_CONSTANT))
_INSERT = f"INSERT INTO call ({_COLUMNS}) VALUES ({', '.join('?' * (len(STORED) + len(_CONSTANT)))})"  # noqa: S608
_COPY = f"COPY call ({_COLUMNS}) FROM STDIN"
"""Written out for each driver: a million rows through the model's own types take three times as long."""

Progress = Callable[[int], None]
"""Told how many lines have been read, after each batch."""


class _Row(NamedTuple):
    """A record after its own checks. `key` is None when the `call_id` is not fit to be compared."""

    line: int
    key: str | None
    faults: dict[str, str]
    """Column, or `-`, to reason."""
    values: dict[str, Any]


def import_history(
    database: Database, vault: NumberVault, file: BinaryIO, progress: Progress = lambda _lines: None
) -> int:
    """Number of calls imported. Raises HistoryRefused with every fault, and then nothing has been imported."""
    faults = Faults()
    with Staging(STORED) as staging:
        try:
            unread = records(file)
            _check_header(next(unread, None))
            rows = _checked(unread, vault)
            recorded = _any_recorded(database)
            while batch := list(islice(rows, BATCH)):
                _compare(batch, staging, database if recorded else None)
                _report(batch, faults)
                if not faults.count:
                    staging.stage([[row.values[name] for name in STORED] for row in batch])
                progress(batch[-1].line)
        except NotUtf8 as error:
            raise whole_file(str(error)) from None
        if faults.count:
            raise faults.refusal()
        return _store(database, staging)


def _check_header(header: Record | None) -> None:
    if header is None:
        raise whole_file(f"the file is empty; its first line must be {','.join(COLUMNS)}")
    if header.fault:
        raise whole_file(header.fault)
    if tuple(header.cells) == COLUMNS:
        return
    for number, name in enumerate(COLUMNS):
        found = header.cells[number] if number < len(header.cells) else ""
        if found != name:
            raise whole_file(f"column {number + 1} must be named {name}, not {found[:40]!r}")
    raise whole_file(f"more than {len(COLUMNS)} columns; the last one must be {COLUMNS[-1]}")


def _checked(unread: Iterable[Record], vault: NumberVault) -> Iterator[_Row]:
    for record in unread:
        if record.fault:
            yield _Row(record.line, None, {"-": record.fault}, {})
        elif len(record.cells) != len(COLUMNS):
            yield _Row(record.line, None, {"-": _wrong_count(record.cells)}, {})
        else:
            values, faults = check(record.cells)
            if values:
                caller = record.cells[COLUMNS.index("caller")]
                values |= {"caller": vault.seal(caller), "caller_hash": vault.search_hash(caller)}
            key = None if "call_id" in faults else key_of(record.cells[0])
            yield _Row(record.line, key, faults, values)


def _wrong_count(cells: list[str]) -> str:
    if cells == [""]:
        return "an empty line"
    found = f"{len(cells)} cells" if len(cells) <= len(COLUMNS) else "more cells"
    return f"{found} instead of {len(COLUMNS)}"


def _any_recorded(database: Database) -> bool:
    with database.read() as session:
        return session.scalar(select(CallRow.id).limit(1)) is not None


def _compare(batch: list[_Row], staging: Staging, recorded: Database | None) -> None:
    """Rule 28. Adds to the rows' faults."""
    keyed = [(row.key, row.line) for row in batch if row.key is not None]
    doubled = staging.see(keyed)
    known: set[str] = set()
    if recorded and keyed:
        with recorded.read() as session:
            known.update(session.scalars(select(CallRow.id).where(CallRow.id.in_([key for key, _ in keyed]))))
    for row in batch:
        if row.key is None:
            continue
        if row.line in doubled:
            row.faults["call_id"] = f"the same as in line {doubled[row.line]}"
        elif row.key in known:
            row.faults["call_id"] = "already on record"


def _report(batch: list[_Row], faults: Faults) -> None:
    for row in batch:
        for name in sorted(row.faults, key=("-", *COLUMNS).index):
            faults.add(row.line, name, row.faults[name])


def _store(database: Database, staging: Staging) -> int:
    count = 0
    constant = tuple(_CONSTANT.values())
    try:
        with database.begin() as session:
            for batch in staging.rows(BATCH):
                _write(session.connection(), [row + constant for row in batch])
                count += len(batch)
    except (IntegrityError, UniqueViolation):
        raise whole_file(
            "a call_id of the file came on record while it was read; nothing was imported, run the import again"
        ) from None
    return count


def _write(connection: Connection, rows: list[tuple[Any, ...]]) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_INSERT, rows)
        return
    driver: Any = connection.connection  # psycopg's own interface, which SQLAlchemy does not describe
    with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
        for row in rows:
            copy.write_row(row)

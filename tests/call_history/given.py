"""Call histories as text: an answered call whose cells a test changes by name."""

import csv
import io
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.call.history import COLUMNS, HistoryRefused, import_history
from callcenter.config import Settings
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

HEADER = ",".join(COLUMNS)

needs_one_database = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""For rules that are decided before any database is asked."""

ANSWERED = {
    "call_id": "c-1",
    "caller": "13812342346",
    "source": "direct",
    "line": "zh",
    "language": "zh",
    "topic": "劳动",
    "place": "513200",
    "started_at": "2026-01-05T10:00:00+08:00",
    "queued_at": "2026-01-05T10:00:10+08:00",
    "first_ring_at": "2026-01-05T10:00:12+08:00",
    "answered_at": "2026-01-05T10:00:20+08:00",
    "ended_at": "2026-01-05T10:05:20+08:00",
    "wrap_up_ended_at": "2026-01-05T10:05:50+08:00",
    "hold_seconds": "30",
    "ended_by": "caller",
    "outcome": "answered",
    "seat": "1001",
    "law_firm": "firm",
    "survey_offered": "1",
    "grade": "1",
}

ABANDONED = ANSWERED | {
    "outcome": "abandoned_queue",
    "answered_at": "",
    "ended_at": "2026-01-05T10:00:40+08:00",
    "wrap_up_ended_at": "",
    "hold_seconds": "",
    "seat": "",
    "law_firm": "",
    "survey_offered": "0",
    "grade": "",
}

LEFT_IN_MENU = ABANDONED | {"outcome": "abandoned_ivr", "queued_at": "", "first_ring_at": "", "line": ""}


def history(*rows: dict[str, str]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([row[name] for name in COLUMNS] for row in rows)
    return text.getvalue().encode()


def numbered(*rows: dict[str, str]) -> list[dict[str, str]]:
    return [row | {"call_id": f"c-{number}"} for number, row in enumerate(rows, 1)]


def vault(settings: Settings) -> NumberVault:
    return NumberVault(secrets.ensure(settings.home))


def take(database: Database, settings: Settings, content: bytes) -> list[str]:
    """Imports; the faults, empty when the import went through."""
    try:
        import_history(database, vault(settings), io.BytesIO(content))
    except HistoryRefused as error:
        refused = error
    else:
        return []
    assert not refused.more
    return refused.lines


def write(folder: Path, content: bytes) -> Path:
    path = folder / "history.csv"
    path.write_bytes(content)
    return path


def row_faults(faults_of, **cells: str) -> list[str]:
    found = faults_of(history(ANSWERED | cells))
    assert all(line == 2 for line, _ in found)
    return [column for _, column in found]

"""A golden week of calls, by the cells of a history file."""

from datetime import datetime, timedelta
from typing import Any

from callcenter.config import Settings
from callcenter.storage.database import Database
from tests.call_history.given import ABANDONED, ANSWERED, LEFT_IN_MENU, history, numbered, take

FORMULA = '=HYPERLINK("http://example.invalid","x")'
"""What a careless export would run on the reader's machine."""
TIMES = ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "wrap_up_ended_at")


def moved(row: dict[str, str], **by: float) -> dict[str, str]:
    """The same call, later."""
    shift = timedelta(**by)
    later = {name: (datetime.fromisoformat(row[name]) + shift).isoformat() for name in TIMES if row[name]}
    return row | later


def golden() -> list[dict[str, str]]:
    """January 2026: 8 calls of the 5th, 2 of the 9th; December 2025: 1."""
    tibetan = ANSWERED | {"language": "bo", "line": "bo", "seat": "1002", "law_firm": "雪域律师事务所", "grade": "5"}
    return numbered(
        ANSWERED,
        moved(ANSWERED | {"grade": "3", "topic": "civil.labour_pay"}, hours=1),
        moved(ANSWERED | {"grade": "", "topic": FORMULA, "law_firm": "+SUM(A1)", "place": "@康定"}, hours=2),
        moved(tibetan, hours=3),
        ABANDONED,
        moved(ABANDONED | {"language": "mn", "line": "mn"}, minutes=7),
        LEFT_IN_MENU,
        moved(ANSWERED | {"survey_offered": "0", "grade": ""}, hours=5),
        moved(tibetan | {"grade": "4"}, days=4),
        moved(ABANDONED, days=4, hours=2),
        moved(ANSWERED, days=-20),
    )


def stored(database: Database, settings: Settings, rows: list[dict[str, str]] | None = None) -> None:
    assert take(database, settings, history(*(rows or golden()))) == []


def cells(book: Any, name: str) -> list[list[Any]]:
    """The rows under the names of the columns."""
    return [[cell.value for cell in row] for row in book[name].iter_rows(min_row=4)]

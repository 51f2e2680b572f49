"""The golden files, and the command line on an empty home of either database."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from callcenter.config import Settings

FOLDER = Path(__file__).parent / "golden"

Run = Callable[..., Any]


@pytest.fixture
def on_both(callcenter: Run, database_settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The test that asks for it runs once on SQLite and once on PostgreSQL."""
    monkeypatch.setenv("CALLCENTER_DATABASE_URL", database_settings.database_url)
    return callcenter


def fractions(part: dict[str, Any]) -> dict[str, list[Any]]:
    return {
        f"{one['name']}:{one['variant']}": [one["numerator"], one["denominator"], *([one["at"]] if "at" in one else [])]
        for one in part["figures"]
    }

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.recording.service import RecordingService
from callcenter.storage.database import Database


class HandClock:
    """Shows the time it was set to."""

    def __init__(self) -> None:
        self.time = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def go_on(self, by: timedelta) -> None:
        self.time += by


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def settings(database_settings: Settings) -> Settings:
    return database_settings


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.recordings_dir


@pytest.fixture
def service(settings: Settings, database: Database, clock: HandClock) -> RecordingService:
    return RecordingService(settings, database, clock)

import pytest

from callcenter.config import Settings
from callcenter.storage.database import Database
from tests.reconcile.given import RecordedDay


@pytest.fixture
def day(database_settings: Settings, database: Database) -> RecordedDay:
    return RecordedDay(database_settings, database)

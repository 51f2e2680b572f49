"""A knowledge base of a few entries and statutes, and, for the scores, the large one."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.knowledge.service import Knowledge
from callcenter.knowledge.statutes.service import import_laws
from callcenter.storage.database import Database, migrate
from tests.knowledge.given import LAWS_DIR, NO_LAWS, write_knowledge, write_laws


class Clock:
    at = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def knowledge_settings(database_settings: Settings, tmp_path: Path) -> Settings:
    folder = write_knowledge(tmp_path / "kb")
    return database_settings.model_copy(update={"knowledge_dir": folder})


@pytest.fixture
def knowledge(database: Database, knowledge_settings: Settings, tmp_path: Path) -> Knowledge:
    """The small one."""
    import_laws(database, write_laws(tmp_path / "laws"), lambda *_: None)
    return Knowledge(database, knowledge_settings, Clock())


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, Settings]]:
    """All entries and the whole collection of statutes; half a minute."""
    if not LAWS_DIR.is_dir():
        pytest.skip(NO_LAWS)
    settings = Settings(home=tmp_path_factory.mktemp("whole"))
    database = Database(settings)
    migrate(database)
    import_laws(database, LAWS_DIR, lambda *_: None)
    yield database, settings
    database.close()

"""Fixtures for every test: a clean, migrated database, once on SQLite and once on PostgreSQL."""

import itertools
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from callcenter.config import Settings
from callcenter.storage.database import Database, migrate
from tests import postgres
from tests.given import examples

_number = itertools.count(1)

settings.register_profile("steady", derandomize=True, max_examples=examples(100))
settings.register_profile("searching", max_examples=examples(100))
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
"""The same examples in every run, so that a red run is the fault of what changed. `HYPOTHESIS_PROFILE=searching make
test` looks for new ones."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Telephones and screens do not know the database: `make test` tells their stories on SQLite, `make test-long` on
    both. The crowd, in which every figure is compared, is told on both in either."""
    for item in items:
        real = item.get_closest_marker("asterisk") or item.get_closest_marker("browser")
        if real and item.get_closest_marker("postgres") and not item.get_closest_marker("both"):
            item.add_marker(pytest.mark.long)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings of the person who runs the tests must not change them."""
    for name in list(os.environ):
        if name.startswith("CALLCENTER_"):
            monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Folder of the socket of a private PostgreSQL that holds the migrated database `fresh`."""
    binaries = postgres.programs()
    if binaries is None:
        pytest.skip("no PostgreSQL server is installed (apt-get install postgresql)")
    with postgres.running(binaries) as folder:
        postgres.execute(folder, "CREATE DATABASE fresh")
        database = Database(Settings(database_url=postgres.url(folder, "fresh")))
        migrate(database)
        database.close()
        yield folder


@pytest.fixture(scope="session")
def sqlite_fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """File of a migrated SQLite database."""
    home = tmp_path_factory.mktemp("fresh")
    database = Database(Settings(home=home))
    migrate(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    return home / "callcenter.db"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_settings(request: pytest.FixtureRequest, tmp_path: Path, sqlite_fresh: Path) -> Iterator[Settings]:
    """Settings of an empty home whose database has all tables and no rows."""
    home = tmp_path / "home"
    home.mkdir()
    if request.param == "sqlite":
        shutil.copy(sqlite_fresh, home / "callcenter.db")
        yield Settings(home=home)
        return
    folder = request.getfixturevalue("postgres_server")
    name = f"t{next(_number)}"
    postgres.execute(folder, f"CREATE DATABASE {name} TEMPLATE fresh")
    yield Settings(home=home, database_url=postgres.url(folder, name))
    postgres.execute(folder, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database(database_settings: Settings) -> Iterator[Database]:
    """A clean database for one test; the test runs once on each kind."""
    database = Database(database_settings)
    yield database
    database.close()

"""One running system for all stories on one database. Stories that break it start their own."""

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.confgen import installation
from callcenter.errors import CallCenterError
from tests import postgres
from tests.asterisk import desk, ports
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System

_databases = itertools.count(os.getpid())


@pytest.fixture(scope="session")
def _asterisk() -> None:
    try:
        installation.find()
    except CallCenterError as error:
        pytest.skip(error.message)


def _new_database(request: pytest.FixtureRequest) -> str:
    """URL of an empty database on the tests' own PostgreSQL."""
    folder = request.getfixturevalue("postgres_server")
    name = f"stories{next(_databases)}"
    postgres.execute(folder, f"CREATE DATABASE {name}")
    return postgres.url(folder, name)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def system(
    request: pytest.FixtureRequest, _asterisk: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[System]:
    """The whole product, running."""
    url = _new_database(request) if request.param == "postgres" else ""
    with System(tmp_path_factory.mktemp("s") / "home", url) as system:
        yield system


@pytest.fixture
def story(system: System, tmp_path: Path) -> Iterator[Desk]:
    """A story on the shared system. After it no call, no phone and no seat on duty is left."""
    with desk.opened(system, tmp_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def outside() -> Iterator[int]:
    """A port beyond the system, at which a story puts a place outside."""
    port = ports.block(1)
    yield port
    ports.give_back(port, 1)


@pytest.fixture
def own_system(_asterisk: None, tmp_path: Path) -> Iterator[System]:
    """A system for one story only, which may break it. Not started yet."""
    system = System(tmp_path / "home")
    yield system
    system.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def wide_story(request: pytest.FixtureRequest, _asterisk: None, tmp_path: Path) -> Iterator[Desk]:
    """A system of its own with ten seats, 1001 to 1010, and short wrap-ups."""
    url = _new_database(request) if request.param == "postgres" else ""
    system = System(tmp_path / "home", url, CALLCENTER_WRAP_UP_CAP_S="2", CALLCENTER_RING_TIMEOUT_S="10")
    system.add_seats("1005", "1006", "1007", "1008", "1009", "1010")
    with system, desk.opened(system, tmp_path / "phones") as opened:
        yield opened


@pytest.fixture
def own_story(own_system: System, tmp_path: Path) -> Iterator[Desk]:
    own_system.start()
    with desk.opened(own_system, tmp_path / "phones") as opened:
        yield opened

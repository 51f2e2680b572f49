"""A whole api in the test's own process: its own Redis, its own database; and browsers at it."""

import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from fastapi.testclient import TestClient
from redis import Redis

from callcenter import secrets
from callcenter.account import demo
from callcenter.account.repository import People
from callcenter.account.table import AuditRow
from callcenter.api.app import create_app
from callcenter.api.deps import Api
from callcenter.config import Settings
from callcenter.storage.database import Database
from tests.given import until

PASSWORD = "shared-for-tests-only"
HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
"""A hash says itself what it costs to check: a site of the tests signs people in at no cost."""
START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
"""14:00 in China."""


@dataclass
class HandClock:
    at: datetime = START

    def now(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> None:
        self.at += timedelta(**by)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Browser:
    """A signed-in person's browser: keeps the cookie, sends the CSRF header."""

    http: TestClient
    csrf: dict[str, str]
    person: dict[str, Any]

    def get(self, path: str, **more: Any) -> Any:
        return self.http.get(path, **more)

    def post(self, path: str, body: Any) -> Any:
        return self.http.post(path, json=body, headers=self.csrf)

    def put(self, path: str, body: Any) -> Any:
        return self.http.put(path, json=body, headers=self.csrf)


class Site:
    """The running api."""

    def __init__(self, app: Any, api: Api) -> None:
        self.app = app
        self.api = api

    def client(self) -> TestClient:
        return TestClient(self.app, raise_server_exceptions=False, follow_redirects=False)

    def browser(self, name: str, password: str = PASSWORD) -> Browser:
        http = self.client()
        answer = http.post("/api/sign-in", json={"username": name, "password": password})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return Browser(http, {body["csrf_header"]: body["csrf"]}, body["person"])

    def audit(self) -> list[tuple[str, str, str]]:
        """(person, action, object), the oldest first."""
        with self.api.database.read() as session:
            rows = session.query(AuditRow).order_by(AuditRow.id).all()
        return [(row.person, row.action, row.object) for row in rows]

    def add(self, *rows: Any) -> None:
        with self.api.database.begin() as session:
            session.add_all(rows)


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    path = tmp_path_factory.mktemp("redis") / "redis.sock"
    server = subprocess.Popen(
        ["redis-server", "--port", "0", "--unixsocket", str(path), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    client = Redis.from_url(f"unix://{path}")
    until(lambda: path.exists() and client.ping(), saying="Redis did not start")
    yield f"unix://{path}"
    client.close()
    server.terminate()
    server.wait(10)


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    client = Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def settings(database_settings: Settings, redis_url: str) -> Settings:
    return database_settings.model_copy(update={"redis_url": redis_url, "http_port": free_port()})


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def api(settings: Settings, database: Database, redis: Redis, clock: HandClock) -> Api:
    with database.begin() as session:
        for person in demo.PEOPLE:
            People(session).add(person, HASH)
    return Api(settings=settings, secrets=secrets.ensure(settings.home), database=database, redis=redis, clock=clock)


@pytest.fixture
def site(api: Api, tmp_path: Path) -> Site:
    """Answers requests, without the live feed, which reads the whole board at its start (`tests/api/served.py`)."""
    return Site(create_app(api, screens=tmp_path / "no-screens"), api)

"""People at their screens without a telephone: the api alone, and everybody's own browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Playwright
from redis import Redis

from callcenter import secrets
from callcenter.account import demo
from callcenter.account.repository import People
from callcenter.api.deps import Api
from callcenter.config import RoleName, Settings
from callcenter.storage.database import Database
from tests.api.served import Served, serving
from tests.browser.seat import Browser
from tests.site import HASH, redis, redis_url, settings

__all__ = ["Office", "fill", "opened", "redis", "redis_url", "second_factor", "served", "settings", "type_in"]


@dataclass
class Office:
    """What the browsers look at."""

    base: str


@pytest.fixture
def second_factor() -> list[RoleName]:
    """Roles that sign in with one; a module may say others."""
    return []


@pytest.fixture
def served(settings: Settings, database: Database, redis: Redis, second_factor: list[RoleName]) -> Iterator[Served]:
    with database.begin() as session:
        for person in demo.PEOPLE:
            People(session).add(person, HASH)
    strict = settings.model_copy(update={"second_factor": second_factor})
    with serving(Api(settings=strict, secrets=secrets.ensure(settings.home), database=database, redis=redis)) as it:
        yield it


@pytest.fixture
def opened(playwright: Playwright, served: Served, tmp_path: Path) -> Iterator[Callable[[str, str, str], Browser]]:
    """A browser of somebody who has typed name and password."""
    with ExitStack() as stack:

        def at(name: str, password: str, page: str) -> Browser:
            browser = Browser(playwright, tmp_path / f"{name}-{datetime.now(UTC):%H%M%S%f}", Office(served.url))  # type: ignore[arg-type]
            stack.callback(browser.close)
            browser.page.goto(served.url + page)
            type_in(browser, name, password)
            return browser

        yield at


def type_in(browser: Browser, name: str, password: str) -> None:
    browser.find("sign-in-user").fill(name)
    browser.find("sign-in-password").fill(password)
    browser.find("sign-in-submit").click()


def fill(browser: Browser, field: str, text: str) -> None:
    found = browser.find(field)
    (found if found.evaluate("e => e.tagName") == "INPUT" else found.locator("input")).fill(text)

"""Every door by every role. A new route that is not in the table fails here."""

from pathlib import Path
from typing import Any

import pytest

from callcenter.config import Settings
from tests.api.doors import DOORS, OPEN, ROLES
from tests.api.given import call_row, record_row
from tests.knowledge.given import write_knowledge
from tests.site import Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""What is told here does not depend on the kind of database."""

REFUSED = {401, 403}


def routes(app: Any) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for path, methods in app.openapi()["paths"].items():
        found |= {(method.upper(), path) for method in methods}
    return found


@pytest.fixture
def settings(settings: Settings, tmp_path: Path) -> Settings:
    """With a few entries: reading all that are shipped would take longer than all the doors."""
    return settings.model_copy(update={"knowledge_dir": write_knowledge(tmp_path / "kb")})


@pytest.fixture
def furnished(site: Site) -> Site:
    site.add(call_row(site), record_row())
    return site


def knock(client: Any, door: tuple[str, str], headers: dict[str, Any]) -> int:
    address, body, _ = DOORS[door]
    return int(client.request(door[0], address, json=body, headers=headers).status_code)


def test_every_route_is_in_the_table(site: Site) -> None:
    assert routes(site.app) == {(method, path.replace(":path", "")) for method, path in DOORS.keys() | OPEN}


def test_nobody_comes_in_without_signing_in(furnished: Site) -> None:
    assert {door: knock(furnished.client(), door, {}) for door in DOORS} == dict.fromkeys(DOORS, 401)


def test_no_unsafe_request_without_the_csrf_header(furnished: Site) -> None:
    browser = furnished.browser("1001")
    wrong: tuple[dict[str, Any], ...] = (
        {},
        {"X-CSRF-Token": "guessed"},
        {"X-CSRF-Token": "é".encode("latin-1")},
        furnished.browser("1002").csrf,
        browser.csrf | {"Origin": "https://elsewhere.example"},
    )
    unsafe = [door for door in DOORS if door[0] != "GET"]
    for number, headers in enumerate(wrong):
        told = {door: knock(browser.http, door, headers) for door in unsafe}
        assert (number, told) == (number, dict.fromkeys(unsafe, 403))


@pytest.mark.parametrize("role", ROLES)
def test_each_role_passes_its_own_doors_and_no_other(
    furnished: Site, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callcenter.bus.commands.ANSWER_WITHIN_S", 0.01)  # no engine answers here
    wrong = {}
    browser = furnished.browser(ROLES[role])
    for door, (_, _, may) in DOORS.items():
        status = knock(browser.http, door, browser.csrf)
        if (status not in REFUSED) != (role in may):
            wrong[door] = status
        assert status != 500
    assert wrong == {}

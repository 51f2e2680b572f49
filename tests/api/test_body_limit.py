"""A request larger than any file that is taken is refused before it is in memory."""

from collections.abc import Iterator

import pytest

from callcenter.api.body_limit import BODY_MAX
from tests.site import Site

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""What is told here does not depend on the kind of database."""
PART = b"x" * (1024 * 1024)


def test_a_request_that_says_it_is_too_large_is_refused_unread(site: Site) -> None:
    browser = site.browser("1001")
    headers = browser.csrf | {"Content-Type": "application/json", "Content-Length": str(BODY_MAX + 1)}
    answer = browser.http.post("/api/me/state", content=b"{}", headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert "24 MiB" in answer.json()["message"]


def test_one_that_does_not_say_how_large_it_is_is_stopped_while_it_is_read(site: Site) -> None:
    browser = site.browser("1001")
    headers = browser.csrf | {"Content-Type": "application/json"}

    def parts() -> Iterator[bytes]:
        for _ in range(BODY_MAX // len(PART) + 2):
            yield PART

    answer = browser.http.post("/api/me/state", content=parts(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")


def test_the_largest_that_is_allowed_reaches_its_endpoint(site: Site) -> None:
    browser = site.browser("1001")
    headers = browser.csrf | {"Content-Type": "application/json"}
    answer = browser.http.post("/api/me/state", content=b" " * BODY_MAX, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")

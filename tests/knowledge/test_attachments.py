"""Pictures and forms of entries."""

from typing import Any

import pytest

from tests.knowledge.test_life import api, clock, redis, redis_url, settings, site, site_settings
from tests.site import Browser, Site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site", "site_settings"]

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)
"""Files do not depend on the kind of database."""
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 40
PATH = "/api/knowledge/attached/unpaid-wages"


@pytest.fixture
def lawyer(site: Site) -> Browser:
    browser = site.browser("1001")
    browser.get("/api/knowledge/search", params={"q": "工资"})  # entries are read with the first question
    return browser


def sent(browser: Browser, content: bytes, name: str, path: str = PATH) -> Any:
    headers = browser.csrf | {"Content-Type": "application/octet-stream"}
    return browser.http.post(path, params={"name": name}, content=content, headers=headers)


def test_a_picture_is_shown_and_a_document_only_downloaded(lawyer: Browser) -> None:
    picture = sent(lawyer, PNG, "流程图.png").json()
    document = sent(lawyer, b"%PDF-1.7 x", "..\\..\\表格<1>.pdf").json()
    assert (picture["picture"], document["picture"], document["name"]) == (True, False, "表格_1_.pdf")
    shown = lawyer.get(f"/api/knowledge/attachments/{picture['id']}")
    saved = lawyer.get(f"/api/knowledge/attachments/{document['id']}")
    assert (shown.content, shown.headers["content-type"]) == (PNG, "image/png")
    assert shown.headers["content-disposition"].startswith("inline")
    assert saved.headers["content-disposition"].startswith("attachment")
    assert {one.headers["x-content-type-options"] for one in (shown, saved)} == {"nosniff"}
    assert [one["name"] for one in lawyer.get(PATH).json()] == ["流程图.png", "表格_1_.pdf"]
    read = lawyer.get("/api/knowledge/entries/unpaid-wages").json()
    assert [(one["name"], one["picture"]) for one in read["attachments"]] == [
        ("流程图.png", True),
        ("表格_1_.pdf", False),
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg><script>alert(1)</script></svg>",
        b"<html>",
        b"MZ\x90",
        b"PK\x03\x04x",
    ],
)
def test_what_is_no_picture_or_document_by_its_content_is_refused(lawyer: Browser, content: bytes) -> None:
    assert sent(lawyer, content, "picture.png").status_code == 400
    assert lawyer.get(PATH).json() == []


def test_a_file_that_is_too_large_is_refused(lawyer: Browser) -> None:
    answer = sent(lawyer, PNG + b"\0" * (10 * 1024 * 1024), "big.png")
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")


def test_an_auditor_attaches_nothing_and_an_entry_must_be_there(site: Site, lawyer: Browser) -> None:
    assert sent(site.browser("auditor"), PNG, "x.png").status_code == 403
    assert sent(lawyer, PNG, "x.png", PATH.replace("unpaid-wages", "none")).status_code == 404


def test_a_removed_attachment_is_gone(lawyer: Browser) -> None:
    one = sent(lawyer, PNG, "x.png").json()
    path = f"/api/knowledge/attachments/{one['id']}"
    assert lawyer.http.delete(path, headers=lawyer.csrf).status_code == 204
    assert lawyer.get(path).status_code == 404

"""The knowledge base over HTTP."""

from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.knowledge.statutes.service import import_laws
from callcenter.storage.database import Database
from tests.knowledge.given import write_knowledge, write_laws
from tests.site import Browser, Site, api, clock, redis, redis_url, site
from tests.site import settings as site_settings

__all__ = ["api", "clock", "redis", "redis_url", "site", "site_settings"]


@pytest.fixture
def settings(site_settings: Settings, database: Database, tmp_path: Path) -> Settings:
    import_laws(database, write_laws(tmp_path / "laws"), lambda *_: None)
    return site_settings.model_copy(update={"knowledge_dir": write_knowledge(tmp_path / "kb")})


@pytest.fixture
def lawyer(site: Site) -> Browser:
    return site.browser("1001")


def test_nobody_reads_without_signing_in(site: Site) -> None:
    paths = ["search?q=工资", "topics", "entries/unpaid-wages", "articles?law=刑法&article=120", "gaps"]
    assert {site.client().get(f"/api/knowledge/{path}").status_code for path in paths} == {401}


def test_the_search_answers_as_the_command_line_does(lawyer: Browser) -> None:
    body = lawyer.get("/api/knowledge/search", params={"q": "拖欠工资", "limit": 5}).json()
    first, *others = body["results"]
    assert body["query"] == "拖欠工资"
    assert body["took_ms"] >= 0
    assert (first["kind"], first["id"], first["valid"]) == ("entry", "unpaid-wages", "current")
    assert first["citations"] == [{"law": "劳动合同法", "article": 30}, {"law": "刑法", "article": "276-1"}]
    assert {other["kind"] for other in others} == {"article"}


@pytest.mark.parametrize("params", [{"limit": 0}, {"limit": 51}, {"valid": "x"}, {"topic": "x"}, {"q": "a" * 20_001}])
def test_a_filter_that_cannot_be_is_a_400(lawyer: Browser, params: dict[str, str]) -> None:
    answer = lawyer.get("/api/knowledge/search", params={"q": "工资", **params})
    assert (answer.status_code, answer.json()["code"]) == (400, "bad-input")


def test_an_entry_comes_with_all_it_has(lawyer: Browser) -> None:
    body = lawyer.get("/api/knowledge/entries/unpaid-wages").json()
    assert body["versions"][0]["sections"]["去哪里"] == "- 劳动监察"
    assert body["versions"][0]["spoken"].startswith("老板")
    assert (body["valid"], body["versions"][0]["status"], body["groups"]) == ("current", "starter", ["migrant_worker"])


def test_an_article_comes_with_its_neighbours(lawyer: Browser) -> None:
    body = lawyer.get("/api/knowledge/articles", params={"law": "劳动合同法", "article": "30", "around": 1}).json()
    assert [part["article"] for part in body["around"]] == [1, 30, 47]
    assert (body["title"], body["version"], body["valid"]) == ("劳动合同法 第三十条", "2012-12-28", "current")


@pytest.mark.parametrize(
    "path", ["entries/none", "entries/labour/none", "articles?law=刑法&article=9999", "articles?law=x&article=1"]
)
def test_what_is_not_there_is_a_404(lawyer: Browser, path: str) -> None:
    assert lawyer.get(f"/api/knowledge/{path}").status_code == 404


def test_a_gap_is_kept_with_the_callers_words(lawyer: Browser) -> None:
    assert lawyer.post("/api/knowledge/gaps", {"words": "虫草被偷", "topic": "criminal"}).status_code == 201
    assert [(gap["words"], gap["topic"]) for gap in lawyer.get("/api/knowledge/gaps").json()] == [
        ("虫草被偷", "criminal")
    ]


def test_uses_are_counted(lawyer: Browser) -> None:
    use = {"kind": "entry", "target": "unpaid-wages", "words": "欠薪", "dwell_s": 12}
    for act in ("opened", "opened", "cited"):
        assert lawyer.post("/api/knowledge/uses", {"act": act, **use}).status_code == 201
    assert lawyer.get("/api/knowledge/entries/unpaid-wages").json()["used"] == {"opened": 2, "cited": 1}


@pytest.mark.parametrize("body", [{}, {"words": ""}, {"words": "x" * 2001}, {"words": "x", "person": "admin"}])
def test_a_malformed_gap_is_refused(lawyer: Browser, body: dict[str, str]) -> None:
    assert lawyer.post("/api/knowledge/gaps", body).status_code == 400

"""`callcenter kb …` on an empty home, as a program calls it."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from callcenter.knowledge.commands import app
from tests.knowledge.given import entry_text, put, write_knowledge, write_laws


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CALLCENTER_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CALLCENTER_KNOWLEDGE_DIR", str(write_knowledge(tmp_path / "kb")))
    write_laws(tmp_path / "laws")
    return tmp_path


def kb(*words: str) -> Result:
    return CliRunner().invoke(app, list(words))


def test_statutes_come_in_and_a_second_run_finds_nothing_new(home: Path) -> None:
    first = kb("import-laws", str(home / "laws"))
    assert first.exit_code == 0
    assert "4 statutes, 4 versions, 9 articles" in first.stdout
    assert "read: 5 of 5" in first.stderr
    second = kb("import-laws", str(home / "laws"))
    assert "5 unchanged" in second.stdout
    assert "0 new versions, 0 changed" in second.stdout


def test_an_unreadable_file_is_named_and_the_rest_comes_in(home: Path) -> None:
    (home / "laws" / "坏.md").write_bytes(b"\xff")
    result = kb("import-laws", str(home / "laws"))
    assert result.exit_code == 0
    assert "not read: 坏.md: line 1: byte 1 is not UTF-8" in result.stderr


def test_a_folder_that_is_not_there_is_a_wrong_call(home: Path) -> None:
    assert kb("import-laws", str(home / "none")).exit_code == 2
    assert kb("check", str(home / "none")).exit_code == 2


def test_check_says_that_no_statutes_are_imported(home: Path) -> None:
    result = kb("check", "--json")
    assert result.exit_code == 1
    assert [finding["code"] for finding in json.loads(result.stdout)] == ["no-statutes"]
    assert kb("check", "--form-only").exit_code == 0


def test_check_passes_when_every_citation_resolves(home: Path) -> None:
    kb("import-laws", str(home / "laws"))
    result = kb("check", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_check_fails_on_article_9999_and_suggests_one_by_its_words(home: Path) -> None:
    kb("import-laws", str(home / "laws"))
    put(home / "kb" / "labour" / "unpaid-wages.md", entry_text(article="9999"))
    result = kb("check", "--json")
    (finding,) = json.loads(result.stdout)
    assert result.exit_code == 1
    assert (finding["file"], finding["line"], finding["code"]) == ("labour/unpaid-wages.md", 15, "unknown-article")
    assert "by its words perhaps 第" in finding["message"]


def test_search_prints_what_other_programs_rely_on(home: Path) -> None:
    kb("import-laws", str(home / "laws"))
    result = kb("search", "老板跑路", "--json", "--limit", "3")
    body = json.loads(result.stdout)
    assert set(body) >= {"query", "took_ms", "results"}
    assert len(body["results"]) <= 3
    entry, *articles = body["results"]
    assert set(entry) >= {"kind", "id", "title", "valid", "citations", "snippet"}
    assert (articles[0]["law"], articles[0]["article"]) == ("劳动合同法", 30)


def test_an_inserted_article_is_written_with_its_branch(home: Path) -> None:
    kb("import-laws", str(home / "laws"))
    body = json.loads(kb("search", "刑法第一百二十条之一", "--json").stdout)
    assert body["results"][0]["article"] == "120-1"


def test_search_says_when_there_are_no_statutes(home: Path) -> None:
    result = kb("search", "拖欠工资", "--json")
    assert result.exit_code == 0
    assert [hit["kind"] for hit in json.loads(result.stdout)["results"]] == ["entry"]
    assert "no statutes are imported" in result.stderr


def test_a_wrong_filter_is_a_wrong_call(home: Path) -> None:
    assert kb("search", "x", "--limit", "0").exit_code == 2
    assert kb("search", "x", "--topic", "none").exit_code == 2
    assert kb("search", "x", "--valid", "maybe").exit_code == 2


def test_an_article_is_printed_for_whoever_writes_an_entry(home: Path) -> None:
    kb("import-laws", str(home / "laws"))
    assert "支付令" in kb("article", "劳动合同法", "第三十条").stdout

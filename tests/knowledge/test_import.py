"""A folder of statutes comes in, comes in again, changes."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from callcenter.errors import BadInput
from callcenter.knowledge.statutes.reading import read_article
from callcenter.knowledge.statutes.repository import Statutes
from callcenter.knowledge.statutes.service import Imported, import_laws
from callcenter.storage.database import Database
from tests.knowledge.given import put, write_laws

TODAY = date(2026, 11, 22)


@pytest.fixture
def laws(tmp_path: Path) -> Path:
    return write_laws(tmp_path / "laws")


def take_in(database: Database, folder: Path) -> Imported:
    return import_laws(database, folder, lambda *_: None)


def mark(database: Database) -> str:
    with database.read() as session:
        return Statutes(session).mark()


def names(database: Database) -> dict[str, list[str]]:
    with database.read() as session:
        found: dict[str, list[str]] = {}
        for article in Statutes(session).articles():
            found.setdefault(f"{article.law}@{article.version}", []).append(article.number)
        return found


def test_every_statute_comes_in_with_its_articles(database: Database, laws: Path) -> None:
    result = take_in(database, laws)
    assert (result.files, result.new_versions, result.unreadable) == (5, 4, [])
    assert names(database) == {
        "劳动合同法@2012-12-28": ["1", "30", "47"],
        "刑法@2023-12-29": ["120", "120-1", "276-1"],
        "婚姻法@2001-04-28": ["32"],
        "民法典@2020-05-28": ["1077", "1260"],
    }


def test_a_second_run_changes_nothing(database: Database, laws: Path) -> None:
    take_in(database, laws)
    before = mark(database)
    result = take_in(database, laws)
    assert (result.unchanged, result.changed) == (5, False)
    assert mark(database) == before


def test_progress_is_told(database: Database, laws: Path) -> None:
    told: list[tuple[str, int, int]] = []
    import_laws(database, laws, lambda *step: told.append(step))
    assert ("read", 5, 5) in told
    assert ("store", 4, 4) in told


def test_a_newer_version_stands_beside_the_older_one(database: Database, laws: Path) -> None:
    take_in(database, laws)
    put(laws / "社会法/劳动合同法(2030-01-01).md", "# 劳动合同法\n<!-- INFO END -->\n第三十条 新。\n")
    result = take_in(database, laws)
    assert result.new_versions == 1
    with database.read() as session:
        now = read_article(session, "劳动合同法", "30", None, 0, TODAY)
        then = read_article(session, "劳动合同法", "30", None, 0, date(2030, 1, 1))
        old = read_article(session, "劳动合同法", "30", date(2012, 12, 28), 0, date(2030, 1, 1))
    assert now is not None
    assert then is not None
    assert old is not None
    assert (now.text[:4], now.valid, now.valid_until) == ("用人单位", "current", date(2030, 1, 1))
    assert (then.text, then.valid) == ("新。", "current")
    assert old.valid == "expired"


def test_a_corrected_file_replaces_its_version(database: Database, laws: Path) -> None:
    take_in(database, laws)
    file = laws / "社会法/劳动合同法(2012-12-28).md"
    file.write_text(file.read_text(encoding="utf-8").replace("支付令", "支付命令"), encoding="utf-8")
    before = mark(database)
    result = take_in(database, laws)
    assert (result.changed_versions, result.new_versions) == (1, 0)
    assert mark(database) != before
    with database.read() as session:
        found = read_article(session, "劳动合同法", "30", None, 0, TODAY)
    assert found is not None
    assert "支付命令" in found.text


def test_a_change_in_one_file_of_a_statute_keeps_the_articles_of_the_others(database: Database, laws: Path) -> None:
    take_in(database, laws)
    file = laws / "民法典/婚姻家庭编.md"
    file.write_text(file.read_text(encoding="utf-8").replace("三十日内", "六十日内"), encoding="utf-8")
    take_in(database, laws)
    assert names(database)["民法典@2020-05-28"] == ["1077", "1260"]


def test_a_file_that_is_gone_takes_nothing_with_it(database: Database, laws: Path) -> None:
    take_in(database, laws)
    shutil.rmtree(laws / "刑法")
    take_in(database, laws)
    assert "刑法@2023-12-29" in names(database)


def test_the_same_text_under_another_date_is_no_new_version(database: Database, laws: Path) -> None:
    shutil.copy(laws / "社会法/劳动合同法(2012-12-28).md", laws / "社会法/劳动合同法(2013-07-01).md")
    result = take_in(database, laws)
    assert len(result.same_text) == 1
    assert [name for name in names(database) if name.startswith("劳动合同法")] == ["劳动合同法@2012-12-28"]


def test_every_unreadable_file_is_reported_each_time_and_the_others_come_in(database: Database, laws: Path) -> None:
    (laws / "坏.md").write_bytes(b"\xff\xfe")
    put(laws / "空.md", "")
    for _ in range(2):
        result = take_in(database, laws)
        assert [file for file, _ in sorted(result.unreadable)] == ["坏.md", "空.md"]
        assert result.articles == 9


def test_what_a_successor_repeals_is_no_longer_law(database: Database, laws: Path) -> None:
    take_in(database, laws)
    with database.read() as session:
        found = read_article(session, "婚姻法", "32", None, 0, TODAY)
    assert found is not None
    assert (found.valid, found.valid_until, found.repealed_by) == ("expired", date(2021, 1, 1), "民法典")


def test_a_statute_adopted_anew_after_its_repeal_is_law(database: Database, laws: Path) -> None:
    put(laws / "婚姻法(2030-01-01).md", "# 婚姻法\n<!-- INFO END -->\n第一条 新。\n")
    take_in(database, laws)
    with database.read() as session:
        found = read_article(session, "婚姻法", "1", None, 0, date(2030, 1, 2))
    assert found is not None
    assert found.valid == "current"


def test_neighbours_are_read_with_an_article(database: Database, laws: Path) -> None:
    take_in(database, laws)
    with database.read() as session:
        found = read_article(session, "中华人民共和国劳动合同法", "第三十条", None, 1, TODAY)
    assert found is not None
    assert [part.number for part in found.around] == ["1", "30", "47"]
    assert found.heading == "第三章 劳动合同的履行和变更"


def test_an_article_that_is_not_there_is_none(database: Database, laws: Path) -> None:
    take_in(database, laws)
    with database.read() as session:
        assert read_article(session, "劳动合同法", "9999", None, 0, TODAY) is None
        assert read_article(session, "没有的法", "1", None, 0, TODAY) is None
        with pytest.raises(BadInput, match="is not an article number"):
            read_article(session, "劳动合同法", "x", None, 0, TODAY)


@pytest.mark.parametrize("make", [lambda path: None, lambda path: path.mkdir(), lambda path: path.write_text("x")])
def test_a_folder_without_statutes_is_a_wrong_call(database: Database, tmp_path: Path, make: object) -> None:
    folder = tmp_path / "nothing"
    make(folder)  # type: ignore[operator]
    with pytest.raises(BadInput, match="nothing"):
        take_in(database, folder)

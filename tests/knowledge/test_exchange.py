"""Tables out and in again."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from hypothesis import HealthCheck, given
from hypothesis import settings as effort
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from callcenter.knowledge.entry.check import read_folder
from callcenter.knowledge.entry.form import entry_of, form_of
from callcenter.knowledge.entry.loading import load_entries
from callcenter.knowledge.entry.model import Entry
from callcenter.knowledge.entry.parser import read_entry
from callcenter.knowledge.entry.writer import entry_text, file_name
from callcenter.knowledge.exchange import docx, xlsx
from callcenter.knowledge.exchange.columns import COLUMNS, Line, Wrong, lines_of
from callcenter.knowledge.exchange.files import export_files
from callcenter.storage.database import Database
from tests.given import examples
from tests.knowledge.given import CHECKOUT
from tests.knowledge.test_life import DRAFT, api, clock, listed, redis, redis_url, settings, site, site_settings
from tests.site import Browser, Site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site", "site_settings"]

WAYS: dict[str, tuple[Callable[[list[Line]], bytes], Callable[[bytes], tuple[list[Line], list[Wrong]]]]] = {
    "xlsx": (xlsx.write_xlsx, xlsx.read_xlsx),
    "docx": (docx.write_docx, docx.read_docx),
}


@pytest.fixture
def lawyer(site: Site) -> Browser:
    return site.browser("1001")


@cache
def every_entry() -> list[Entry]:
    return [file.entry for file in read_folder(CHECKOUT / "knowledge_base") if file.entry is not None]


def shipped(first: int | None = None) -> list[Entry]:
    return every_entry()[:first]


def test_every_shipped_entry_is_the_same_after_it_was_written_as_a_file_and_as_a_form() -> None:
    for entry in shipped():
        assert read_entry(entry_text(entry).encode(), entry.file).entry == entry
        life = {name: getattr(entry.front, name) for name in ("status", "reviewer", "reviewed_on", "written_on")}
        assert entry_of(entry.id, entry.language, form_of(entry), life, entry.file) == entry
        assert file_name(entry, entry.file.split("/")[0]) == entry.file


@pytest.mark.parametrize("way", WAYS)
def test_a_table_holds_every_letter_of_the_entries(way: str) -> None:
    write, read = WAYS[way]
    lines = lines_of((entry.id, entry.language, form_of(entry)) for entry in shipped(40))
    again, wrong = read(write(lines))
    assert wrong == []
    assert [{key: line.values.get(key, "") for key in COLUMNS} for line in again] == [
        {key: line.values.get(key, "") for key in COLUMNS} for line in lines
    ]


@pytest.mark.parametrize("way", WAYS)
def test_what_was_exported_and_not_changed_changes_nothing(lawyer: Browser, way: str) -> None:
    table = lawyer.get("/api/knowledge/export", params={"form": way})
    assert f".{way}" in table.headers["content-disposition"]
    assert sent(lawyer, table.content).json() == {"new": 0, "changed": 0, "unchanged": 1}
    assert lawyer.get(DRAFT).json()["state"] is None


def sent(browser: Browser, content: bytes) -> Any:
    headers = browser.csrf | {"Content-Type": "application/octet-stream"}
    return browser.http.post("/api/knowledge/import", content=content, headers=headers)


def changed(content: bytes, change: Callable[[Any], None]) -> bytes:
    book = load_workbook(BytesIO(content))
    change(book.worksheets[0])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def column(key: str) -> int:
    return list(COLUMNS).index(key) + 1


def test_a_changed_row_becomes_a_draft_and_a_new_row_a_new_one(lawyer: Browser) -> None:
    def change(sheet: Any) -> None:
        sheet.append([cell.value for cell in sheet[2]])
        sheet.cell(3, column("id")).value = "labour/second"
        sheet.cell(2, column("title")).value = "表格里改的标题"

    table = changed(lawyer.get("/api/knowledge/export").content, change)
    assert sent(lawyer, table).json() == {"new": 1, "changed": 1, "unchanged": 0}
    assert lawyer.get(DRAFT).json()["form"]["title"] == "表格里改的标题"
    assert listed(lawyer, why="writing").keys() == {"unpaid-wages", "labour/second"}
    assert sent(lawyer, table).json() == {"new": 0, "changed": 0, "unchanged": 2}


def test_all_faults_are_named_with_row_and_column_and_nothing_is_taken(lawyer: Browser) -> None:
    def change(sheet: Any) -> None:
        sheet.cell(2, column("title")).value = "好的一行"
        for row, id in ((3, "labour/third"), (4, "Not An Id"), (5, "labour/third")):
            sheet.append([cell.value for cell in sheet[2]])
            sheet.cell(row, column("id")).value = id
        sheet.cell(3, column("laws")).value = "《劳动合同法》第9999条"
        sheet.cell(3, column("review_due")).value = "明年"
        sheet.cell(5, column("步骤")).value = None
        sheet.cell(1, column("材料") + 10).value = "别的列"

    answer = sent(lawyer, changed(lawyer.get("/api/knowledge/export").content, change))
    body = answer.json()
    assert (answer.status_code, body["code"]) == (400, "faulty-table")
    assert {(one["row"], one["column"], one["code"]) for one in body["details"]["faults"]} == {
        ("1", "别的列", "unknown-key"),
        ("3", "下次审核", "bad-value"),
        ("4", "编号", "bad-value"),
        ("5", "编号", "id-twice"),
        ("5", "步骤", "empty-section"),
    }
    assert listed(lawyer, why="any") == {}


def test_a_draft_of_somebody_is_not_written_over_by_a_table(lawyer: Browser, site: Site) -> None:
    other = site.browser("1002")
    held = other.get(DRAFT).json()
    other.put(DRAFT, {"version": 0, "form": held["form"] | {"title": "别人的稿"}})

    def change(sheet: Any) -> None:
        sheet.cell(2, column("title")).value = "表格里改的标题"

    answer = sent(lawyer, changed(lawyer.get("/api/knowledge/export").content, change))
    assert [one["code"] for one in answer.json()["details"]["faults"]] == ["draft-there"]
    assert lawyer.get(DRAFT).json()["form"]["title"] == "别人的稿"


def empty_book() -> bytes:
    out = BytesIO()
    Workbook().save(out)
    return out.getvalue()


def other_document() -> bytes:
    out, document = BytesIO(), Document()
    document.add_table(1, 3)
    document.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "content", [b"PK\x03\x04", b"%PDF-1.7", b"id,title\n", b"\xff\xfe", empty_book(), other_document()]
)
def test_a_file_that_is_no_such_table_is_a_400(lawyer: Browser, content: bytes) -> None:
    answer = sent(lawyer, content)
    assert (answer.status_code, answer.json()["code"]) in {(400, "bad-input"), (400, "faulty-table")}


def test_text_that_looks_like_a_formula_stays_text() -> None:
    line = Line("", {"id": "a/b", "title": '=HYPERLINK("http://x","y")', "keywords": "+1\n-1\n@x"})
    content = xlsx.write_xlsx([line])
    assert load_workbook(BytesIO(content)).worksheets[0].cell(2, column("title")).data_type == "s"
    assert xlsx.read_xlsx(content)[0][0].values["title"] == line.values["title"]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n<>#-*[](){}|'\"=&;:"), max_size=60)


@effort(max_examples=examples(150), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(list(COLUMNS)), TEXT, max_size=20))
def test_no_form_breaks_the_check_and_a_good_one_is_read_again_as_it_was(form: dict[str, str]) -> None:
    good = form_of(shipped(1)[0])
    for id, language, given_form in (("a/b", "zh", form), ("a/b", "bo", form), ("a/b", "zh", good | form)):
        found = entry_of(id, language, given_form, {"status": "draft"}, "a/b.md")
        if isinstance(found, list):
            assert found
        else:
            assert read_entry(entry_text(found).encode(), "a/b.md").entry == found


@effort(max_examples=examples(200), deadline=None)
@given(st.binary(max_size=300) | TEXT.map(lambda text: f"---\nid: a/b\n{text}\n---\n{text}".encode()))
def test_the_parser_never_breaks(data: bytes) -> None:
    read = read_entry(data, "a/b.md")
    assert (read.entry is None) == bool(read.findings)


def test_entries_go_back_to_files_that_are_the_same_entries(database: Database, tmp_path: Path) -> None:
    load_entries(database, CHECKOUT / "knowledge_base")
    assert export_files(database, tmp_path) == len(every_entry())
    again = [file.entry for file in read_folder(tmp_path)]
    assert again == every_entry()

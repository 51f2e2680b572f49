"""Entries as lawyers write them, with every mistake they may make."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.knowledge.entry.model import Front
from callcenter.knowledge.entry.parser import EntryFile, read_entry
from tests.given import examples
from tests.knowledge.given import entry_text, translation_text

NAME = "labour/unpaid-wages.md"


def read(text: str, name: str = NAME) -> EntryFile:
    return read_entry(text.encode(), name)


def faults(text: str, name: str = NAME) -> list[tuple[int, str]]:
    return [(finding.line, finding.code) for finding in read(text, name).findings]


def test_a_good_entry_has_no_fault() -> None:
    file = read(entry_text())
    assert file.findings == []
    assert file.entry is not None
    assert isinstance(file.entry.front, Front)
    assert [citation.article for citation in file.entry.front.laws] == ["30", "276-1"]
    assert list(file.entry.sections) == ["简短回答", "要问清", "步骤", "材料", "去哪里", "依据"]


def test_windows_line_ends_and_a_byte_order_mark_are_no_fault() -> None:
    assert read_entry(b"\xef\xbb\xbf" + entry_text().replace("\n", "\r\n").encode(), NAME).findings == []


def test_an_article_may_be_written_in_chinese() -> None:
    file = read(entry_text(article="第三十条"))
    assert file.entry is not None
    assert isinstance(file.entry.front, Front)
    assert file.entry.front.laws[0].article == "30"


@pytest.mark.parametrize(
    ("wrong", "right", "line", "code"),
    [
        ("ownr: site-lawyers", "owner: site-lawyers", 12, "unknown-key"),
        ("", "title: 拖欠工资怎么办\n", 2, "missing-key"),
        ("title: a\ntitle: b", "title: 拖欠工资怎么办", 4, "key-twice"),
        ("valid_from: 2013-02-30", "valid_from: 2013-07-01", 9, "bad-value"),
        ("valid_until: 2001-01-01", "valid_until: null", 2, "bad-value"),
        ("questions: [一个]", "questions: [老板跑了工资没给, 公司拖欠工资, 欠薪找谁]", 4, "bad-value"),
        ("status: fine", "status: starter", 11, "bad-value"),
        ("law: 中华人民共和国劳动合同法", "law: 劳动合同法", 15, "bad-value"),
        ("article: 3x}", "article: 30}", 15, "bad-value"),
        ("artcle: 30}", "article: 30}", 15, "unknown-key"),
        ("title: [unclosed", "title: 拖欠工资怎么办", 4, "not-yaml"),
        ("title: *anchor", "title: 拖欠工资怎么办", 3, "yaml-alias"),
        ("## 步奏", "## 步骤", 28, "unknown-section"),
        ("## 材料\n\n## 材料", "## 材料", 35, "section-twice"),
        ("看<script>alert(1)</script>", "单位必须按时足额发工资", 22, "html"),
        ("[点我](javascript:alert(1))", "单位必须按时足额发工资", 22, "bad-link"),
    ],
)
def test_each_mistake_is_named_with_its_line(wrong: str, right: str, line: int, code: str) -> None:
    assert right in entry_text()
    assert (line, code) in faults(entry_text().replace(right, wrong, 1))


def test_an_unknown_key_is_told_what_was_probably_meant() -> None:
    messages = [finding.message for finding in read(entry_text().replace("owner:", "ownr:")).findings]
    assert any("did you mean `owner`" in message for message in messages)


def test_an_empty_section_and_a_missing_one_are_told_apart() -> None:
    text = entry_text().replace("- 身份证\n", "").replace("## 去哪里\n\n- 劳动监察\n", "")
    assert sorted(code for _, code in faults(text)) == ["empty-section", "missing-section"]


def test_sections_out_of_order_are_a_fault() -> None:
    text = entry_text().replace("## 步骤", "## X").replace("## 要问清", "## 步骤").replace("## X", "## 要问清")
    assert [code for _, code in faults(text)] == ["section-order"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xff\xfe", "not-utf-8"),
        (b"", "no-front-matter"),
        (b"# no block\n", "no-front-matter"),
        (b"---\n- a\n---\n", "no-front-matter"),
        (b"---\nid: x\n", "no-front-matter"),
        (b"x" * (5 * 1024 * 1024), "too-large"),
    ],
)
def test_what_is_no_entry_is_one_clear_fault(data: bytes, code: str) -> None:
    file = read_entry(data, NAME)
    assert [finding.code for finding in file.findings] == [code]
    assert file.entry is None


def test_a_published_entry_needs_its_review() -> None:
    findings = read(entry_text().replace("status: starter", "status: published")).findings
    assert any("reviewer" in finding.message for finding in findings)


def test_a_translation_has_its_own_short_block() -> None:
    file = read(translation_text("0123456789ab"), "labour/unpaid-wages.bo.md")
    assert file.findings == []
    assert file.entry is not None
    assert file.entry.language == "bo"


def test_the_hash_follows_the_content_and_not_the_review() -> None:
    def hash_of(text: str) -> str:
        file = read(text)
        assert file.entry is not None
        return file.entry.content_hash()

    before = hash_of(entry_text())
    assert hash_of(entry_text().replace("review_due: 2030-01-01", "review_due: 2031-01-01")) == before
    assert hash_of(entry_text().replace("1. 投诉", "1. 举报")) != before
    assert hash_of(entry_text(article="47")) != before


LINES = st.sampled_from(entry_text().split("\n"))


@settings(max_examples=examples(200), deadline=None)
@given(st.lists(LINES | st.text(max_size=30), max_size=40))
def test_no_text_breaks_the_parser(lines: list[str]) -> None:
    file = read_entry("\n".join(["---", *lines]).encode("utf-8", "surrogatepass"), NAME)
    assert (file.entry is None) == bool(file.findings)
    assert all(finding.line >= 1 for finding in file.findings)


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(data: bytes) -> None:
    file = read_entry(b"---\n" + data, NAME)
    assert (file.entry is None) == bool(file.findings)

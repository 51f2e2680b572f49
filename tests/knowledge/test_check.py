"""`kb check`: entries against each other, against topics and statutes."""

from datetime import date
from pathlib import Path

import pytest

from callcenter.knowledge.entry.check import Checked, check_folder
from callcenter.knowledge.entry.citations import KnownLaw, KnownStatutes, KnownVersion
from callcenter.knowledge.entry.parser import read_entry
from tests.knowledge.given import entry_text, put, translation_text, write_knowledge

TODAY = date(2026, 11, 22)


def law(name: str, *numbers: str, version: date = date(2012, 12, 28), repealed: date | None = None) -> KnownLaw:
    known = KnownVersion(version, version, None, frozenset(numbers))
    return KnownLaw(name, repealed, "新法" if repealed else None, (known,))


STATUTES = KnownStatutes(
    {
        "劳动合同法": law("劳动合同法", "1", "30", "47"),
        "刑法": law("刑法", "120", "276-1"),
        "民法典": law("民法典", "1077"),
        "婚姻法": law("婚姻法", "32", repealed=date(2021, 1, 1)),
    },
    TODAY,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_knowledge(tmp_path / "kb")


def check(folder: Path, statutes: KnownStatutes | None = STATUTES) -> Checked:
    return check_folder(folder, statutes, TODAY)


def codes(folder: Path, statutes: KnownStatutes | None = STATUTES) -> list[str]:
    return [finding.code for finding in check(folder, statutes).findings]


def message(folder: Path, code: str) -> str:
    return next(finding.message for finding in check(folder).findings if finding.code == code)


def test_a_good_folder_has_nothing_to_say(folder: Path) -> None:
    assert codes(folder) == []


def test_it_says_when_no_statutes_are_imported(folder: Path) -> None:
    assert codes(folder, KnownStatutes({}, TODAY)) == ["no-statutes"]


def test_the_form_alone_needs_no_statutes(folder: Path) -> None:
    assert codes(folder, None) == []


def test_article_9999_is_an_error_that_names_the_nearest(folder: Path) -> None:
    put(folder / "labour" / "unpaid-wages.md", entry_text(article="9999"))
    found = check(folder).findings
    assert [(finding.file, finding.line, finding.code, finding.level) for finding in found] == [
        ("labour/unpaid-wages.md", 15, "unknown-article", "error")
    ]
    assert "from 1 to 47, the nearest is 47" in found[0].message


def test_an_unknown_statute_is_told_its_likely_name(folder: Path) -> None:
    put(folder / "labour" / "unpaid-wages.md", entry_text().replace("law: 劳动合同法", "law: 劳动合同发"))
    assert "《劳动合同法》" in message(folder, "unknown-law")


def test_a_repealed_statute_may_be_cited_only_by_version(folder: Path) -> None:
    text = entry_text().replace("law: 刑法, article: 276-1", "law: 婚姻法, article: 32")
    put(folder / "labour" / "unpaid-wages.md", text)
    assert codes(folder) == ["repealed-law"]
    put(folder / "labour" / "unpaid-wages.md", text.replace("article: 32", "article: 32, version: 2012-12-28"))
    assert codes(folder) == []


def test_a_version_that_is_not_there_is_an_error(folder: Path) -> None:
    text = entry_text().replace("article: 276-1", "article: 276-1, version: 1979-07-01")
    put(folder / "labour" / "unpaid-wages.md", text)
    assert codes(folder) == ["unknown-version"]


def test_a_version_newer_than_the_review_flags_the_entry(folder: Path) -> None:
    reviewed = "status: published\nreviewer: 王律师\nreviewed_on: 2010-01-01"
    put(folder / "labour" / "unpaid-wages.md", entry_text().replace("status: starter", reviewed))
    assert set(codes(folder)) == {"newer-version"}
    put(
        folder / "labour" / "unpaid-wages.md", entry_text().replace("status: starter", reviewed.replace("2010", "2020"))
    )
    assert codes(folder) == []


def test_two_entries_with_one_id(folder: Path) -> None:
    put(folder / "marriage-family" / "unpaid-wages.md", entry_text().replace("topic: labour", "topic: marriage-family"))
    assert codes(folder) == ["id-twice"]
    assert "labour/unpaid-wages.md" in message(folder, "id-twice")


def test_id_topic_and_group_must_fit(folder: Path) -> None:
    text = entry_text(id="another").replace("migrant_worker", "migrants").replace("topic: labour", "topic: labor")
    put(folder / "labour" / "unpaid-wages.md", text)
    assert sorted(codes(folder)) == ["id-is-not-file-name", "unknown-group", "unknown-topic"]


def test_an_entry_in_the_wrong_folder(folder: Path) -> None:
    put(folder / "marriage-family" / "wages.md", entry_text(id="wages"))
    assert codes(folder) == ["topic-is-not-folder"]


def test_expired_and_overdue_entries_are_warnings(folder: Path) -> None:
    put(folder / "labour" / "unpaid-wages.md", entry_text(until="2026-11-22").replace("2030-01-01", "2026-11-21"))
    found = check(folder).findings
    assert {(finding.code, finding.level) for finding in found} == {("expired", "warning"), ("review-due", "warning")}


def test_a_translation_goes_stale_when_the_chinese_changes(folder: Path) -> None:
    chinese = read_entry(entry_text().encode(), "labour/unpaid-wages.md").entry
    assert chinese is not None
    put(folder / "labour" / "unpaid-wages.bo.md", translation_text(chinese.content_hash()))
    assert codes(folder) == []
    put(folder / "labour" / "unpaid-wages.md", entry_text().replace("1. 投诉", "1. 举报"))
    assert codes(folder) == ["stale-translation"]
    now = read_entry((folder / "labour" / "unpaid-wages.md").read_bytes(), "labour/unpaid-wages.md").entry
    assert now is not None
    assert now.content_hash() in message(folder, "stale-translation")


def test_a_translation_of_nothing(folder: Path) -> None:
    put(folder / "labour" / "gone.bo.md", translation_text("0123456789ab").replace("unpaid-wages", "gone"))
    assert codes(folder) == ["no-chinese-entry"]


def test_a_faulty_file_does_not_hide_the_faults_of_the_others(folder: Path) -> None:
    (folder / "labour" / "broken.md").write_bytes(b"\xff")
    put(folder / "labour" / "unpaid-wages.md", entry_text(article="9999"))
    assert codes(folder) == ["not-utf-8", "unknown-article"]


def test_words_are_checked_too(folder: Path) -> None:
    put(folder / "words" / "labour.yaml", "topic: labour\nmatters:\n  - {say: [<bos> x], law: [y], in: [劳动法]}\n")
    assert sorted(codes(folder)) == ["bad-words", "unused-words"]
    put(folder / "words" / "labour.yaml", "topic: labour\nmatters: [\n")
    assert codes(folder) == ["bad-words"]

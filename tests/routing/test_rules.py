"""The site's file of rules."""

from pathlib import Path

from callcenter.config import CHECKOUT
from callcenter.routing.model import Rules
from callcenter.routing.rules import read_rules


def written(folder: Path, text: str) -> Path:
    (folder / "site").mkdir()
    (folder / "site" / "lines.yaml").write_text(text)
    return folder


def test_the_shipped_file_is_right() -> None:
    rules, findings = read_rules(CHECKOUT / "ivr_flows")
    assert findings == []
    assert rules.line("bo").helpers == ("zh",)
    assert rules.head_start_s["elderly"] > 0


def test_no_file_is_no_fault(tmp_path: Path) -> None:
    assert read_rules(tmp_path) == (Rules(), [])


def test_a_fault_is_named_with_its_line_and_nothing_of_the_file_counts(tmp_path: Path) -> None:
    text = "lines:\n  bo: {helpers: [zh]}\nhead_start_s:\n  elderly: -5\n"
    rules, findings = read_rules(written(tmp_path, text))
    assert rules == Rules()
    assert [(f.file, f.line, f.code) for f in findings] == [("site/lines.yaml", 4, "bad-rule")]
    assert "elderly" in findings[0].message


def test_a_word_nobody_knows_is_refused(tmp_path: Path) -> None:
    _, findings = read_rules(written(tmp_path, "lines:\n  bo: {helper: [zh]}\n"))
    assert [(f.line, f.code) for f in findings] == [(2, "bad-rule")]

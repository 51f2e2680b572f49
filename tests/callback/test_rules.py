"""`site/callbacks.yaml`."""

from datetime import timedelta
from pathlib import Path

from callcenter.callback.rules import CallbackRules
from callcenter.config import CHECKOUT
from callcenter.ivr.site import read_site


def written(folder: Path, text: str) -> Path:
    (folder / "site").mkdir()
    (folder / "site" / "callbacks.yaml").write_text(text)
    return folder


def test_the_shipped_file_is_right() -> None:
    assert read_site(CHECKOUT / "ivr_flows").findings == ()


def test_a_line_has_its_own_attempts_and_pauses(tmp_path: Path) -> None:
    text = 'lines:\n  bo: {attempts: 5, pauses_s: [60], hours: {workday: ["09:00-10:00"]}}\n'
    policies = read_site(written(tmp_path, text)).callbacks.policies
    assert (policies.of("bo").attempts, policies.of("bo").pauses) == (5, (timedelta(minutes=1),))
    assert policies.of("zh").attempts == 3


def test_a_fault_is_named_with_its_line_and_nothing_of_the_file_counts(tmp_path: Path) -> None:
    site = read_site(written(tmp_path, "lines:\n  zh:\n    attempts: 0\n"))
    assert site.callbacks == CallbackRules()
    assert [(f.file, f.line, f.code) for f in site.findings] == [("site/callbacks.yaml", 3, "bad-callbacks")]
    assert "attempts" in site.findings[0].message

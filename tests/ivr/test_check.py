"""Every fault has a name: one broken file for each, and the shipped flows without any."""

import re
from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.ivr.check import Rules, check_folder
from callcenter.ivr.finding import CODES
from callcenter.ivr.shipped import load_flows
from tests.ivr.conftest import BROKEN

EXPECT = re.compile(rb"# expect: (\S+) (\d+)")


def expected_of(path: Path) -> set[tuple[str, int]]:
    return {(code.decode(), int(line)) for code, line in EXPECT.findall(path.read_bytes())}


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_a_broken_file_is_named_for_its_fault_and_line(path: Path, rules: Rules) -> None:
    found = check_folder(path, rules)
    assert {(finding.code, finding.line) for finding in found} == expected_of(path)
    assert all(finding.file == path.name and len(finding.message) > 20 for finding in found)


def test_the_broken_files_are_many_and_of_many_faults() -> None:
    files = sorted(BROKEN.glob("*.yaml"))
    codes = {code for path in files for code, _line in expected_of(path)}
    assert len(files) >= 40
    assert len(codes) >= 25
    assert codes <= CODES.keys()


def test_the_shipped_flows_have_no_fault(settings: Settings, rules: Rules) -> None:
    assert check_folder(settings.flows_dir, rules) == []


def test_an_empty_folder_is_a_fault_and_a_missing_one_a_wrong_call(tmp_path: Path, rules: Rules) -> None:
    assert [finding.code for finding in check_folder(tmp_path, rules)] == ["no-flow-files"]
    with pytest.raises(BadInput, match="no such folder"):
        check_folder(tmp_path / "nowhere", rules)


def test_two_files_cannot_hold_one_flow(tmp_path: Path, rules: Rules) -> None:
    text = "id: main\nstart: person\nnodes:\n  person: {queue: zh}\n"
    (tmp_path / "main.yaml").write_text(text)
    (tmp_path / "main.yml").write_text(text)
    assert [(finding.file, finding.code) for finding in check_folder(tmp_path, rules)] == [("main.yml", "id-twice")]


def test_a_huge_file_and_a_deep_one_are_refused_at_once(tmp_path: Path, rules: Rules) -> None:
    (tmp_path / "huge.yaml").write_bytes(b"# " + b"x" * 300_000)
    (tmp_path / "deep.yaml").write_bytes(b"nodes: " + b"[" * 5000)
    assert {finding.code for finding in check_folder(tmp_path, rules)} == {"too-large", "not-yaml"}


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path, rules: Rules) -> None:
    (tmp_path / "gone.yaml").symlink_to(tmp_path / "nowhere")
    (tmp_path / "main.yaml").write_text("id: main\nstart: person\nnodes:\n  person: {queue: zh}\n")
    assert check_folder(tmp_path, rules) == []  # a dangling link is no file


def test_a_broken_flow_is_refused_with_its_reason_and_the_others_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "survey.yaml").write_text("id: survey\npurpose: survey\nstart: nowhere\nnodes:\n  x: {goodbye: []}\n")
    (tmp_path / "main.yaml").write_text("id: main\nstart: person\nnodes:\n  person: {queue: zh}\n")
    assert load_flows(Settings(home=tmp_path / "home", flows_dir=tmp_path)).keys() == {"main"}
    assert "survey.yaml:3: error: start: there is no node `nowhere`" in caplog.text
    assert "ivr.flow_missing flow=survey" in caplog.text

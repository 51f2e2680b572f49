"""`callcenter flows publish | versions | rollback` on an empty home."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from callcenter.config import CHECKOUT
from callcenter.ivr.commands import flows

SHIPPED = (CHECKOUT / "ivr_flows" / "main.yaml").read_text()


class Shell:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def run(self, *words: str) -> Result:
        return CliRunner().invoke(flows, list(words))

    def file(self, text: str) -> str:
        path = self.folder / "mine.yaml"
        path.write_text(text)
        return str(path)


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLCENTER_HOME", str(tmp_path / "home"))
    return Shell(tmp_path)


def test_a_file_becomes_the_next_version_and_is_taken_back(shell: Shell) -> None:
    shorter = SHIPPED.replace("deadline_s: 120", "deadline_s: 90")
    published = shell.run("publish", "main", shell.file(shorter), "--why", "shorter", "--by", "卓玛")
    assert (published.exit_code, published.stdout) == (0, "main version 2\n")
    listed = json.loads(shell.run("versions", "main", "--json").stdout)
    assert [(it["version"], it["published_by"], it["why"]) for it in listed] == [
        (2, "卓玛", "shorter"),
        (1, "system", "ivr_flows/main.yaml"),
    ]
    assert (shell.folder / "home" / "flows" / "current" / "main.yaml").read_text() == shorter
    assert "+deadline_s: 90" in shell.run("versions", "main", "--show", "2", "--diff").stdout
    assert shell.run("rollback", "main", "1", "--why", "too short").stdout == "main version 3\n"
    assert shell.run("versions", "main", "--show", "3").stdout == SHIPPED
    assert "back from 2" in shell.run("versions", "main").stdout


def test_a_broken_file_is_refused_with_file_line_and_reason(shell: Shell) -> None:
    broken = SHIPPED.replace("    next: person\n", "    next: nobody\n")
    refused = shell.run("publish", "main", shell.file(broken), "--why", "a slip")
    assert refused.exit_code == 1
    line = broken.splitlines().index("    next: nobody") + 1
    assert f"main.yaml:{line}: error: node `notice`: next leads to `nobody`" in refused.stderr
    assert len(json.loads(shell.run("versions", "main", "--json").stdout)) == 1


def test_a_wrong_call_is_2(shell: Shell) -> None:
    assert shell.run("publish", "main", shell.file(SHIPPED), "--why", " ").exit_code == 2
    assert shell.run("rollback", "main", "9", "--why", "which?").exit_code == 2
    assert shell.run("versions", "nothing").exit_code == 2


def test_check_and_walk_need_no_versions(shell: Shell) -> None:
    assert shell.run("check").exit_code == 0
    assert shell.run("walk", "main", "--keys", "2").exit_code == 0
    assert not (shell.folder / "home").exists()

"""The setup scripts: what is there is not fetched again, what fails says why."""

import re
import subprocess
from pathlib import Path

import pytest

from callcenter.confgen import installation
from callcenter.confgen.installation import AsteriskMissing
from callcenter.config import CHECKOUT

TOOLS = CHECKOUT / "tools"


def shell(folder: Path, script: str) -> "subprocess.CompletedProcess[str]":
    """Run a script that sources lib.sh, in a checkout of its own."""
    tools = folder / "tools"
    tools.mkdir(exist_ok=True)
    (tools / "lib.sh").write_text((TOOLS / "lib.sh").read_text())
    (tools / "try.sh").write_text('. "$(dirname "$0")/lib.sh"\n' + script)
    return subprocess.run(["sh", tools / "try.sh"], capture_output=True, text=True, check=False, cwd="/")


def test_a_step_is_done_again_only_when_what_it_is_made_from_changed(tmp_path: Path) -> None:
    (tmp_path / "source").write_text("one")
    step = (
        'hash=$(hash_of source)\nif stamped step "$hash"; then echo skipped; else stamp step "$hash"; echo done; fi\n'
    )
    assert shell(tmp_path, step).stdout == "done\n"
    assert shell(tmp_path, step).stdout == "skipped\n"
    (tmp_path / "source").write_text("two")
    assert shell(tmp_path, step).stdout == "done\n"


def test_a_failed_step_shows_the_end_of_its_output_and_stops(tmp_path: Path) -> None:
    ended = shell(tmp_path, "long 'Fetching the moon' moon.log sh -c 'echo no rocket; exit 3'\necho not reached\n")
    assert ended.returncode == 1
    assert "no rocket" in ended.stderr
    assert "Fetching the moon: failed" in ended.stderr
    assert "not reached" not in ended.stdout


def test_a_command_inside_a_step_that_fails_fails_the_step(tmp_path: Path) -> None:
    ended = shell(tmp_path, "step() { false; echo went on; }\nlong Step step.log step\n")
    assert ended.returncode == 1
    assert "went on" not in (tmp_path / ".cache/log/step.log").read_text()


def test_make_help_names_the_verbs_that_stay() -> None:
    said = subprocess.run(["make", "-s", "help"], cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    verbs = set(re.findall(r"^  make (\S+)", said, re.MULTILINE))
    assert {"setup", "run", "demo", "check", "test", "bench", "help"} <= verbs


def test_every_version_is_pinned_and_none_by_an_address() -> None:
    lines = [line for line in (CHECKOUT / "constraints.txt").read_text().splitlines() if not line.startswith("#")]
    assert lines
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[^\s;@]+", line)] == []


def test_no_package_mirror_is_written_down() -> None:
    scripts = [*TOOLS.glob("*.sh"), CHECKOUT / "Makefile"]
    assert [path.name for path in scripts if re.search(r"https?://", path.read_text())] == []


def test_without_any_asterisk_the_message_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "_of_system", lambda: None)
    with pytest.raises(AsteriskMissing, match="make setup"):
        installation.find(tmp_path / "nothing-here")

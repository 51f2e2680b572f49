"""`callcenter replay`: an incident at a site becomes a file, the file becomes records."""

import json
from pathlib import Path

from typer.testing import CliRunner

from callcenter.replay.commands import app

TRACES = Path(__file__).parents[1] / "traces"


def test_a_recording_gives_its_record() -> None:
    answer = CliRunner().invoke(app, [str(TRACES / "answered-survey.ami"), "--json"])
    [record] = json.loads(answer.stdout)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert (record["outcome"], record["seat"] != "", record["rings"][-1]["result"]) == ("answered", True, "answered")
    assert record["grade"] in range(1, 6)


def test_a_file_that_is_no_recording_is_not_shown_as_a_quiet_day(tmp_path: Path) -> None:
    rubbish = tmp_path / "photo.jpg"
    rubbish.write_bytes(bytes(range(256)) * 12)
    answer = CliRunner().invoke(app, [str(rubbish), "--json"])
    assert json.loads(answer.stdout) == []
    assert "no AMI event in 3072 bytes" in answer.stderr

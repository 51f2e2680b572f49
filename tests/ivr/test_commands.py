"""`callcenter flows` and `callcenter prompts`: results on standard output, messages on standard error, exit codes."""

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import pytest
from typer.testing import CliRunner, Result

from callcenter.config import CHECKOUT
from callcenter.ivr.commands import flows
from callcenter.prompt.commands import app as prompts
from tests.ivr.conftest import BROKEN
from tests.prompt.given import wav


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Run a command on an empty home."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CALLCENTER_HOME", str(tmp_path / "home"))

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(flows if words[0] == "flows" else prompts, list(words[1:]))

    return invoke


def test_the_shipped_flows_pass(run) -> None:  # type: ignore[no-untyped-def]
    result = run("flows", "check", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (0, [])


def test_faults_are_listed_with_file_line_code_and_message(run) -> None:  # type: ignore[no-untyped-def]
    result = run("flows", "check", str(BROKEN), "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert all({"file", "line", "code", "message"} <= finding.keys() for finding in found)
    assert ("unknown-line.yaml", 6, "unknown-line") in {(it["file"], it["line"], it["code"]) for it in found}


def test_only_warnings_are_no_failure(run) -> None:  # type: ignore[no-untyped-def]
    result = run("flows", "check", str(BROKEN / "keys-lost.yaml"))
    assert result.exit_code == 0
    assert "keys-lost.yaml:7: warning: node `hello`:" in result.stdout


def test_a_walk_has_one_object_a_node_and_the_end(run) -> None:  # type: ignore[no-untyped-def]
    result = run("flows", "walk", "main", "--keys", "2,0", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert rows[-1] == {"end": "queue", "queue": "bo"}
    assert all({"node", "kind", "played", "key", "next"} <= row.keys() for row in rows[:-1])
    assert [row["next"] for row in rows[:-2]] == [row["node"] for row in rows[1:-1]]
    assert rows[1]["played"] == ["language-menu"] * 3


def test_an_empty_place_in_the_keys_is_no_key(run) -> None:  # type: ignore[no-untyped-def]
    lines = run("flows", "walk", "survey", "--keys", "9,", "--lang", "bo", "--json").stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert [row["key"] for row in rows[:-1]] == ["9", None, None]
    assert rows[-1] == {"end": "goodbye"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["walk", "nope"], "there is no flow `nope`"),
        (["walk", "main", "--keys", "2;3"], "is not a key"),
        (["walk", "main", "--lang", "en"], "is not set up"),
        (["walk", "main", "--at", "tomorrow"], "--at"),
        (["walk", "main", "--set", "topic"], "fact=value"),
        (["walk", str(BROKEN / "silent-loop.yaml")], "a flow with errors"),
        (["graph", "nope"], "there is no flow"),
        (["check", "nowhere"], "no such folder"),
    ],
)
def test_a_wrong_call_is_told_so_on_standard_error(run, words: list[str], said: str) -> None:  # type: ignore[no-untyped-def]
    result = run("flows", *words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_times_may_lack_an_offset_and_facts_may_be_set(run) -> None:  # type: ignore[no-untyped-def]
    result = run("flows", "walk", "main", "--at", "2026-10-01T03:00", "--set", "topic=labour", "--keys", "3")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[-1] == "end: queue mn"


def test_the_picture_has_every_node_and_every_key(run) -> None:  # type: ignore[no-untyped-def]
    drawn = ElementTree.fromstring(run("flows", "graph", "main-with-topics", "--svg").stdout)  # noqa: S314  our own
    space = "{http://www.w3.org/2000/svg}"
    nodes = {group.get("id") for group in drawn.iter(f"{space}g")}
    assert {"node-welcome", "node-language", "node-topic", "node-person"} <= nodes
    labels = [text.text for text in drawn.iter(f"{space}text") if text.get("class") == "label"]
    assert {"1 zh, 2 bo, 3 mn, otherwise", "1", "2", "3", "4", "0, otherwise"} <= set(labels)
    assert len([path for path in drawn.iter(f"{space}path") if path.get("marker-end")]) >= len(nodes)


def test_the_graph_has_every_arrow(run) -> None:  # type: ignore[no-untyped-def]
    drawn = run("flows", "graph", "main-with-topics").stdout
    assert drawn.startswith("flowchart TD\n")
    assert 'n_topic -->|"4"| n_legal_aid' in drawn


def test_the_schema_in_the_repository_is_that_of_the_code(run) -> None:  # type: ignore[no-untyped-def]
    assert run("flows", "schema").stdout == (CHECKOUT / "ivr_flows" / "schema.json").read_text()


def test_the_studio_gets_its_script(run) -> None:  # type: ignore[no-untyped-def]
    rows = json.loads(run("prompts", "list", "--missing", "--lang", "bo", "--json").stdout)
    assert {row["language"] for row in rows} == {"bo"}
    assert {"welcome", "notice", "survey"} <= {row["id"] for row in rows}
    assert all(row["words"] and row["meaning"] for row in rows)


def test_prompts_can_be_checked_before_any_is_built(run) -> None:  # type: ignore[no-untyped-def]
    result = run("prompts", "check", "--json")
    assert result.exit_code == 0
    assert {finding["code"] for finding in json.loads(result.stdout)} == {"not-reviewed"}
    assert "No sound file is built yet" in result.stderr


@pytest.mark.skipif(not (shutil.which("espeak-ng") and shutil.which("sox")), reason="espeak-ng and sox are missing")
def test_a_recording_is_put_in_place_with_the_words_it_was_spoken_from(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "take.wav").write_bytes(wav())
    words = ["add", "bo", "notice", "take.wav", "--speaker", "卓玛", "--approved-by", "supervisor"]
    assert run("prompts", *words).exit_code == 0
    kept = tmp_path / "home" / "recorded-prompts" / "bo"
    assert (kept / "notice.wav").read_bytes() == wav()
    take = json.loads((kept / "notice.json").read_text())
    assert (take["speaker"], take["approved_by"]) == ("卓玛", "supervisor")
    assert (tmp_path / "home" / "prompts" / "bo" / "notice.alaw").stat().st_size > 4000
    rows = json.loads(run("prompts", "list", "--missing", "--lang", "bo", "--json").stdout)
    assert "notice" not in {row["id"] for row in rows}
    assert run("prompts", "add", "bo", "nonsense", *words[3:]).exit_code == 2
    (tmp_path / "take.wav").write_bytes(wav(channels=2))
    refused = run("prompts", *words)
    assert (refused.exit_code, "mono" in refused.stderr) == (2, True)


HOURS_FLOW = """id: office
start: open
nodes:
  open: {hours: zh, open: busy, closed: bye}
  busy:
    branch: [{fact: queue_length, at_least: 5, go: bye}]
    otherwise: person
  bye: {goodbye: closed}
  person: {queue: zh}
"""
OFFICE = 'lines: {zh: {workday: ["09:00-18:00"]}}\n'


@pytest.mark.parametrize(
    ("words", "end"),
    [
        (["--at", "2026-09-30T10:00"], {"end": "queue", "queue": "zh"}),
        (["--at", "2026-10-01T10:00"], {"end": "goodbye"}),
        (["--at", "2026-09-30T10:00", "--set", "queue_length=5"], {"end": "goodbye"}),
        (["--at", "2026-09-30T01:00:00Z"], {"end": "queue", "queue": "zh"}),
    ],
)
def test_a_walk_goes_by_the_hours_of_its_time(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], end: dict[str, str]
) -> None:  # type: ignore[no-untyped-def]
    flows_dir = tmp_path / "flows"
    (flows_dir / "site").mkdir(parents=True)
    (flows_dir / "prompts").symlink_to(CHECKOUT / "ivr_flows" / "prompts")
    (flows_dir / "office.yaml").write_text(HOURS_FLOW)
    (flows_dir / "site" / "hours.yaml").write_text(OFFICE)
    monkeypatch.setenv("CALLCENTER_FLOWS_DIR", str(flows_dir))
    result = run("flows", "walk", "office", *words, "--json")
    assert result.exit_code == 0, result.stderr
    assert json.loads(result.stdout.splitlines()[-1]) == end


def test_a_walk_in_a_year_nobody_knows_says_so(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "flows" / "site").mkdir(parents=True)
    (tmp_path / "flows" / "prompts").symlink_to(CHECKOUT / "ivr_flows" / "prompts")
    (tmp_path / "flows" / "office.yaml").write_text(HOURS_FLOW)
    (tmp_path / "flows" / "site" / "hours.yaml").write_text(OFFICE)
    monkeypatch.setenv("CALLCENTER_FLOWS_DIR", str(tmp_path / "flows"))
    result = run("flows", "walk", "office", "--at", "2041-10-01T10:00")
    assert result.exit_code == 0
    assert "holidays of 2041 are not known" in result.stderr


def test_the_emergency_announcement_is_switched(run) -> None:  # type: ignore[no-untyped-def]
    assert run("flows", "emergency", "status").stdout == "off\n"
    assert run("flows", "emergency", "on", "--by", "supervisor").stdout.startswith("on, since 20")
    assert "by supervisor" in run("flows", "emergency", "status").stdout
    assert run("flows", "emergency", "off").stdout == "off\n"
    assert run("flows", "emergency", "perhaps").exit_code == 2

"""`callcenter report kpi` and `callcenter calls import` as a person types them, on an empty home, nothing started."""

import csv
import io
import json
from pathlib import Path
from typing import NamedTuple

import pytest

from callcenter.cli import main
from tests.call_history.given import ABANDONED, ANSWERED, LEFT_IN_MENU, history, numbered, write

DAY = ("--from", "2026-01-05T00:00:00+08:00", "--to", "2026-01-06T00:00:00+08:00")


class Done(NamedTuple):
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def callcenter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setenv("CALLCENTER_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> Done:
        monkeypatch.setattr("sys.argv", ["callcenter", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return Done(ended.value.code or 0, *capsys.readouterr())

    return run


@pytest.fixture
def imported(callcenter, tmp_path):
    rows = numbered(
        ANSWERED, ANSWERED | {"language": "bo", "started_at": "2026-01-05T09:59:59+08:00"}, ABANDONED, LEFT_IN_MENU
    )
    done = callcenter("calls", "import", str(write(tmp_path, history(*rows))))
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("imported 4 calls from ")
    return callcenter


def test_an_empty_home_has_an_empty_report(callcenter):
    done = callcenter("report", "kpi", *DAY, "--json")
    assert (done.returncode, done.stderr) == (0, "")
    report = json.loads(done.stdout)
    assert set(report) == {"from", "to", "threshold_s", "short_s", "counts", "figures"}
    assert (report["from"], report["to"], report["threshold_s"], report["short_s"]) == (DAY[1], DAY[3], 15, 5)
    assert set(report["counts"].values()) == {0}
    for figure in report["figures"]:
        rolling = {"at"} if "rolling" in figure["variant"] else set()
        assert (
            set(figure)
            == {"name", "variant", "value", "numerator", "denominator", "formula", "formula_zh", "source"} | rolling
        )
        assert figure["value"] is None


def test_what_was_imported_is_reported(imported):
    report = json.loads(imported("report", "kpi", *DAY, "--json").stdout)
    assert {name: report["counts"][name] for name in ("in", "to_seat", "answered")} == {
        "in": 4,
        "to_seat": 3,
        "answered": 2,
    }
    figures = {(figure["name"], figure["variant"]): figure for figure in report["figures"]}
    assert figures["connection_rate", "queue"]["value"] == 2 / 3
    assert (figures["asa_s", "all"]["numerator"], figures["asa_s", "all"]["value"]) == (20, 10)


def test_groups_stand_beside_the_total(imported):
    report = json.loads(imported("report", "kpi", *DAY, "--by", "language,hour", "--json").stdout)
    assert [group["by"] for group in report["groups"]] == [
        {"language": "bo", "hour": "2026-01-05T09:00:00+08:00"},
        {"language": "zh", "hour": "2026-01-05T10:00:00+08:00"},
    ]
    assert [group["counts"]["in"] for group in report["groups"]] == [1, 3]
    again = json.loads(imported("report", "kpi", *DAY, "--by", "language", "--by", "hour", "--json").stdout)
    assert again == report


def test_csv_and_table_show_the_same_figures(imported):
    rows = list(csv.DictReader(io.StringIO(imported("report", "kpi", *DAY, "--by", "language", "--csv").stdout)))
    assert {row["language"] for row in rows} == {"", "bo", "zh"}
    (rate,) = [row for row in rows if row["variant"] == "inbound" and row["language"] == ""]
    assert (rate["name"], float(rate["value"]), rate["numerator"], rate["denominator"]) == (
        "connection_rate",
        0.5,
        "2",
        "4",
    )
    assert "service_level" in imported("report", "kpi", *DAY).stdout


def test_no_cell_of_the_csv_is_taken_for_a_formula(callcenter, tmp_path):
    topics = ("=1+1", "+1", "-1", "@now", "plain")
    rows = numbered(*(ANSWERED | {"topic": topic} for topic in topics))
    assert callcenter("calls", "import", str(write(tmp_path, history(*rows)))).returncode == 0
    told = callcenter("report", "kpi", *DAY, "--by", "topic", "--csv").stdout
    cells = [cell for row in csv.reader(io.StringIO(told)) for cell in row]
    assert {"'=1+1", "'+1", "'-1", "'@now", "plain"} <= set(cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))] == []


def test_limits_and_variants_can_be_chosen(imported):
    done = imported(
        "report",
        "kpi",
        *DAY,
        "--threshold",
        "9.5",
        "--short",
        "30",
        "--variant",
        "within_threshold",
        "--variant",
        "SL5,abandonment_rate:queue",
        "--json",
    )
    report = json.loads(done.stdout)
    assert (report["threshold_s"], report["short_s"]) == (9.5, 30)
    assert [(figure["variant"], figure["numerator"]) for figure in report["figures"]] == [
        ("answered_from_queue", 0), ("offered_from_queue", 0), ("answered_from_ring", 2), ("SL5", 1), ("queue", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        (),
        DAY[:2],
        (*DAY[:3], "2026-01-04T00:00:00+08:00"),
        (*DAY[:3], "2026-01-06T00:00:00"),
        (*DAY[:3], "tomorrow"),
        (*DAY, "--by", "person"),
        (*DAY, "--by", "hour,hour"),
        (*DAY, "--by", "minute"),
        (*DAY, "--by", ""),
        (*DAY, "--threshold", "-1"),
        (*DAY, "--threshold", "nan"),
        (*DAY, "--threshold", ""),
        (*DAY, "--short", "1e400"),
        (*DAY, "--variant", "SL6"),
        (*DAY, "--json", "--csv"),
    ],
)
def test_a_wrong_call_is_refused_and_leaves_nothing(callcenter, tmp_path, words):
    done = callcenter("report", "kpi", *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip()
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home").exists()


def test_an_import_with_faults_names_them_and_leaves_the_record_as_it_was(imported, tmp_path):
    before = imported("report", "kpi", *DAY, "--json").stdout
    rows = [ANSWERED | {"call_id": "new"}, ANSWERED | {"call_id": "other", "grade": "7"}, ANSWERED]
    done = imported("calls", "import", str(write(tmp_path, history(*rows))))
    assert (done.returncode, done.stdout) == (1, "")
    lines = done.stderr.splitlines()
    assert lines[0].startswith("line 3: grade: ")
    assert lines[1] == "line 4: call_id: already on record"
    assert imported("report", "kpi", *DAY, "--json").stdout == before


def test_more_faults_than_anyone_reads_are_counted(callcenter, tmp_path):
    done = callcenter("calls", "import", str(write(tmp_path, history() + b"x\n" * 10_007)))
    assert done.returncode == 1
    assert len([line for line in done.stderr.splitlines() if line.startswith("line ")]) == 10_000
    assert "and 7 more faults" in done.stderr


def test_a_file_that_is_not_there_and_a_folder_are_wrong_calls(callcenter, tmp_path):
    for path in (tmp_path / "missing.csv", tmp_path):
        done = callcenter("calls", "import", str(path))
        assert (done.returncode, done.stdout) == (2, "")
        assert str(path) in done.stderr
    assert callcenter("calls", "import").returncode == 2

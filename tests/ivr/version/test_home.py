"""The published set as files: whole, followed, kept for calls in progress; and the delivered folder at a start."""

import shutil
from pathlib import Path

import pytest
from sqlalchemy import select

from callcenter.config import CHECKOUT, Settings
from callcenter.ivr.fallback import fallback_dialplan
from callcenter.ivr.version import home_files
from callcenter.ivr.version.following import follow
from callcenter.ivr.version.importing import import_folder
from callcenter.ivr.version.playing import now_playing, once_played
from callcenter.ivr.version.table import FlowVersionRow
from callcenter.storage.database import Database
from tests.ivr.dialplan_evaluator import Dialplan
from tests.ivr.version.given import MAIN, a_set, texts, version_row
from tests.site import HandClock

CLOCK = HandClock()
sqlite_only = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "home")


@pytest.fixture
def of_a_site(database_settings: Settings, tmp_path: Path) -> Settings:
    """A site that keeps its own folder of flows."""
    folder = tmp_path / "flows"
    shutil.copytree(CHECKOUT / "ivr_flows", folder)
    (folder / "main-with-topics.yaml").unlink()
    return database_settings.model_copy(update={"flows_dir": folder})


def versions(database: Database, flow: str = "main") -> list[tuple[int, bool]]:
    with database.read() as session:
        rows = session.scalars(select(FlowVersionRow).where(FlowVersionRow.flow == flow).order_by(FlowVersionRow.id))
        return [(row.version, row.from_file) for row in rows]


def test_what_is_written_is_read_back(home: Settings) -> None:
    home_files.write(home, a_set(7, "first"))
    assert home_files.current(home) == a_set(7, "first")
    assert (home.home / "flows" / "current" / "main.yaml").read_text() == MAIN.format("first")


def test_older_sets_stay_for_calls_in_progress_but_not_for_ever(home: Settings) -> None:
    for number in range(1, 9):
        home_files.write(home, a_set(number, f"v{number}"))
    assert [one.number for one in home_files.kept(home)] == [8, 7, 6, 5, 4]
    assert [one.number for one in once_played(home)] == [7, 6, 5, 4]


def test_a_home_without_versions_plays_the_folder(home: Settings) -> None:
    assert now_playing(home).number == 0
    assert {"main", "survey"} <= now_playing(home).flows.keys()


def test_damaged_files_count_as_none(home: Settings) -> None:
    home_files.write(home, a_set(1, "first"))
    (home.home / "flows" / "1" / "versions.json").write_text("{")
    assert home_files.current(home) is None
    home_files.write(home, a_set(1, "first"))
    assert home_files.current(home) == a_set(1, "first")


def test_the_delivered_folder_becomes_version_1_once(of_a_site: Settings, database: Database) -> None:
    assert import_folder(of_a_site, database, CLOCK) == len(list(of_a_site.flows_dir.glob("*.yaml")))
    assert import_folder(of_a_site, database, CLOCK) == 0
    assert versions(database) == [(1, True)]


@sqlite_only
def test_a_file_that_was_changed_counts_after_the_next_start(of_a_site: Settings, database: Database) -> None:
    import_folder(of_a_site, database, CLOCK)
    (of_a_site.flows_dir / "main.yaml").write_text(MAIN.format("changed"))
    assert import_folder(of_a_site, database, CLOCK) == 1
    assert versions(database) == [(1, True), (2, True)]


@sqlite_only
def test_a_file_does_not_undo_what_was_published_in_the_browser(
    of_a_site: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    import_folder(of_a_site, database, CLOCK)
    with database.begin() as session:
        session.add(version_row("main", 2, MAIN.format("browser")))
    assert import_folder(of_a_site, database, CLOCK) == 0
    (of_a_site.flows_dir / "main.yaml").write_text(MAIN.format("changed"))
    assert import_folder(of_a_site, database, CLOCK) == 0
    assert "flows.file_waits file=main.yaml version=2" in caplog.text


@sqlite_only
def test_a_broken_file_is_refused_and_the_version_before_goes_on(
    of_a_site: Settings, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    import_folder(of_a_site, database, CLOCK)
    (of_a_site.flows_dir / "main.yaml").write_text(MAIN.format("changed").replace("person}", "nobody}"))
    assert import_folder(of_a_site, database, CLOCK) == 0
    assert "main.yaml:4: error:" in caplog.text
    assert versions(database) == [(1, True)]


def test_the_home_follows_the_table(database_settings: Settings, database: Database) -> None:
    assert follow(database_settings, database) == 0
    for number, mark in ((1, "first"), (2, "second")):
        with database.begin() as session:
            session.add_all([version_row(flow, number, text) for flow, text in texts(mark).items()])
        set_number = follow(database_settings, database)
        current = home_files.current(database_settings)
        assert current is not None
        assert (current.number, dict(current.texts)) == (set_number, texts(mark))
        assert dict(current.versions) == {"main": number, "survey": number}


def test_a_word_that_changed_does_not_take_a_published_flow_away(home: Settings) -> None:
    home_files.write(home, a_set(1, "first"))
    bare = home.model_copy(update={"flows_dir": home.home / "no-words-here"})
    assert {"main", "survey"} <= now_playing(bare).flows.keys()


def test_the_dialplan_holds_the_version_of_every_call_in_progress(home: Settings) -> None:
    for number in (1, 2, 3):
        home_files.write(home, a_set(number, f"v{number}"))
    plan = Dialplan.parse(fallback_dialplan(home).replace("Dial(", "NoOp("))
    assert {"flow-main", "flow-main-1", "flow-main-2", "flow-main-3", "flow-survey-3"} <= plan.contexts.keys()
    assert [step.args for step in plan.contexts["flow-main"]["s"]] == [
        '$["${CC_FLOWS}" = "2"]?flow-main-2,s,1',
        '$["${CC_FLOWS}" = "1"]?flow-main-1,s,1',
        "flow-main-3,s,1",
    ]
    assert "fact,s,1(flow,main@2)" in [step.args for step in plan.contexts["flow-main-2"]["s"]]
    assert "n_v2" in plan.contexts["flow-main-2"]


def test_a_flow_that_did_not_change_is_in_the_dialplan_once(home: Settings) -> None:
    home_files.write(home, a_set(1, "first"))
    second = a_set(2, "second")
    same = {"survey": 1}
    one_changed = type(second)(2, {**second.texts, "survey": texts("first")["survey"]}, {**second.versions, **same})
    home_files.write(home, one_changed)
    contexts = Dialplan.parse(fallback_dialplan(home).replace("Dial(", "NoOp(")).contexts.keys()
    assert {name for name in contexts if name.startswith("flow-survey")} == {"flow-survey", "flow-survey-1"}

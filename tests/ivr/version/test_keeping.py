"""The engine's side: which version a caller gets, how a new one comes in, and what the test number plays."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest

from callcenter.asterisk.events import Fact
from callcenter.config import Settings
from callcenter.ivr.runtime import IvrService
from callcenter.ivr.version.keeping import Keeper, NothingKept
from callcenter.prompt.catalogue import PromptFiles
from callcenter.storage.database import Database
from tests.ivr.test_runtime import FakeCaller
from tests.ivr.version.given import MAIN, draft_row, texts, version_row
from tests.site import HandClock

pytestmark = pytest.mark.parametrize("database_settings", ["sqlite"], indirect=True)


class Bench:
    def __init__(self, settings: Settings, database: Database, sounds: Path) -> None:
        self.settings, self.database = settings, database
        self.told: list[tuple[str, str]] = []
        self._prompts = PromptFiles(sounds, "zh")
        self.keeper = self._new()

    def _new(self) -> Keeper:
        clock = HandClock()
        ivr = IvrService({}, self._prompts, self._sink, clock)
        trial = IvrService({}, self._prompts, self._sink, clock, messages=NothingKept())
        return Keeper(self.settings, self.database, clock, ivr, trial)

    def _sink(self, fact: Fact) -> None:
        self.told.append((fact.name, fact.value))

    def restart(self) -> None:
        """A new engine on the same home."""
        self.keeper = self._new()
        self.keeper.begin()

    def publish(self, version: int, mark: str) -> None:
        with self.database.begin() as session:
            session.add_all([version_row(flow, version, text) for flow, text in texts(mark).items()])

    async def reloaded(self, mark: str) -> None:
        """Until a new caller meets this version."""
        running = asyncio.create_task(self.keeper.run())
        try:
            self.keeper.reload()
            async with asyncio.timeout(20):
                while mark not in self.nodes(await self.call()):  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        finally:
            running.cancel()

    async def call(self, script: str = "main", **variables: str) -> FakeCaller:
        caller = FakeCaller("1", script=script, **variables)
        self.told.clear()
        await self.keeper.handle(caller)
        return caller

    def nodes(self, _caller: FakeCaller) -> list[str]:
        return [value for name, value in self.told if name == "node"]

    def flow(self) -> str:
        return next((value for name, value in self.told if name == "flow"), "")


@pytest.fixture
def bench(database_settings: Settings, database: Database, tmp_path: Path) -> Bench:
    for prompt in ("notice", "survey", "thanks", "voicemail", "tone"):
        file = tmp_path / "sounds" / "zh" / f"{prompt}.alaw"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"\xd5" * 80)
    no_flows = tmp_path / "nothing"
    no_flows.mkdir()
    settings = database_settings.model_copy(update={"flows_dir": no_flows})
    return Bench(settings, database, tmp_path / "sounds")


def story(steps: Coroutine[Any, Any, None]) -> None:
    asyncio.run(steps)


def test_a_caller_gets_the_newest_version_and_his_record_says_so(bench: Bench) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.publish(2, "second")
        bench.keeper.begin()
        caller = await bench.call()
        assert bench.nodes(caller) == ["second", "person"]
        assert bench.flow() == "main@2"
        assert caller.variables["CC_FLOWS"].isdecimal()

    story(steps())


def test_a_new_version_comes_in_without_a_restart_and_a_survey_keeps_its_own(bench: Bench) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.keeper.begin()
        began = await bench.call()
        bench.publish(2, "second")
        await bench.reloaded("second")
        survey = await bench.call("survey", CC_FLOWS=began.variables["CC_FLOWS"], CC_LANG="zh")
        assert (bench.nodes(survey)[0], bench.flow()) == ("first", "survey@1")
        other = await bench.call("survey", CC_FLOWS="999999", CC_LANG="zh")
        assert (bench.nodes(other)[0], bench.flow()) == ("second", "survey@2")

    story(steps())


def test_a_new_engine_still_knows_the_sets_of_calls_in_progress(bench: Bench) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.keeper.begin()
        began = await bench.call()
        bench.publish(2, "second")
        await bench.reloaded("second")
        bench.restart()
        survey = await bench.call("survey", CC_FLOWS=began.variables["CC_FLOWS"], CC_LANG="zh")
        assert bench.nodes(survey)[0] == "first"

    story(steps())


def test_without_the_database_the_homes_files_are_played(bench: Bench) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.keeper.begin()
        away = bench.settings.model_copy(update={"database_url": "postgresql://nobody@127.0.0.1:1/none"})
        bench.database = Database(away)
        bench.restart()
        caller = await bench.call()
        assert bench.nodes(caller)[0] == "first"
        bench.database.close()

    story(steps())


def test_the_test_number_plays_the_draft_and_nobody_else_hears_it(bench: Bench) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.keeper.begin()
        with bench.database.begin() as session:
            session.add(draft_row("main", MAIN.format("drafted")))
        tester = await bench.call("draft")
        assert (bench.nodes(tester)[0], bench.flow()) == ("drafted", "main@draft")
        caller = await bench.call()
        assert (bench.nodes(caller)[0], bench.flow()) == ("first", "main@1")

    story(steps())


def test_without_a_draft_the_test_number_plays_what_is_published(bench: Bench) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.keeper.begin()
        assert bench.nodes(await bench.call("draft"))[0] == "first"

    story(steps())


def test_a_draft_that_would_strand_the_tester_is_not_played(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.keeper.begin()
        with bench.database.begin() as session:
            session.add(draft_row("main", MAIN.format("drafted").replace("next: person", "next: drafted")))
        tester = await bench.call("draft")
        assert (bench.told, "CC_NEXT" in tester.variables) == ([], False)
        assert "endless-loop" in caplog.text

    story(steps())


def test_a_tester_leaves_no_message_and_no_request(bench: Bench) -> None:
    async def steps() -> None:
        bench.publish(1, "first")
        bench.keeper.begin()
        text = MAIN.format("drafted").replace(
            "{play: notice, next: person}", "{voicemail: notice, thanks: thanks, next: person, otherwise: bye}"
        )
        text += "  bye: {goodbye: []}\n"
        with bench.database.begin() as session:
            session.add(draft_row("main", text))
        tester = await bench.call("draft")
        assert bench.nodes(tester) == ["drafted", "person"]
        assert not list(bench.settings.recordings_dir.rglob("*.wav"))

    story(steps())

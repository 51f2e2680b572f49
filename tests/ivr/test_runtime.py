"""Flows on a caller's channel that is a fake: what is played, set, told, and what happens when things fail."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callcenter.asterisk.channel_control import ChannelGone, Digits, Finished, NoInput
from callcenter.asterisk.events import Fact
from callcenter.ids import Linkedid, Uniqueid
from callcenter.ivr.flow import Flow
from callcenter.ivr.runtime import IvrService
from callcenter.prompt.catalogue import PromptFiles
from tests.ivr.conftest import NOON


class FakeClock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


class FakeCaller:
    """Answers each question with the next of `keys` (`""`: no key), and hangs up at command number `gone_at`."""

    def __init__(self, *keys: str, script: str = "main", gone_at: int | None = None, **variables: str) -> None:
        self.script = script
        self.uniqueid = Uniqueid("a-1.1")
        self.linkedid = Linkedid("a-1.0")
        self.caller_number = "13900000001"
        self.keys = list(keys)
        self.gone_at = gone_at
        self.variables = dict(variables)
        self.trail = ""
        self.heard: list[str] = []
        self.commands = 0
        self.clock: FakeClock | None = None
        self.each_play_s = 0

    def _next(self) -> ChannelGone | None:
        self.commands += 1
        return ChannelGone() if self.gone_at is not None and self.commands >= self.gone_at else None

    async def play(self, files: Sequence[str], keys: str = "") -> Digits | Finished | ChannelGone:
        self.heard += [str(Path(file).relative_to(Path(file).parents[1])) for file in files]
        if self.clock:
            self.clock.at += timedelta(seconds=self.each_play_s)
        return self._next() or Finished()

    async def collect(
        self, files: Sequence[str], digits: int = 1, timeout_s: float = 5.0, terminator: str = ""
    ) -> Digits | NoInput | ChannelGone:
        self.heard += [str(Path(file).relative_to(Path(file).parents[1])) for file in files]
        gone = self._next()
        key = self.keys.pop(0) if self.keys else ""
        return gone or (Digits(key) if key else NoInput())

    async def set(self, name: str, value: str) -> Finished | ChannelGone:
        gone = self._next()
        if gone is None:
            self.variables[name] = value
        return gone or Finished()

    async def set_all(self, values: Mapping[str, str]) -> Finished | ChannelGone:
        gone = self._next()
        if gone is None:
            self.variables |= values
            self.trail = self.variables.pop("CC_TRAIL", self.trail)
        return gone or Finished()

    async def get(self, name: str) -> Finished | ChannelGone:
        return self._next() or Finished(self.variables.get(name, ""))

    async def exec(self, app: str, args: str = "") -> Finished | ChannelGone:
        return self._next() or Finished()


class Bench:
    def __init__(self, flows: dict[str, Flow], folder: Path) -> None:
        self.clock = FakeClock()
        self.facts: list[Fact] = []
        self.files = PromptFiles(folder, "zh")
        self.service = IvrService(flows, self.files, self.facts.append, self.clock)

    def call(self, caller: FakeCaller) -> FakeCaller:
        asyncio.run(self.service.handle(caller))
        return caller

    def told(self) -> list[tuple[str, str]]:
        return [(fact.name, fact.value) for fact in self.facts]


@pytest.fixture
def sounds(tmp_path: Path, shipped: dict[str, Flow]) -> Path:
    used = {prompt for flow in shipped.values() for node in flow.nodes.values() for prompt in node.prompts()}
    for language in ("zh", "bo", "mn"):
        (tmp_path / "sounds" / language).mkdir(parents=True)
        for prompt in used:
            (tmp_path / "sounds" / language / f"{prompt}.alaw").write_bytes(b"\xd5" * 80)
    return tmp_path / "sounds"


@pytest.fixture
def bench(shipped: dict[str, Flow], sounds: Path) -> Bench:
    return Bench(shipped, sounds)


def test_a_tibetan_caller_hears_tibetan_and_goes_to_the_tibetan_line(bench: Bench) -> None:
    caller = bench.call(FakeCaller("2"))
    assert caller.heard == ["zh/welcome", "zh/language-menu", "bo/language-menu", "mn/language-menu", "bo/notice"]
    assert caller.variables == {"CC_LANG": "bo", "CC_LINE": "bo", "CC_NODE": "notice", "CC_NEXT": "queue"}
    assert bench.told() == [
        ("node", "welcome"),
        ("node", "language"),
        ("key", "language=2"),
        ("language", "bo"),
        ("node", "notice"),
        ("node", "person"),
        ("line", "bo"),
    ]
    assert {(fact.linkedid, fact.uniqueid, fact.at) for fact in bench.facts} == {("a-1.0", "a-1.1", NOON)}
    assert bench.service.counts.ends == {"queue": 1}


def test_the_survey_speaks_the_language_of_the_call(bench: Bench) -> None:
    caller = bench.call(FakeCaller("4", script="survey", CC_LANG="mn"))
    assert caller.heard == ["mn/survey", "mn/thanks"]
    assert (caller.variables["CC_GRADE"], caller.variables["CC_NEXT"]) == ("4", "goodbye")
    assert ("grade", "4") in bench.told()


def test_a_survey_without_a_key_has_no_grade(bench: Bench) -> None:
    caller = bench.call(FakeCaller(script="survey", CC_LANG="bo"))
    assert "CC_GRADE" not in caller.variables
    assert caller.variables["CC_NEXT"] == "goodbye"


@pytest.mark.parametrize("script", ["main", "survey", "main-with-topics"])
def test_a_caller_may_hang_up_at_every_step(bench: Bench, script: str) -> None:
    whole = bench.call(FakeCaller("9", "1", "7", "2", script=script)).commands
    assert whole > 3
    for gone_at in range(1, whole + 1):
        caller = bench.call(FakeCaller("9", "1", "7", "2", script=script, gone_at=gone_at))
        assert caller.commands == gone_at
        assert "CC_NEXT" not in caller.variables
    assert bench.service.counts.ends["hung_up"] == whole
    assert bench.service.counts.now == 0


def test_a_grade_is_on_the_channel_before_the_thanks(bench: Bench) -> None:
    caller = bench.call(FakeCaller("2", script="survey", CC_LANG="zh", gone_at=6))
    assert caller.heard == ["zh/survey", "zh/thanks"]
    assert caller.variables == {"CC_LANG": "zh", "CC_GRADE": "2", "CC_NODE": "thanks"}
    assert bench.told()[-1] == ("node", "thanks")


def test_two_callers_at_once_do_not_disturb_each_other(bench: Bench) -> None:
    async def both() -> tuple[FakeCaller, FakeCaller]:
        one, two = FakeCaller("2"), FakeCaller("3")
        await asyncio.gather(bench.service.handle(one), bench.service.handle(two))
        return one, two

    one, two = asyncio.run(both())
    assert (one.variables["CC_LINE"], two.variables["CC_LINE"]) == ("bo", "mn")


def test_an_unknown_script_leaves_the_caller_to_the_dialplan(bench: Bench) -> None:
    caller = bench.call(FakeCaller(script="nonsense"))
    assert (caller.commands, caller.variables) == (0, {})
    assert bench.service.counts.ends == {"failed": 1}


def test_an_error_inside_ends_the_session_without_a_way_on_so_that_the_dialplan_takes_over(
    shipped: dict[str, Flow], sounds: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken_sink(_fact: Fact) -> None:
        raise RuntimeError("the record is full")

    service = IvrService(shipped, PromptFiles(sounds, "zh"), broken_sink, FakeClock())
    caller = FakeCaller("1")
    asyncio.run(service.handle(caller))
    assert "CC_NEXT" not in caller.variables
    assert service.counts.ends == {"failed": 1}
    assert "ivr.failed linkedid=a-1.0" in caplog.text


def test_when_the_flows_time_is_up_the_caller_goes_to_a_person(bench: Bench) -> None:
    slow = FakeCaller("2")
    slow.clock, slow.each_play_s = bench.clock, bench.service.flows["main"].deadline_s
    bench.call(slow)
    assert slow.heard == ["zh/welcome"]
    assert slow.variables == {"CC_LANG": "zh", "CC_LINE": "zh", "CC_NODE": "welcome", "CC_NEXT": "queue"}


def test_an_asterisk_that_does_not_answer_is_cut_after_the_grace(
    shipped: dict[str, Flow], sounds: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Hanging(FakeCaller):
        async def play(self, files: Sequence[str], keys: str = "") -> Digits | Finished | ChannelGone:
            await asyncio.Event().wait()
            return Finished()

    monkeypatch.setattr("callcenter.ivr.runtime.GRACE_S", -119.9)
    bench = Bench(shipped, sounds)
    caller = bench.call(Hanging("1"))
    assert "CC_NEXT" not in caller.variables
    assert bench.service.counts.ends == {"cut": 1}


def test_mandarin_stands_in_for_a_missing_prompt_and_is_counted(bench: Bench, sounds: Path) -> None:
    (sounds / "bo" / "notice.alaw").unlink()
    caller = bench.call(FakeCaller("2"))
    assert caller.heard[-1] == "zh/notice"
    assert caller.variables["CC_LINE"] == "bo"
    assert bench.files.stand_ins == {"bo/notice": 1}


def test_a_language_is_not_offered_in_another_ones_voice(bench: Bench, sounds: Path) -> None:
    (sounds / "mn" / "language-menu.alaw").unlink()
    assert bench.call(FakeCaller("1")).heard[1:3] == ["zh/language-menu", "bo/language-menu"]


def test_a_question_that_cannot_be_asked_leads_to_a_person(bench: Bench, sounds: Path) -> None:
    for language in ("zh", "bo", "mn"):
        (sounds / language / "language-menu.alaw").unlink()
    caller = bench.call(FakeCaller("2"))
    assert caller.variables == {"CC_LANG": "zh", "CC_LINE": "zh", "CC_NODE": "language", "CC_NEXT": "queue"}


@pytest.mark.parametrize(("minutes", "recorded", "heard"), [(4, True, True), (None, True, False), (4, False, False)])
def test_the_wait_is_told_when_it_is_known_and_every_word_is_recorded(
    shipped: dict[str, Flow], sounds: Path, minutes: int | None, recorded: bool, heard: bool
) -> None:
    for word in ("wait-about", "digit-4", *(["wait-minutes"] if recorded else [])):
        (sounds / "bo" / f"{word}.alaw").write_bytes(b"\xd5" * 80)
    (sounds / "zh" / "wait-minutes.alaw").write_bytes(b"\xd5" * 80)
    service = IvrService(shipped, PromptFiles(sounds, "zh"), lambda _: None, FakeClock(), expected={"bo": minutes}.get)
    caller = FakeCaller("2")
    asyncio.run(service.handle(caller))
    told = [file for file in caller.heard if "wait-" in file or "digit-" in file]
    assert told == (["bo/wait-about", "bo/digit-4", "bo/wait-minutes"] if heard else [])
    assert caller.variables["CC_NEXT"] == "queue"

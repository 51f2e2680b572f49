"""Vosk itself, in its own process, with a model that the tests have built."""

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callcenter.asterisk.channel_control import NoInput
from callcenter.config import CHECKOUT, Settings
from callcenter.ivr.check import check_folder
from callcenter.ivr.listener import Listener
from callcenter.ivr.model import Deaf, Heard
from callcenter.ivr.shipped import rules_of
from callcenter.speech.client import RecogniserAway, SocketRecogniser, Understood
from callcenter.speech.hearing import Hearing
from callcenter.speech.vocabulary import unknown_words
from tests.given import until
from tests.speech import said

pytestmark = pytest.mark.speech

MENU = ("法律 援助", "劳动", "婚姻", "人工")


@pytest.fixture(scope="module")
def hearing(speech_model: Path) -> Hearing:
    return Hearing(speech_model)


@pytest.mark.parametrize("word", MENU)
def test_each_word_of_a_menu_is_understood(hearing: Hearing, tmp_path: Path, word: str) -> None:
    assert hearing.understand(said.word(tmp_path / "a.wav", word), MENU) == Understood(word)


def test_a_word_of_another_menu_is_none_of_this_one(hearing: Hearing, tmp_path: Path) -> None:
    assert hearing.understand(said.word(tmp_path / "a.wav", "公证"), MENU) == Understood("")


@pytest.mark.parametrize("sound", [said.whistle, said.noise])
def test_a_whistle_and_noise_are_no_word(hearing: Hearing, tmp_path: Path, sound: Callable[[Path], Path]) -> None:
    assert hearing.understand(sound(tmp_path / "a.wav"), MENU) == Understood("")


def test_silence_is_told_from_what_is_not_understood(hearing: Hearing, tmp_path: Path) -> None:
    assert hearing.understand(said.silence(tmp_path / "a.wav"), MENU) == Understood("", silent=True)


def test_words_that_the_model_does_not_know_are_found_before_they_are_published(
    speech_model: Path, tmp_path: Path
) -> None:
    assert unknown_words(speech_model, ["法律援助", "法律 援助", "火星", "人工"]) == ["法律援助", "火星"]
    flow = tmp_path / "main.yaml"
    flow.write_text(
        "id: main\nstart: ask\nnodes:\n  ask:\n    speech: topic-menu\n    by_key: topic-menu\n"
        '    words: {火星: person, 人工: person}\n    keys: {"0": person}\n    otherwise: person\n'
        "  person: {queue: zh}\n"
    )
    rules = rules_of(Settings(speech_model=speech_model))
    assert [(it.code, it.level, it.line) for it in check_folder(flow, rules)] == [("unknown-word", "error", 7)]


class Process:
    """`callcenter speech serve`, on a home of its own."""

    def __init__(self, model: Path, home: Path) -> None:
        self.home = home
        self.recogniser = SocketRecogniser(Settings(home=home).speech_socket)
        environment = {"CALLCENTER_HOME": str(home), "CALLCENTER_SPEECH_MODEL": str(model), "PATH": "/usr/bin:/bin"}
        command = [sys.executable, "-m", "callcenter", "speech", "serve"]
        with (home / "speech.log").open("w") as log:
            self._process = subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=log, stderr=log)
        until(self.ready, within=60, saying=lambda: (home / "speech.log").read_text())

    def ready(self) -> bool:
        assert self._process.poll() is None, (self.home / "speech.log").read_text()
        try:
            return asyncio.run(self.recogniser.ready())
        except RecogniserAway:
            return False

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()


@pytest.fixture(scope="module")
def served(speech_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    process = Process(speech_model, tmp_path_factory.mktemp("home"))
    yield process
    process.kill()


class Speaker:
    """A caller whose channel records this sound."""

    linkedid = "a-1"

    def __init__(self, sound: Callable[[Path], object]) -> None:
        self._sound = sound

    async def record(self, file: str, _max_s: float, _silence_s: int, _keys: str = "") -> object:
        await asyncio.to_thread(self._sound, Path(f"{file}.wav"))
        return None


def listened(process: Process, sound: Callable[[Path], object]) -> tuple[bool, object]:
    async def run() -> tuple[bool, object]:
        listener = Listener(process.recogniser, process.home)
        return await listener.ready(), await listener.listen(Speaker(sound), MENU, 6)  # type: ignore[arg-type]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("sound", "heard"),
    [
        (lambda file: said.word(file, "劳动"), Heard("劳动")),
        (said.whistle, Heard("")),
        (said.noise, Heard("")),
        (said.silence, NoInput()),
    ],
    ids=["a word", "a whistle", "noise", "silence"],
)
def test_the_process_tells_what_a_caller_said(served: Process, sound: Callable[[Path], object], heard: object) -> None:
    assert listened(served, sound) == (True, heard)
    assert not list(served.home.glob("utterance-*"))


def test_a_process_that_was_killed_leaves_a_menu_of_keys(speech_model: Path, tmp_path: Path) -> None:
    process = Process(speech_model, tmp_path)
    process.kill()
    assert listened(process, said.silence) == (False, Deaf())

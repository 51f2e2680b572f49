"""The recogniser over its socket, with ears that are a fake: vosk itself is tried by `callcenter speech selftest`."""

import asyncio
import wave
from array import array
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TypeVar, cast

import pytest

from callcenter.asterisk.channel_control import ChannelGone, Digits, Finished, NoInput
from callcenter.errors import BadInput
from callcenter.ivr.listener import Listener
from callcenter.ivr.model import Deaf, Heard
from callcenter.speech.client import RecogniserAway, SocketRecogniser, Understood
from callcenter.speech.hearing import Hearing, _at_rate, _loudest
from callcenter.speech.server import SpeechServer

Answer = TypeVar("Answer")


class Ears:
    def __init__(self, word: str = "", silent: bool = False) -> None:
        self.heard = Understood(word, silent)
        self.asked: list[tuple[str, ...]] = []

    def understand(self, wav: Path, words: Sequence[str]) -> Understood:
        if not wav.is_file():
            raise BadInput(f"{wav} cannot be read")
        self.asked.append(tuple(words))
        return self.heard


class Speaker:
    """Records a file, or presses a key instead."""

    linkedid = "a-1.0"

    def __init__(self, pressed: Digits | Finished | ChannelGone | None = None) -> None:
        self.pressed = pressed or Finished()

    async def record(
        self, file: str, _max_s: float, _silence_s: int, _keys: str = ""
    ) -> Digits | Finished | ChannelGone:
        if isinstance(self.pressed, Finished):
            with wave.open(f"{file}.wav", "wb") as out:
                out.setparams((1, 2, 8000, 0, "NONE", ""))
                out.writeframes(bytes(1600))
        return self.pressed


def served(ears: Ears, folder: Path, ask: Callable[[SocketRecogniser], Awaitable[Answer]]) -> Answer:
    socket = folder / "s"
    socket.unlink(missing_ok=True)

    async def run() -> Answer:
        serving = asyncio.create_task(SpeechServer(cast(Hearing, ears), socket).serve())
        for _ in range(1000):
            if socket.exists():
                break
            await asyncio.sleep(0.01)
        try:
            return await ask(SocketRecogniser(socket))
        finally:
            serving.cancel()

    return asyncio.run(run())


def listened(ears: Ears, folder: Path, speaker: Speaker) -> object:
    return served(ears, folder, lambda it: Listener(it, folder).listen(speaker, ("劳动", "人工"), 6))  # type: ignore[arg-type]


def test_a_word_is_understood_and_the_utterance_is_deleted(tmp_path: Path) -> None:
    ears = Ears("劳动")
    assert listened(ears, tmp_path, Speaker()) == Heard("劳动")
    assert ears.asked == [("劳动", "人工")]
    assert not list(tmp_path.glob("*.wav"))


def test_silence_and_noise_are_told_apart(tmp_path: Path) -> None:
    assert listened(Ears(silent=True), tmp_path, Speaker()) == NoInput()
    assert listened(Ears(), tmp_path, Speaker()) == Heard("")


def test_a_key_and_a_hang_up_need_no_ears(tmp_path: Path) -> None:
    ears = Ears("劳动")
    assert listened(ears, tmp_path, Speaker(Digits("1"))) == Digits("1")
    assert listened(ears, tmp_path, Speaker(ChannelGone())) == ChannelGone()
    assert ears.asked == []


def test_a_recogniser_that_is_not_there_is_deaf_and_not_ready(tmp_path: Path) -> None:
    async def run() -> tuple[bool, object]:
        listener = Listener(SocketRecogniser(tmp_path / "nobody"), tmp_path)
        return await listener.ready(), await listener.listen(Speaker(), ("劳动",), 6)  # type: ignore[arg-type]

    assert asyncio.run(run()) == (False, Deaf())


def test_a_recogniser_that_falls_over_is_deaf(tmp_path: Path) -> None:
    async def falls_over(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.close()

    async def run() -> object:
        server = await asyncio.start_unix_server(falls_over, tmp_path / "s")
        async with server:
            return await Listener(SocketRecogniser(tmp_path / "s"), tmp_path).listen(Speaker(), ("劳动",), 6)  # type: ignore[arg-type]

    assert asyncio.run(run()) == Deaf()


def test_a_file_that_cannot_be_read_is_an_error_and_not_silence(tmp_path: Path) -> None:
    with pytest.raises(RecogniserAway, match="cannot be read"):
        served(Ears(), tmp_path, lambda it: it.understand(tmp_path / "no.wav", ["劳动"]))
    assert served(Ears(), tmp_path, lambda it: it.ready())


def test_a_folder_without_a_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="holds no speech model"):
        Hearing(tmp_path)


def test_telephone_sound_is_brought_to_the_rate_of_the_model() -> None:
    samples = array("h", [0, 100, 200, 100])
    assert list(_at_rate(samples, 8000, 16000)) == [0, 50, 100, 150, 200, 150, 100, 100]
    assert _at_rate(samples, 8000, 8000) is samples
    assert _loudest(array("h", [1000] * 800), 8000) == 1000

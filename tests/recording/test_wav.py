import wave
from array import array
from pathlib import Path

import pytest

from callcenter.recording import wav
from callcenter.recording.wav import UnreadableSound
from tests.recording.given import deny_length, silence, tone, write


def read_back(path: Path) -> tuple[array, array, int]:
    with wave.open(str(path), "rb") as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        both = array("h")
        both.frombytes(file.readframes(file.getnframes()))
        return both[0::2], both[1::2], file.getframerate()


@pytest.mark.parametrize("rate", [8000, 16000])
def test_the_caller_is_left_and_the_seat_right_and_the_shorter_is_filled_with_silence(
    tmp_path: Path, rate: int
) -> None:
    caller, seat = tone(2.35, 440, rate=rate), tone(1.2, 1000, rate=rate)
    left = wav.locate(write(tmp_path / "c.wav", caller, rate))
    right = wav.locate(write(tmp_path / "s.wav", seat, rate))
    wav.write_stereo(tmp_path / "both.wav", left, right)
    got_left, got_right, got_rate = read_back(tmp_path / "both.wav")
    assert got_rate == rate
    assert got_left == caller
    assert got_right == seat + silence(1.15, rate)


@pytest.mark.parametrize("sizes", [(0, 0), (0xFFFFFFFF, 0xFFFFFFFF), (36 + 800, 800), (36, 0)])
def test_a_header_that_denies_the_sound_is_not_believed(tmp_path: Path, sizes: tuple[int, int]) -> None:
    path = deny_length(write(tmp_path / "c.wav", tone(1.5)), *sizes)
    assert wav.locate(path).frames == 12000


def test_a_file_cut_off_in_the_middle_of_a_sample_keeps_its_whole_samples(tmp_path: Path) -> None:
    path = write(tmp_path / "c.wav", tone(1))
    path.write_bytes(path.read_bytes()[:-1001])
    assert wav.locate(path).frames == 7499


def test_what_follows_the_sound_is_not_sound(tmp_path: Path) -> None:
    path = write(tmp_path / "c.wav", tone(1))
    with path.open("ab") as file:
        file.write(b"LIST\x04\x00\x00\x00INFO")
    assert wav.locate(path).frames == 8000


@pytest.mark.parametrize("content", [b"", b"RIFF", b"ID3" + bytes(100), b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0" + bytes(16)])
def test_what_is_not_sound_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "c.wav"
    path.write_bytes(content)
    with pytest.raises(UnreadableSound, match=r"c\.wav"):
        wav.locate(path)


def test_levels_are_those_of_each_side(tmp_path: Path) -> None:
    loud = wav.locate(write(tmp_path / "c.wav", tone(3, amplitude=0.3)))
    wav.write_stereo(tmp_path / "both.wav", loud, None)
    measured = wav.measure(tmp_path / "both.wav")
    assert measured.seconds == 3.0
    assert measured.caller_rms == pytest.approx(0.3 / 2**0.5, rel=0.001)
    assert measured.seat_rms == 0
    assert measured.problem == "the seat's side is silent"


def test_one_short_word_in_a_long_silence_is_not_a_dead_line(tmp_path: Path) -> None:
    word = wav.locate(write(tmp_path / "c.wav", silence(60) + tone(0.2, amplitude=0.05) + silence(60)))
    wav.write_stereo(tmp_path / "both.wav", word, word)
    assert wav.measure(tmp_path / "both.wav").problem == ""


def test_two_different_rates_are_not_mixed(tmp_path: Path) -> None:
    left = wav.locate(write(tmp_path / "c.wav", tone(1), 8000))
    right = wav.locate(write(tmp_path / "s.wav", tone(1), 16000))
    with pytest.raises(UnreadableSound, match="not recorded in the same way"):
        wav.write_stereo(tmp_path / "both.wav", left, right)

"""Sound to send and to look for."""

import io
import math
import shutil
import subprocess
import wave
from array import array
from functools import cache
from pathlib import Path

CALLER_HZ = 440
SEAT_HZ = 1000
AMPLITUDE = 0.3


@cache
def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, hertz in (("caller", CALLER_HZ), ("seat", SEAT_HZ)):
        _sox("-n", "-r", "8000", "-c", "1", "-t", "raw", "-e", "a-law", folder / f"{name}.alaw", *_tone(hertz, 10))
    return folder


def put_into(folder: Path, store: Path) -> None:
    """Copy the sounds that scenarios play into the folder in which SIPp runs."""
    for file in _made(store).iterdir():
        shutil.copy(file, folder)


ROWS, COLUMNS = (697, 770, 852, 941), (1209, 1336, 1477)
KEYPAD = ("123", "456", "789", "*0#")


def keys_as_tones(file: Path, keys: str, first_s: float = 3.0, every_s: float = 1.5) -> None:
    """A-law with the keys as a telephone sounds them, 150 ms each."""
    samples = array("h", bytes(2 * int(8000 * first_s)))
    for key in keys:
        row = next(at for at, line in enumerate(KEYPAD) if key in line)
        tones = (ROWS[row], COLUMNS[KEYPAD[row].index(key)])
        samples.extend(round(4000 * sum(math.sin(2 * math.pi * hz * n / 8000) for hz in tones)) for n in range(1200))
        samples.extend(array("h", bytes(2 * int(8000 * (every_s - 0.15)))))
    samples.extend(array("h", bytes(2 * 8000 * 20)))
    plain = file.with_suffix(".pcm")
    plain.write_bytes(samples.tobytes())
    raw = ("-r", "8000", "-c", "1", "-t", "raw")
    _sox(*raw, "-e", "signed", "-b", "16", plain, *raw, "-e", "a-law", "-b", "8", file)


def _sox(*words: object) -> None:
    subprocess.run(["sox", *map(str, words)], check=True)


def _tone(hertz: int, seconds: int) -> list[str]:
    return ["synth", str(seconds), "sine", str(hertz), "vol", str(AMPLITUDE)]


def sides(recording: bytes) -> tuple["array[int]", "array[int]", int]:
    """Caller's and seat's samples of a sealed recording, and their rate."""
    with wave.open(io.BytesIO(recording)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (2, 2)
        both = array("h")
        both.frombytes(file.readframes(file.getnframes()))
        return both[0::2], both[1::2], file.getframerate()


def share(samples: "array[int]", rate: int, hertz: float) -> float:
    """The part of the power that is at one frequency, 0-1; over blocks of a quarter second, silent ones left out."""
    block, at, whole = rate // 4, 0.0, 0.0
    for start in range(0, len(samples) - block + 1, block):
        piece = samples[start : start + block]
        power = sum(value * value for value in piece)
        if power / block < 100**2:
            continue
        angle = 2 * math.pi * hertz / rate
        real = sum(value * math.cos(angle * n) for n, value in enumerate(piece))
        imaginary = sum(value * math.sin(angle * n) for n, value in enumerate(piece))
        at += 2 * (real * real + imaginary * imaginary) / block
        whole += power
    return at / whole if whole else 0.0

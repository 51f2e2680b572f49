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

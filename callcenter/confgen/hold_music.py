"""What a waiting caller hears: words in his language, then a melody, and again. On hold: the melody alone.

The melody is made by us, so nobody's rights are touched and nothing binary is committed. The words are part of the
music, not an announcement of the queue: that would make its first caller lose his turn while he listens.
"""

import math
import shutil
import struct
import wave
from collections.abc import Iterable
from pathlib import Path

RATE = 8000
"""Samples per second: what a telephone carries."""
NOTE_S = 0.75
LOUDNESS = 0.12
"""Of full scale. Quieter than speech: the caller may lay the phone on the table."""
SCALE = (293.66, 329.63, 392.00, 440.00, 493.88, 587.33, 659.25)
"""Hz: a pentatonic scale on D, with its octave."""
MELODY = (0, 2, 3, 4, 3, 2, 0, 1, 2, 4, 5, 4, 3, 2, 3, 3, 4, 5, 6, 5, 4, 3, 2, 3, 4, 3, 2, 1, 0, 1, 0, 0)


def lay_out(folder: Path, prompts: Path, languages: Iterable[str]) -> None:
    """`folder` for the hold, `folder/<language>` for the queue: files play in the order of their names, for ever."""
    melody = ensure(folder)
    for language in languages:
        own = folder / language
        shutil.rmtree(own, ignore_errors=True)
        own.mkdir()
        (own / "2-melody.wav").hardlink_to(melody)
        for words in (prompts / language).glob("queue-wait.*"):
            shutil.copyfile(words, own / f"1-words{words.suffix}")


def renew_words(folder: Path, prompts: Path, language: str) -> None:
    """After a new recording of `queue-wait`: the next caller who waits hears it. Nothing, before the first start."""
    own = folder / language
    for words in (prompts / language).glob("queue-wait.*") if own.is_dir() else ():
        fresh = own / f".words{words.suffix}"
        shutil.copyfile(words, fresh)
        fresh.chmod(0o644)
        fresh.replace(own / f"1-words{words.suffix}")


def ensure(folder: Path) -> Path:
    """Write `melody.wav` (24 s, 16 bit mono) unless it is there already."""
    path = folder / "melody.wav"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".new")
        with wave.open(str(partial), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            for step in MELODY:
                file.writeframes(_note(SCALE[step]))
        partial.replace(path)
    return path


def _note(hertz: float) -> bytes:
    """Struck, then fading, with a soft octave above it."""
    count = int(RATE * NOTE_S)
    samples = []
    for n in range(count):
        t = n / RATE
        attack = min(1.0, t / 0.02)
        fade = math.exp(-3.0 * t) * min(1.0, (count - n) / 400)
        tone = math.sin(2 * math.pi * hertz * t) + 0.3 * math.sin(4 * math.pi * hertz * t)
        samples.append(int(32767 * LOUDNESS * attack * fade * tone))
    return struct.pack(f"<{count}h", *samples)

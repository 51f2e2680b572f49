"""Levels of speech in 16-bit mono samples, in plain Python: prompts are seconds long and built once.

Active speech = 20 ms frames within 30 dB of the loudest; its level is what makes two prompts sound equally loud.
"""

import math
from array import array
from dataclasses import dataclass

FULL_SCALE = 32768.0
ACTIVE_DBFS = -20.0
PEAK_DBFS = -3.0
WITHIN_DB = 30.0
LEAD_S = 0.1
TAIL_S = 0.2
_SILENT_DBFS = -120.0


@dataclass(frozen=True, slots=True)
class Loudness:
    active_dbfs: float
    peak_dbfs: float
    seconds: float
    lead_s: float
    """Silence before the first active frame."""
    tail_s: float


def measure(samples: "array[int]", rate: int) -> Loudness:
    frame, energies = _frames(samples, rate)
    seconds = len(samples) / rate
    peak = _db(max((abs(sample) for sample in samples), default=0) / FULL_SCALE)
    active = _active(energies)
    if not active:
        return Loudness(_SILENT_DBFS, peak, seconds, seconds, seconds)
    mean = math.sqrt(sum(energies[index] for index in active) / len(active))
    tail = max(0, len(samples) - (active[-1] + 1) * frame)
    return Loudness(_db(mean / FULL_SCALE), peak, seconds, active[0] * frame / rate, tail / rate)


def dress(samples: "array[int]", rate: int) -> "array[int]":
    """Cut to 0.1 s before and 0.2 s after the speech and brought to -20 dBFS, or as near as a -3 dBFS peak allows."""
    frame, energies = _frames(samples, rate)
    active = _active(energies)
    if not active:
        return samples
    first = max(0, active[0] * frame - int(LEAD_S * rate))
    last = min(len(samples), (active[-1] + 1) * frame + int(TAIL_S * rate))
    cut = samples[first:last]
    lead = max(0, int(LEAD_S * rate) - active[0] * frame)
    tail = max(0, int(TAIL_S * rate) - (len(samples) - (active[-1] + 1) * frame))
    now = measure(cut, rate)
    gain = 10 ** (min(ACTIVE_DBFS - now.active_dbfs, PEAK_DBFS - 0.1 - now.peak_dbfs) / 20)
    levelled = array("h", (max(-32768, min(32767, round(sample * gain))) for sample in cut))
    return array("h", bytes(2 * lead)) + levelled + array("h", bytes(2 * tail))


def tone(rate: int) -> "array[int]":
    """The signal to speak: 0.4 s of 1000 Hz."""
    count = rate * 2 // 5
    return array("h", (round(8000 * math.sin(2 * math.pi * 1000 * n / rate)) for n in range(count)))


def _frames(samples: "array[int]", rate: int) -> tuple[int, list[float]]:
    frame = rate // 50
    energies = [
        sum(sample * sample for sample in samples[start : start + frame]) / frame
        for start in range(0, len(samples) - frame + 1, frame)
    ]
    return frame, energies


def _active(energies: list[float]) -> list[int]:
    loudest = max(energies, default=0.0)
    if loudest <= 1.0:
        return []
    floor = loudest / 10 ** (WITHIN_DB / 10)
    return [index for index, energy in enumerate(energies) if energy >= floor]


def _db(ratio: float) -> float:
    return 20 * math.log10(ratio) if ratio > 0 else _SILENT_DBFS

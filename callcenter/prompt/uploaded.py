"""What a recording must be before anybody listens to it: WAV, mono, 16 bits, 16 kHz or more, with words in it."""

import hashlib
import io
import sys
import wave
from array import array
from dataclasses import dataclass
from itertools import groupby

from callcenter.errors import CallCenterError
from callcenter.prompt.sound import measure

LARGEST_BYTES = 12 * 1024 * 1024
"""Two minutes at 48 kHz; a prompt has one at most."""
LOWEST_RATE = 16000
HIGHEST_RATE = 48000
SHORTEST_S, LONGEST_S = 0.3, 60.0
FAINTEST_DBFS = -45.0
"""Speech below this was recorded with the microphone off, or from the other end of the room."""
CLIPPED = 32766
CLIPPED_RUN = 4
"""So many samples in a row at full scale are a cut-off wave, not a loud one."""
CLIPPED_RUNS = 3


class BadRecording(CallCenterError):
    """`details["faults"]`: stable codes of all that is wrong, so that a screen can say it in its own language."""

    code = "bad-recording"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    data: bytes
    sha256: str
    length_s: float
    loudness_db: float
    """dBFS of the speech."""


def checked(data: bytes) -> Checked:
    """Raises `BadRecording` that names every fault at once."""
    if len(data) > LARGEST_BYTES:
        message = f"the file has {len(data):,} bytes, {LARGEST_BYTES:,} are allowed; cut it"
        raise BadRecording(message, faults=["too-large"])
    samples, rate = _samples(data)
    faults = dict(_faults(samples, rate))
    if faults:
        raise BadRecording("; ".join(faults.values()), faults=list(faults))
    found = measure(samples, rate)
    digest = hashlib.sha256(data).hexdigest()
    return Checked(data=data, sha256=digest, length_s=found.seconds, loudness_db=found.active_dbfs)


def _samples(data: bytes) -> tuple["array[int]", int]:
    try:
        with wave.open(io.BytesIO(data)) as file:
            channels, width, rate = file.getnchannels(), file.getsampwidth(), file.getframerate()
            frames = file.getnframes()
            form = {
                "not-mono": channels != 1 and f"it has {channels} channels, one is wanted: mix it down to mono",
                "not-16-bit": width != 2 and f"it has {8 * width} bits, 16 are wanted: save it as 16-bit PCM",
                "bad-rate": not LOWEST_RATE <= rate <= HIGHEST_RATE
                and f"it has {rate} Hz, {LOWEST_RATE} to {HIGHEST_RATE} are wanted: record it anew at 16 kHz or more",
            }
            wrong = {code: said for code, said in form.items() if said}
            if wrong:
                raise BadRecording("; ".join(wrong.values()), faults=list(wrong))
            sound = file.readframes(frames)
    except (wave.Error, EOFError, ValueError, RuntimeError) as problem:
        message = f"the file is no WAV file of plain PCM ({problem}); save it as WAV, mono, 16 bits"
        raise BadRecording(message, faults=["not-wav"]) from problem
    samples = array("h", sound[: len(sound) // 2 * 2])
    if len(samples) < frames:
        message = f"the file ends after {len(samples) / rate:.1f} of {frames / rate:.1f} s; send it again"
        raise BadRecording(message, faults=["cut-off"])
    if sys.byteorder == "big":
        samples.byteswap()
    return samples, rate


def _faults(samples: "array[int]", rate: int) -> list[tuple[str, str]]:
    """(code, sentence)."""
    faults: list[tuple[str, str]] = []
    seconds = len(samples) / rate
    if seconds > LONGEST_S:
        faults.append(("too-long", f"it is {seconds:.0f} s long, {LONGEST_S:.0f} are allowed"))
        return faults
    if seconds < SHORTEST_S:
        faults.append(("too-short", f"it is {seconds:.1f} s long, at least {SHORTEST_S} are wanted"))
        return faults
    found = measure(samples, rate)
    if found.active_dbfs < FAINTEST_DBFS:
        said = f"nothing is heard in it ({found.active_dbfs:.0f} dBFS): was the microphone on?"
        faults.append(("silent", said))
    if _clipped(samples) >= CLIPPED_RUNS:
        said = "it is distorted: the microphone was too loud and cut off the peaks; record it anew, quieter"
        faults.append(("clipped", said))
    return faults


def _clipped(samples: "array[int]") -> int:
    """Runs of samples at full scale."""
    if max(max(samples), -min(samples)) < CLIPPED:
        return 0
    runs = groupby(samples, key=lambda sample: abs(sample) >= CLIPPED)
    return sum(loud and sum(1 for _ in run) >= CLIPPED_RUN for loud, run in runs)

"""What a recording is and what may become of it."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

GRACE = timedelta(minutes=2)
"""Asterisk makes its files when the two sides are joined. One that is not there so long after the talk is missing."""

GIVE_UP = timedelta(hours=2)
"""A file that is still being written so long after the talk belongs to a channel that hangs: a person must look."""

QUIET = timedelta(seconds=10)
"""Where the kernel cannot say whether a file is open, one that has not changed for so long is taken to be finished."""

SILENT_RMS = 0.001
"""-60 dBFS. A side whose loudest second is below it has nothing on it: A-law's idle noise lies near 0.0003, a whisper
near 0.005."""


class RecordingState(StrEnum):
    """due -> sealed | missing | broken. The last three are final."""

    DUE = "due"
    SEALED = "sealed"
    MISSING = "missing"
    """No sound was found. The talk is on record all the same."""
    BROKEN = "broken"
    """There is something, but nothing that can be sealed. Kept as it is, for a person to look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A sealed file as it lies on the disk."""

    sha256: str
    bytes: int
    seconds: float
    caller_rms: float
    """0-1 over the whole length, padding included."""
    seat_rms: float
    caller_loudest: float
    """0-1, RMS of the loudest second: tells a quiet person in a long talk from a dead line."""
    seat_loudest: float

    @property
    def problem(self) -> str:
        """Empty when both sides can be heard."""
        sides = {"the caller's": self.caller_loudest, "the seat's": self.seat_loudest}
        silent = [side for side, loudest in sides.items() if loudest < SILENT_RMS]
        if len(silent) == 2:
            return "both sides are silent"
        return f"{silent[0]} side is silent" if silent else ""

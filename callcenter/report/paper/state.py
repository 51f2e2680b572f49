"""What may become of a file that was asked for. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

SILENT = timedelta(seconds=40)
"""A maker that gave no sign of life for so long is taken to be dead."""
BEAT_S = 5.0


class PaperState(StrEnum):
    DUE = "due"
    MAKING = "making"
    MADE = "made"
    FAILED = "failed"
    CANCELLED = "cancelled"


IN_WORK = frozenset({PaperState.DUE, PaperState.MAKING})


def may_begin(state: str, beat_at: datetime | None, now: datetime) -> bool:
    """Whether a maker may take it: nobody has it, or who had it fell silent."""
    if state == PaperState.MAKING:
        return beat_at is None or now - beat_at > SILENT
    return state == PaperState.DUE

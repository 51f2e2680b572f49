"""What the figures need to know of one call."""

from typing import NamedTuple

from callcenter.instants import Micros


class CallFacts(NamedTuple):
    """One call, light: a month has a million of them, and a tuple is made twice as fast as a frozen dataclass.

    Times are exact microseconds since 1970 UTC (see `callcenter/instants.py`); None: did not happen, or not yet.
    """

    started: Micros
    queued: Micros | None = None
    """Entered a queue, that is asked for a person."""
    first_ring: Micros | None = None
    answered: Micros | None = None
    ended: Micros | None = None
    """End of the talk where there was one, otherwise of the call."""
    wrap_up_ended: Micros | None = None
    hold: int = 0
    """Microseconds on hold, of the talk."""
    outcome: str | None = None
    """None: the call is still going on."""
    grade: int | None = None
    survey_offered: bool = False
    language: str | None = None
    line: str | None = None
    source: str | None = None
    topic: str | None = None
    place: str | None = None
    seat: str | None = None
    law_firm: str | None = None

"""Facts a flow may ask for that no node writes: brought along by the call, or looked up at that moment."""

import re
from collections.abc import Mapping, Sequence
from typing import Protocol

BROUGHT: Mapping[str, str] = {
    "source": "where the call comes from: direct, 12345 or 110",
    "priority": "a tag the call was given before it came here",
}
"""Read from the channel variable `CC_<NAME>` when the flow begins."""

LOOKED_UP: Mapping[str, str] = {
    "time": "four digits, China's time: 0830",
    "date": "China's date: 2026-10-01",
    "weekday": "1 Monday to 7 Sunday",
    "day": "workday, weekend or holiday, by the State Council's calendar",
    "caller_known": "yes when this number has called before, no, or nothing when it is withheld",
    "last_language": "the language of this number's last call",
    "queue_length": "callers waiting in the line of the call's language",
    "seats_ready": "seats ready for the line of the call's language",
    "emergency": "yes while the emergency announcement is switched on",
}
"""Looked up each time a node asks."""

PER_LINE = re.compile(r"^(queue_length|seats_ready)_([a-z][a-z0-9]*)$")
"""The same of a line named in the fact: `queue_length_bo`."""

CALLER_NUMBER = "caller_number"
"""Only for the callback offer. Never told to a record, a log or a variable."""

VALUES: Mapping[str, frozenset[str]] = {
    "source": frozenset({"direct", "12345", "110", "web"}),
    "day": frozenset({"workday", "weekend", "holiday"}),
    "caller_known": frozenset({"yes", "no"}),
    "emergency": frozenset({"yes", "no"}),
}
"""Facts with few values: a condition on any other never holds."""


SPEECH = "speech"
"""`yes` while something listens. For the speech menu only."""


def entry_fact(entry: str) -> str:
    """`yes` or `no`: whether a knowledge entry may be told today."""
    return f"entry:{entry}"


def order_fact(number: str, last_four: str = "") -> str:
    """How an order stands (`order.STATES`), `whose` when the caller has still to prove that it is his, or `no`."""
    return f"order:{number}:{last_four}" if last_four else f"order:{number}"


def is_looked_up(name: str) -> bool:
    return name in LOOKED_UP or PER_LINE.match(name) is not None


def open_fact(line: str) -> str:
    """The fact an `hours` node asks for."""
    return f"open:{line}"


class FlowFacts(Protocol):
    """What the engine knows at this moment. A fact that cannot be told is left out; nothing is raised for it."""

    async def look(self, names: Sequence[str], caller_number: str, language: str) -> Mapping[str, str]: ...

"""By what figures can be split. Times in China's clock, which has one offset for the whole country."""

from bisect import bisect_right
from collections.abc import Callable
from datetime import timedelta

from callcenter.instants import CHINA, DAY, EPOCH, HOUR, Micros, format_instant
from callcenter.report.definitions.facts import CallFacts

Key = str | None
OFFSET = 8 * HOUR

FACETS: dict[str, Callable[[CallFacts], Key]] = {
    "language": lambda call: call.language,
    "line": lambda call: call.line,
    "source": lambda call: call.source,
    "topic": lambda call: call.topic,
    "place": lambda call: call.place,
    "seat": lambda call: call.seat,
    "law_firm": lambda call: call.law_firm,
}


def _step(length: int) -> Callable[[int], Key]:
    return lambda started: format_instant((started + OFFSET) // length * length - OFFSET)


def _local(pattern: str) -> Callable[[int], Key]:
    return lambda started: (EPOCH + timedelta(microseconds=started)).astimezone(CHINA).strftime(pattern)


def shift_label(starts: tuple[int, ...]) -> Callable[[int], Key]:
    """Names the shift that an instant lies in, e.g. `08:00-16:00`; the last one goes on past midnight to the first.

    `starts`: microseconds since midnight in China, ascending, whole quarter hours.
    """

    def label(started: int) -> Key:
        at = (started + OFFSET) % DAY
        number = bisect_right(starts, at) - 1  # -1, the last one: before the first start
        return f"{_clock(starts[number])}-{_clock(starts[(number + 1) % len(starts)])}"

    return label


def _clock(micros: int) -> str:
    minutes = micros // (HOUR // 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"


SHIFTS = (0, 8 * HOUR, 16 * HOUR)

SPANS: dict[str, tuple[int, Callable[[int], Key]]] = {
    "quarter": (HOUR // 4, _step(HOUR // 4)),
    "shift": (HOUR // 4, shift_label(SHIFTS)),
    "hour": (HOUR, _step(HOUR)),
    "day": (DAY, _local("%Y-%m-%d")),
    "week": (DAY, _local("%G-W%V")),
    "month": (DAY, _local("%Y-%m")),
}
"""Quarter and hour are named by their beginning, a shift by both its limits. The number is a length of which the span
is made up."""

NAMES = (*FACETS, *SPANS)


def grouping(by: tuple[str, ...], shifts: tuple[int, ...] = SHIFTS) -> Callable[[CallFacts], tuple[Key, ...]]:
    """The function that names a call's group."""
    parts = [FACETS[name] if name in FACETS else _span(name, shifts) for name in by]
    return lambda call: tuple(part(call) for part in parts)


def _span(name: str, shifts: tuple[int, ...]) -> Callable[[CallFacts], Key]:
    length, label = SPANS[name]
    if name == "shift":
        label = shift_label(shifts)
    known: dict[int, Key] = {}

    def key(call: CallFacts) -> Key:
        bucket = int((call.started + OFFSET) // length)
        if bucket not in known:
            known[bucket] = label(bucket * length - OFFSET)
        return known[bucket]

    return key


def micros_of_bucket(started: Micros, length: int) -> int:
    """Beginning of the step of `length` microseconds of China's clock in which an instant lies."""
    return int((started + OFFSET) // length * length - OFFSET)

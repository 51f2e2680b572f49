"""What a person asks for, as text, made into a Question; every refusal says what to write instead."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from callcenter.errors import BadInput
from callcenter.instants import SECOND, Micros, NotAnInstant, parse_instant
from callcenter.report.definitions import NAMES, Question
from callcenter.report.definitions.groups import SHIFTS

SECONDS_MAX = 10**9


def question(
    start: str, end: str, *, threshold: str, short: str, by: Sequence[str] = (), shifts: tuple[int, ...] = SHIFTS
) -> Question:
    """`start` and `end` ISO 8601 with offset, limits in seconds, `by` names, each of which may be a list with commas.

    Raises BadInput.
    """
    beginning, finish = instant("from", start), instant("to", end)
    if finish < beginning:
        raise BadInput(f"to: {end} lies before from: {start}")
    return Question(beginning, finish, limit("threshold", threshold), limit("short", short), _names(by), shifts)


def in_order(start: datetime | None, end: datetime | None) -> None:
    """Of a list: an end before its beginning is a slip, and an empty list would not say so. Raises BadInput."""
    if start is not None and end is not None and end < start:
        raise BadInput(f"to: {end.isoformat()} lies before from: {start.isoformat()}")


def instant(name: str, text: str) -> Micros:
    """Raises BadInput that begins with `name`."""
    try:
        return parse_instant(text)
    except NotAnInstant as error:
        raise BadInput(f"{name}: {text[:60]!r}: {error}") from None


def limit(name: str, text: str) -> Micros:
    """Seconds as microseconds. Raises BadInput that begins with `name`."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or not 0 <= value <= SECONDS_MAX:
        raise BadInput(f"{name}: {text[:60]!r} is not a number of seconds between 0 and {SECONDS_MAX}")
    micros = Fraction(value) * SECOND
    return micros.numerator if micros.denominator == 1 else micros


def _names(by: Sequence[str]) -> tuple[str, ...]:
    names = tuple(name.strip() for entry in by for name in entry.split(","))
    for name in names:
        if name not in NAMES:
            raise BadInput(f"by: {name[:60]!r} is none of {', '.join(NAMES)}")
    if len(set(names)) < len(names):
        raise BadInput(f"by: {','.join(names)} names a group twice")
    return names

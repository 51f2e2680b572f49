"""Shifts and what they cover. Instants are aware; a day is a day in China, which has one offset all year."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from callcenter.instants import CHINA

QUARTER = timedelta(minutes=15)
HOUR = timedelta(hours=1)
LONGEST = timedelta(hours=16)
"""Of one shift: longer is a slip of the pen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One person's time on duty, with the lines he then serves."""

    person: str
    lines: frozenset[str]
    start: datetime
    end: datetime


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)


def hours_from(start: datetime, count: int) -> list[datetime]:
    """Beginnings of whole hours, the one that `start` lies in first."""
    first = start.astimezone(CHINA).replace(minute=0, second=0, microsecond=0)
    return [first + number * HOUR for number in range(count)]


def coverage(
    shifts: Iterable[Planned], line: str, hours: Sequence[datetime], is_open: Callable[[datetime], bool]
) -> list[int | None]:
    """Persons on duty for a line in each hour (they follow one another): the fewest of its open quarters, so that a
    shift that ends at half past leaves a gap. None: the line is closed in that hour."""
    if not hours:
        return []
    begin, slots = hours[0], len(hours) * 4
    present = [0] * slots
    for shift in shifts:
        if line not in shift.lines:
            continue
        first = -((begin - shift.start) // QUARTER)  # a quarter that is covered in part does not count
        last = (shift.end - begin) // QUARTER
        for slot in range(max(0, first), min(slots, last)):
            present[slot] += 1
    fewest: list[int | None] = []
    for number, hour in enumerate(hours):
        counts = [present[4 * number + part] for part in range(4) if is_open(hour + part * QUARTER)]
        fewest.append(min(counts, default=None))
    return fewest


def gaps(persons: Sequence[int | None], least: int) -> int:
    """Hours with fewer than `least`."""
    return sum(1 for count in persons if count is not None and count < least)

"""Deadlines in working days of China's calendar. Pure."""

from datetime import UTC, datetime, time, timedelta

from callcenter.instants import CHINA
from callcenter.visit.model import Calendar


def deadline(opened: datetime, working_days: int, calendar: Calendar) -> datetime:
    """The end (24:00 in China) of the n-th working day after the day on which it was opened; of 0: of that day.

    The day itself does not count and the last one counts in full: Civil Code, articles 201 and 203.
    """
    day = opened.astimezone(CHINA).date()
    while working_days:
        day += timedelta(days=1)
        working_days -= calendar.kind_of(day) == "workday"
    return datetime.combine(day + timedelta(days=1), time(), CHINA).astimezone(UTC)

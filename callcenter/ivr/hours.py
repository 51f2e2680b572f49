"""When a line is open: by the days of China's calendar and the site's own special days.

Public holidays and the working days that make up for them come from the State Council every autumn, through the
package chinesecalendar or, before a release of it has them, from `calendar` in `site/hours.yaml`. A year known to
neither has weekends only, and everybody who asks is warned.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal

import chinese_calendar
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from callcenter.instants import CHINA
from callcenter.ivr.finding import Finding
from callcenter.ivr.names import LineName
from callcenter.ivr.site_file import read_site_file
from callcenter.ivr.yaml_source import YamlSource

FILE = "hours.yaml"

Span = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$")]
DayKind = Literal["workday", "weekend", "holiday"]

KNOWN_YEARS = frozenset(day.year for day in chinese_calendar.holidays)
"""Of the installed release."""


class Schedule(BaseModel):
    """Spans such as `09:00-12:00` by kind of day; none: closed. A special day has its own."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    workday: list[Span]
    weekend: list[Span] = Field(default_factory=list)
    holiday: list[Span] = Field(default_factory=list)
    special: dict[date, list[Span]] = Field(default_factory=dict)


class Year(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    holidays: list[date] = Field(min_length=1)
    workdays: list[date] = Field(default_factory=list)
    """Saturdays and Sundays that are worked."""


class Hours(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    lines: dict[LineName, Schedule] = Field(default_factory=dict)
    calendar: dict[int, Year] = Field(default_factory=dict)

    def knows(self, year: int) -> bool:
        return year in self.calendar or year in KNOWN_YEARS

    def kind_of(self, day: date) -> DayKind:
        if own := self.calendar.get(day.year):
            if day in own.holidays:
                return "holiday"
            return "workday" if day in own.workdays or day.isoweekday() < 6 else "weekend"
        if day.year in KNOWN_YEARS:
            if day in chinese_calendar.holidays:
                return "holiday"
            if day in chinese_calendar.workdays:
                return "workday"
        return "workday" if day.isoweekday() < 6 else "weekend"

    def exceptions(self, year: int) -> Mapping[date, DayKind]:
        """Days whose kind their weekday does not tell."""
        return self._exceptions.get(year, {})

    def spans(self, line: str, day: date) -> list[Span]:
        """Raises KeyError for a line without a schedule."""
        schedule = self.lines[line]
        found = schedule.special.get(day)
        return found if found is not None else getattr(schedule, self.kind_of(day))

    def is_open(self, line: str, at: datetime) -> bool | None:
        """None for a line without a schedule."""
        if line not in self.lines:
            return None
        here = at.astimezone(CHINA)
        clock = f"{here:%H:%M}"
        return any(start <= clock < end for start, end in map(limits, self.spans(line, here.date())))

    @cached_property
    def _exceptions(self) -> Mapping[int, Mapping[date, DayKind]]:
        found: dict[int, dict[date, DayKind]] = {}
        for year in {*KNOWN_YEARS, *self.calendar}:
            own = self.calendar.get(year)
            days = (
                [*own.holidays, *own.workdays]
                if own
                else [day for day in (*chinese_calendar.holidays, *chinese_calendar.workdays) if day.year == year]
            )
            found[year] = {day: self.kind_of(day) for day in sorted(days)}
        return found


def limits(span: str) -> tuple[str, str]:
    start, _, end = span.partition("-")
    return start, end


def read_hours(site: Path) -> tuple[Hours, list[Finding]]:
    """The hours of a site's folder; without a file no line has any."""
    return read_site_file(site / FILE, Hours, "bad-hours", "hours are written `09:00-12:00`", _meanings)


def _meanings(source: YamlSource, hours: Hours) -> Iterator[Finding]:
    for line, schedule in hours.lines.items():
        named = {field: getattr(schedule, field) for field in ("workday", "weekend", "holiday")}
        for place, spans in [*named.items(), *((str(day), spans) for day, spans in schedule.special.items())]:
            path = ("lines", line, place) if place in named else ("lines", line, "special", place)
            ends = [limits(span) for span in spans]
            if any(start >= end for start, end in ends):
                message = f"lines / {line} / {place}: a span ends before it begins; write two spans over midnight"
                yield Finding(source.name, source.line(*path), "bad-hours", message)
            elif any(later[0] < earlier[1] for earlier, later in pairwise(ends)):
                message = f"lines / {line} / {place}: spans overlap or are out of order; put them in order of the day"
                yield Finding(source.name, source.line(*path), "bad-hours", message)
    for year, own in hours.calendar.items():
        for day in [*own.holidays, *own.workdays]:
            if day.year != year:
                message = f"calendar / {year}: {day} is not in {year}; put it in its own year"
                yield Finding(source.name, source.line("calendar", str(year)), "bad-hours", message)


def told_by_clock(name: str, hours: Hours, at: datetime) -> str | None:
    """The facts of `callcenter.ivr.facts` that the time alone decides; None for any other."""
    here = at.astimezone(CHINA)
    match name:
        case "time":
            return f"{here:%H%M}"
        case "date":
            return here.date().isoformat()
        case "weekday":
            return str(here.isoweekday())
        case "day":
            return hours.kind_of(here.date())
    if name.startswith("open:"):
        is_open = hours.is_open(name.removeprefix("open:"), at)
        return None if is_open is None else "yes" if is_open else "no"
    return None


def needs_calendar(name: str) -> bool:
    return name == "day" or name.startswith("open:")


def instant(text: str) -> datetime:
    """ISO 8601; without an offset China's time. Raises ValueError."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=CHINA)).astimezone(UTC)

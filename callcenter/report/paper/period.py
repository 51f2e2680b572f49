"""The spans of China's calendar for which a report is handed in: a day, an ISO week, a month, a year."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from callcenter.errors import BadInput
from callcenter.instants import CHINA


class Span(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


FORMS = {
    Span.DAY: (re.compile(r"\d{4}-\d{2}-\d{2}"), "2026-10-05"),
    Span.WEEK: (re.compile(r"\d{4}-W\d{2}"), "2026-W40"),
    Span.MONTH: (re.compile(r"\d{4}-\d{2}"), "2026-10"),
    Span.YEAR: (re.compile(r"\d{4}"), "2026"),
}
STEPS = {Span.DAY: "hour", Span.WEEK: "day", Span.MONTH: "day", Span.YEAR: "month"}
WEEKDAYS = "一二三四五六日"
FIRST_YEAR, LAST_YEAR = 2000, 2999


@dataclass(frozen=True, slots=True)
class Period:
    """`first` <= day < `after`, in China."""

    span: Span
    first: date
    after: date

    @property
    def of(self) -> str:
        match self.span:
            case Span.DAY:
                return self.first.isoformat()
            case Span.WEEK:
                return self.first.strftime("%G-W%V")
            case Span.MONTH:
                return self.first.strftime("%Y-%m")
            case Span.YEAR:
                return self.first.strftime("%Y")

    @property
    def id(self) -> str:
        return f"{self.span}-{self.of}"

    @property
    def start(self) -> datetime:
        return datetime.combine(self.first, time(), CHINA)

    @property
    def end(self) -> datetime:
        return datetime.combine(self.after, time(), CHINA)

    @property
    def before(self) -> "Period":
        return containing(self.span, self.first - timedelta(days=1))

    @property
    def step(self) -> str:
        """By what the trend is split; a name of `report.definitions.NAMES`."""
        return STEPS[self.span]

    @property
    def title(self) -> str:
        first = self.first
        match self.span:
            case Span.DAY:
                return f"{first.year}年{first.month}月{first.day}日(星期{WEEKDAYS[first.weekday()]})日报"
            case Span.WEEK:
                last = self.after - timedelta(days=1)
                year, week, _ = first.isocalendar()
                return f"{year}年第{week}周周报({first.month}月{first.day}日至{last.month}月{last.day}日)"
            case Span.MONTH:
                return f"{first.year}年{first.month}月月报"
            case Span.YEAR:
                return f"{first.year}年年报"


def containing(span: Span, day: date) -> Period:
    """The period of that kind in which a day lies."""
    match span:
        case Span.DAY:
            return Period(span, day, day + timedelta(days=1))
        case Span.WEEK:
            monday = day - timedelta(days=day.weekday())
            return Period(span, monday, monday + timedelta(days=7))
        case Span.MONTH:
            first = day.replace(day=1)
            return Period(span, first, (first + timedelta(days=32)).replace(day=1))
        case Span.YEAR:
            first = day.replace(month=1, day=1)
            return Period(span, first, first.replace(year=first.year + 1))


def period(kind: str, of: str) -> Period:
    """What a person names. Raises BadInput."""
    if kind not in list(Span):
        raise BadInput(f"period: {kind[:20]!r} is none of {', '.join(Span)}")
    span = Span(kind)
    pattern, example = FORMS[span]
    wrong = BadInput(f"of: {of[:20]!r} is no {span}; write it like {example}")
    if not of.isascii() or not pattern.fullmatch(of):
        raise wrong
    try:
        match span:
            case Span.DAY:
                first = date.fromisoformat(of)
            case Span.WEEK:
                first = date.fromisocalendar(int(of[:4]), int(of[6:]), 1)
            case Span.MONTH:
                first = date(int(of[:4]), int(of[5:]), 1)
            case Span.YEAR:
                first = date(int(of), 1, 1)
    except ValueError:
        raise wrong from None
    if not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise BadInput(f"of: {of} is not between the years {FIRST_YEAR} and {LAST_YEAR}")
    return containing(span, first)

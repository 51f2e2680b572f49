"""A report as it is read: sheets of typed cells. Both the workbook and the printed page are drawn from it, so that
they cannot differ."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from callcenter.report.paper.period import Period

NO_DATA = "无数据"
"""The product keeps no facts about this (yet). Never written where a count is simply 0."""


class Form(StrEnum):
    TEXT = "text"
    COUNT = "count"
    RATE = "rate"
    """A fraction, shown as per cent."""
    SECONDS = "seconds"
    MINUTES = "minutes"
    CHANGE = "change"
    """A difference of two fractions, shown in percentage points."""
    VERDICT = "verdict"
    MOMENT = "moment"
    """ISO 8601 with offset, shown in China's clock."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell that is of another form than its column."""

    value: str | int | float | None
    form: Form
    passing: bool = False
    """As of a column: it may change later without the report having been wrong."""


Cell = str | int | float | Typed | None
"""None: the quotient has no denominator, or there was no such moment."""


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    form: Form = Form.TEXT
    width: int = 12
    """In characters of the workbook."""
    passing: bool = False
    """No figure of the period: it may change later without the report having been wrong."""


@dataclass(frozen=True, slots=True)
class Sheet:
    id: str
    title: str
    columns: tuple[Column, ...]
    rows: list[tuple[Cell, ...]]
    note: str = ""
    charted: tuple[int, ...] = ()
    """Columns that are drawn above the table, against the first one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    period: Period
    hotline: str
    made_at: datetime
    upto: datetime
    """Before the period's end: it is not over yet."""
    counts: dict[str, int]
    sheets: list[Sheet] = field(default_factory=list)
    corrected: bool = False
    """The figures of a finished period changed after its report had been made."""

    @property
    def is_whole(self) -> bool:
        return self.upto >= self.period.end

    @property
    def title(self) -> str:
        return f"{self.hotline} 公共法律服务热线 {self.period.title}"


def plain(cell: Cell, column: Column) -> tuple[str | int | float | None, Form]:
    """The value and the form in which it is shown."""
    return (cell.value, cell.form) if isinstance(cell, Typed) else (cell, column.form)

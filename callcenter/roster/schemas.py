"""The roster as JSON."""

from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from callcenter.account.table import PersonRow
from callcenter.errors import BadInput
from callcenter.roster.model import QUARTER, midnight
from callcenter.roster.sheet import Line
from callcenter.roster.state import SwapState
from callcenter.roster.swaps import Swap
from callcenter.roster.table import ShiftRow

Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)]
Why = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]


class ShiftOut(BaseModel):
    id: int
    person: str
    line: str
    """Empty: every line of the person's languages."""
    starts_at: datetime
    ends_at: datetime
    note: str

    @staticmethod
    def of(row: ShiftRow) -> "ShiftOut":
        names = ("id", "person", "line", "starts_at", "ends_at", "note")
        return ShiftOut(**{name: getattr(row, name) for name in names})


class PlannedOut(ShiftOut):
    name: str
    """Of the person."""

    @staticmethod
    def of_person(row: ShiftRow, person: PersonRow) -> "PlannedOut":
        return PlannedOut(**ShiftOut.of(row).model_dump(), name=person.name)


class ShiftIn(BaseModel):
    person: str = Field(min_length=1, max_length=64)
    day: date
    start: time
    end: time
    """Not after `start`: on the next day."""
    line: str = Field("", max_length=16)
    note: Note = ""

    def as_line(self) -> Line:
        first, clocks = midnight(self.day), []
        for at in (self.start, self.end):
            clock = timedelta(hours=at.hour, minutes=at.minute, seconds=at.second)
            if clock % QUARTER:
                raise BadInput(f"start, end: {at} is not on a quarter hour", field="start")
            clocks.append(clock)
        start, end = clocks
        until = first + end + (timedelta(0) if end > start else timedelta(days=1))
        return Line(row=1, person=self.person, name="", start=first + start, end=until, line=self.line, note=self.note)


class CoverageOut(BaseModel):
    hours: list[datetime]
    """Beginnings of whole hours, one after the other."""
    lines: dict[str, "LineCover"]
    in_use: bool
    """False: this site has never planned a shift here; nothing is a gap then."""


class LineCover(BaseModel):
    least: int
    persons: list[int | None]
    """On duty in each hour, the fewest of its open quarters; null: closed."""
    advice: list[int | None]
    """Erlang C over the calls of the last eight weeks; null: too little is known."""


class ImportedOut(BaseModel):
    shifts: int


class SwapIn(BaseModel):
    shift: int
    to: str = Field(min_length=1, max_length=64)
    in_return: int | None = None
    note: Why = ""


class AnswerIn(BaseModel):
    answer: Literal["accepted", "declined", "withdrawn"]
    note: Why = ""


class DecisionIn(BaseModel):
    approve: bool
    note: Why = ""


class SwapOut(BaseModel):
    id: int
    state: SwapState
    by: str
    to: str
    at: datetime
    shift: ShiftOut
    in_return: ShiftOut | None
    decided_by: str
    note: str
    names: dict[str, str]
    """Of everybody who has to do with it, by account."""

    @staticmethod
    def of(swap: Swap) -> "SwapOut":
        row = swap.row
        return SwapOut(
            id=row.id,
            state=SwapState(row.state),
            by=row.by,
            to=row.to,
            at=row.at,
            shift=ShiftOut.of(swap.shift),
            in_return=ShiftOut.of(swap.in_return) if swap.in_return else None,
            decided_by=row.decided_by,
            note=row.note,
            names={id_: swap.names[id_] for id_ in (row.by, row.to, row.decided_by) if id_ in swap.names},
        )


class OwnRoster(BaseModel):
    """What a lawyer's console shows."""

    shifts: list[ShiftOut]
    swaps: list[SwapOut]

"""A roster as an XLSX sheet: read with every fault named by row and column, written as a template or as it stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import xlsxwriter

from callcenter.instants import CHINA
from callcenter.office_file import rows_of_workbook
from callcenter.roster.model import midnight
from callcenter.roster.table import ShiftRow

COLUMNS = {
    "day": "日期",
    "person": "工号",
    "name": "姓名",
    "start": "开始",
    "end": "结束",
    "line": "线路",
    "note": "备注",
}
NEEDED = ("day", "person", "start", "end")
ROWS_MAX = 5_000
NOTE_MAX = 100
DAY = timedelta(days=1)
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?::00)?")


@dataclass(frozen=True, slots=True)
class Fault:
    row: int
    """As Excel counts: the names of the columns stand in row 1."""
    column: str
    code: str
    """Stable: screens translate it, with the values."""
    message: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    row: int
    person: str
    name: str
    start: datetime | None
    """None, as `end`: it could not be read, which is a fault already."""
    end: datetime | None
    line: str
    note: str


def read_sheet(data: bytes) -> tuple[list[Line], list[Fault]]:
    """What can be read, and what cannot. Raises BadInput for what is no table at all."""
    rows = rows_of_workbook(data, ROWS_MAX)
    labels = [_text(value) for value in rows[0]]
    faults = [
        Fault(1, COLUMNS[key], "no-column", f"the column {COLUMNS[key]} is missing; the first row names the columns")
        for key in NEEDED
        if COLUMNS[key] not in labels
    ]
    faults += [
        Fault(1, label, "unknown-column", f"there is no column {label}; there are {'、'.join(COLUMNS.values())}")
        for label in labels
        if label and label not in COLUMNS.values()
    ]
    if faults:
        return [], faults
    places = {key: labels.index(label) for key, label in COLUMNS.items() if label in labels}
    lines = []
    for number, row in enumerate(rows[1:], 2):
        values = {key: row[place] if place < len(row) else None for key, place in places.items()}
        if any(_text(value) for value in values.values()):
            lines.append(_line(number, values, faults))
    return lines, faults


def _line(number: int, values: Mapping[str, Any], faults: list[Fault]) -> Line:
    """One row; what cannot be read of it is added to the faults."""

    def fault(key: str, code: str, message: str) -> None:
        faults.append(Fault(number, COLUMNS[key], code, message, {"text": _text(values.get(key))[:20]}))

    person = _text(values["person"])
    if not person:
        fault("person", "no-person", "the sign-in name is missing")
    day = _date(values["day"])
    if day is None:
        fault("day", "no-date", f"`{_text(values['day'])[:20]}` is no date, such as 2026-12-01")
    clocks: dict[str, timedelta] = {}
    for key in ("start", "end"):
        at = _clock(values[key])
        if at is None:
            fault(key, "no-time", f"`{_text(values[key])[:20]}` is no time, such as 08:00")
        elif at % timedelta(minutes=15):
            fault(key, "no-quarter", f"{_text(values[key])[:20]} is not on a quarter hour")
        else:
            clocks[key] = at
    note = _text(values.get("note"))
    if len(note) > NOTE_MAX:
        fault("note", "long-note", f"{len(note)} characters, {NOTE_MAX} are allowed")
    start = end = None
    if day is not None and len(clocks) == 2:
        start, end = midnight(day) + clocks["start"], midnight(day) + clocks["end"]
        end += DAY if end <= start else timedelta(0)
    return Line(
        row=number,
        person=person,
        name=_text(values.get("name")),
        start=start,
        end=end,
        line=_text(values.get("line")),
        note=note,
    )


def _date(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    match = _DATE.fullmatch(_text(value))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _clock(value: Any) -> timedelta | None:
    """Since midnight; 24:00 is the end of the day. Excel keeps a time as a part of a day."""
    if isinstance(value, datetime):
        value = value.time()
    if isinstance(value, time):
        return timedelta(hours=value.hour, minutes=value.minute, seconds=value.second)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = timedelta(minutes=round(value * 24 * 60))
    if isinstance(value, timedelta):
        return value if timedelta(0) <= value <= DAY else None
    match = _TIME.fullmatch(_text(value))
    if match is None or int(match[2]) > 59:
        return None
    at = timedelta(hours=int(match[1]), minutes=int(match[2]))
    return at if at <= DAY else None


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def write_sheet(shifts: Iterable[tuple[ShiftRow, str]], people: Sequence[tuple[str, str, str]]) -> bytes:
    """`shifts` with the person's name; a second sheet tells sign-in names: (name to sign in, name, languages).
    Without shifts it is the template. What is written can be read back."""
    out = BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    bold, text = book.add_format({"bold": True}), book.add_format({"num_format": "@"})
    sheet = book.add_worksheet("排班")
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, len(COLUMNS) - 1, 14, text)
    sheet.write_row(0, 0, list(COLUMNS.values()), bold)
    for number, (row, name) in enumerate(shifts, 1):
        start, end = row.starts_at.astimezone(CHINA), row.ends_at.astimezone(CHINA)
        until = "24:00" if end == midnight(start.date()) + DAY else f"{end:%H:%M}"
        cells = [start.date().isoformat(), row.person, name, f"{start:%H:%M}", until, row.line, row.note]
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell, text)
    names = book.add_worksheet("人员")
    names.set_column(0, 2, 18, text)
    names.write_row(0, 0, ["工号", "姓名", "语种"], bold)
    for number, cells_ in enumerate(people, 1):
        for place, cell in enumerate(cells_):
            names.write_string(number, place, cell, text)
    book.close()
    return out.getvalue()

"""Entries as one sheet: a row for each language version, a column for each field."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font

from callcenter.knowledge.exchange.columns import COLUMNS, Line, Wrong, key_of
from callcenter.office_file import rows_of_workbook

SHEET = "词条"
WIDE, NARROW = 48, 14
ROWS_MAX = 5_000
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def write_xlsx(lines: Iterable[Line]) -> bytes:
    """Every cell is text: what begins with `=` is no formula, and a date stays as it was written."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(SHEET)
    sheet.freeze_panes = "C2"
    for at, key in enumerate(COLUMNS):
        narrow = key in ("id", "language", "topic", "valid_from", "valid_until", "owner", "review_due")
        sheet.column_dimensions[_letter(at)].width = NARROW if narrow else WIDE
    sheet.append([_cell(sheet, label, bold=True) for label in COLUMNS.values()])
    for line in lines:
        sheet.append([_cell(sheet, line.values.get(key, "")) for key in COLUMNS])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _letter(at: int) -> str:
    return chr(ord("A") + at)


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text) or None)
    if cell.value is not None:
        cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if bold:
        cell.font = Font(bold=True)
    return cell


def read_xlsx(data: bytes) -> tuple[list[Line], list[Wrong]]:
    """Raises BadInput for what is no table at all."""
    return _lines(rows_of_workbook(data, ROWS_MAX))


def _lines(rows: Sequence[Sequence[Any]]) -> tuple[list[Line], list[Wrong]]:
    labels = [_text(value) for value in rows[0]]
    keys = [key_of(label) for label in labels]
    wrong = [
        Wrong("1", label, "unknown-key", f"there is no column `{label}`; there are {'、'.join(COLUMNS.values())}")
        for label, key in zip(labels, keys, strict=True)
        if label.strip() and key is None
    ]
    wrong += [
        Wrong("1", COLUMNS[key], "key-twice", f"the column `{COLUMNS[key]}` is there twice")
        for key in COLUMNS
        if keys.count(key) > 1
    ]
    lines = []
    for number, row in enumerate(rows[1:], 2):
        values = {key: _text(value) for key, value in zip(keys, row, strict=False) if key is not None}
        if any(text.strip() for text in values.values()):
            lines.append(Line(str(number), values))
    return lines, wrong


def _text(value: Any) -> str:
    """Office programs turn `2026-11-22` into a date and `12315` into a number."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)

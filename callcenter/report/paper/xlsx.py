"""Sheets as a workbook: numbers are numbers with a format, what people wrote stays text whatever it begins with.

Written row by row to the disk (XlsxWriter's constant memory): a sheet is never held as a whole.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import xlsxwriter

from callcenter.instants import CHINA
from callcenter.report.paper.model import Cell, Column, Form, Paper, Sheet, plain

FORMATS: dict[Form, dict[str, Any]] = {
    Form.TEXT: {"num_format": "@", "text_wrap": True},
    Form.COUNT: {"num_format": "#,##0"},
    Form.RATE: {"num_format": "0.00%"},
    Form.SECONDS: {"num_format": "#,##0.0"},
    Form.MINUTES: {"num_format": "#,##0.00"},
    Form.CHANGE: {"num_format": "+0.00%;-0.00%;0.00%"},
    Form.VERDICT: {"align": "center"},
    Form.MOMENT: {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
}
FONT, BRAND = "Microsoft YaHei", "#1D3A5F"
NOTHING = "—"
BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
TITLE_ROWS = 3
"""Title, note, names of the columns."""
CELL_MAX = 32_767
PAPER_A4 = 9


class Workbook:
    """One file. `close` writes it; a file that was not closed is no workbook."""

    def __init__(self, path: Path, title: str) -> None:
        self._book = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "remove_timezone": True,
            },
        )
        self._book.set_properties({"title": title})
        base = {
            "valign": "top",
            "border": 1,
            "border_color": "#C9D1DB",
            "font_name": FONT,
            "font_size": 10,
        }
        self._formats = {form: self._book.add_format(base | how) for form, how in FORMATS.items()}
        self._quoted = self._book.add_format(base | FORMATS[Form.TEXT] | {"quote_prefix": True})
        self._good = self._book.add_format(base | {"align": "center", "font_color": "#17763F", "bold": True})
        self._bad = self._book.add_format(base | {"align": "center", "font_color": "#B3261E", "bold": True})
        self._head = self._book.add_format(
            base
            | {"bold": True, "bg_color": "#1D3A5F", "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}
        )
        self._title = self._book.add_format({"bold": True, "font_size": 14, "font_name": FONT})
        self._note = self._book.add_format({"font_color": "#485565", "font_name": FONT, "font_size": 9})

    def add(
        self,
        name: str,
        columns: tuple[Column, ...],
        rows: Iterable[tuple[Cell, ...]],
        *,
        title: str,
        note: str = "",
        charted: tuple[int, ...] = (),
    ) -> int:
        """Write a sheet; returns how many rows it has. `rows` is taken one by one."""
        sheet = self._book.add_worksheet(name)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width)
        sheet.write_string(0, 0, title, self._title)
        sheet.write_string(1, 0, note, self._note)
        sheet.set_row(TITLE_ROWS - 1, 30)
        for number, column in enumerate(columns):
            sheet.write_string(TITLE_ROWS - 1, number, column.title, self._head)
        last = TITLE_ROWS - 1
        for last, row in enumerate(rows, TITLE_ROWS):
            for number, (cell, column) in enumerate(zip(row, columns, strict=True)):
                self._write(sheet, last, number, cell, column)
        sheet.freeze_panes(TITLE_ROWS, 1)
        sheet.autofilter(TITLE_ROWS - 1, 0, last, len(columns) - 1)
        sheet.print_area(0, 0, last, len(columns) - 1)
        sheet.repeat_rows(TITLE_ROWS - 1)
        sheet.set_landscape()
        sheet.set_paper(PAPER_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L&A&R第 &P 页 共 &N 页")
        if charted and last >= TITLE_ROWS:
            self._chart(sheet, name, columns, charted, last)
        return last - TITLE_ROWS + 1

    def close(self) -> None:
        self._book.close()

    def _write(self, sheet: Any, row: int, number: int, cell: Cell, column: Column) -> None:
        value, form = plain(cell, column)
        if value is None:
            sheet.write_string(row, number, NOTHING, self._formats[Form.TEXT])
        elif isinstance(value, str):
            if form is Form.MOMENT and value:
                moment = datetime.fromisoformat(value).astimezone(CHINA).replace(tzinfo=None)
                sheet.write_datetime(row, number, moment, self._formats[form])
            else:
                sheet.write_string(row, number, value[:CELL_MAX], self._text(value, form))
        else:
            sheet.write_number(row, number, value, self._formats[form])

    def _text(self, value: str, form: Form) -> Any:
        if form is Form.VERDICT:
            return {"达标": self._good, "未达标": self._bad}.get(value, self._formats[form])
        return self._quoted if value.startswith(BEGINS_A_FORMULA) and len(value) > 1 else self._formats[Form.TEXT]

    def _chart(self, sheet: Any, name: str, columns: tuple[Column, ...], charted: tuple[int, ...], last: int) -> None:
        chart: Any = self._book.add_chart({"type": "column"})
        for number in charted:
            chart.add_series(
                {
                    "name": columns[number].title,
                    "categories": [name, TITLE_ROWS, 0, last, 0],
                    "values": [name, TITLE_ROWS, number, last, number],
                }
            )
        chart.set_size({"width": 760, "height": 280})
        chart.set_legend({"position": "top"})
        sheet.insert_chart(TITLE_ROWS - 1, len(columns) + 1, chart)


def write(paper: Paper, path: Path) -> None:
    """The report as a workbook."""
    book = Workbook(path, paper.title)
    for sheet in paper.sheets:
        title = f"{paper.title} · {sheet.title}{'(更正)' if paper.corrected else ''}"
        book.add(sheet.title, sheet.columns, sheet.rows, title=title, note=_note(paper, sheet), charted=sheet.charted)
    book.close()


def _note(paper: Paper, sheet: Sheet) -> str:
    made = paper.made_at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
    reach = "" if paper.is_whole else f"；本期未结束, 数据截至 {paper.upto.astimezone(CHINA):%Y-%m-%d %H:%M}"
    return f"制表时间 {made}{reach}{'；' + sheet.note if sheet.note else ''}"

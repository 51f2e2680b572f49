"""Entries as a Word document: a heading and a table of two columns for each language version."""

import re
from collections.abc import Iterable
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from callcenter.errors import BadInput
from callcenter.knowledge.exchange.columns import COLUMNS, Line, Wrong, key_of
from callcenter.office_file import check_office_file

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TABLES_MAX = 5_000
FONT = "宋体"
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_docx(lines: Iterable[Line]) -> bytes:
    document = Document()
    document.styles["Normal"].font.name = FONT
    document.styles["Normal"].element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    for line in lines:
        document.add_heading(_NOT_XML.sub("", line.values.get("title", "")), level=2)
        table = document.add_table(rows=0, cols=2, style="Table Grid")
        table.autofit = False
        for key, label in COLUMNS.items():
            if key in line.values:
                name, text = table.add_row().cells
                name.width, text.width = Cm(2.6), Cm(13.4)
                name.text, text.text = label, _NOT_XML.sub("", line.values[key])
    written = BytesIO()
    document.save(written)
    return written.getvalue()


def read_docx(data: bytes) -> tuple[list[Line], list[Wrong]]:
    """Raises BadInput for what is no Word document. Tables of other forms are named as wrong, not passed over."""
    check_office_file(data, "word/document.xml", "Word document (docx)")
    try:
        tables = Document(BytesIO(data)).tables
    except Exception as problem:
        raise BadInput(f"the Word document cannot be read: {str(problem)[:120]}") from problem
    if len(tables) > TABLES_MAX:
        raise BadInput(f"the document has more than {TABLES_MAX:,} tables; split it")
    lines, wrong = [], []
    for number, table in enumerate(tables, 1):
        values: dict[str, str] = {}
        for at, row in enumerate(table.rows, 1):
            cells = [cell.text for cell in row.cells]
            place = f"{number}.{at}"
            key = key_of(cells[0]) if len(cells) == 2 else None
            if key is None:
                message = "a row has two cells: the field's name and its text" if len(cells) != 2 else "no such field"
                wrong.append(Wrong(place, cells[0].strip()[:40] if cells else "", "unknown-key", message))
            elif key in values:
                wrong.append(Wrong(place, COLUMNS[key], "key-twice", f"`{COLUMNS[key]}` is there twice"))
            else:
                values[key] = cells[1]
        lines.append(Line(str(number), values))
    if not tables:
        raise BadInput("there is no table in the document; export one to see its form")
    return lines, wrong

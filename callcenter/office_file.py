"""Files of office programs: what any must be before it is opened, and the rows of a workbook."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from callcenter.errors import BadInput

MAX_BYTES = 20 * 1024 * 1024
UNPACKED_MAX = 200 * 1024 * 1024
"""A file of some kilobytes can unpack to gigabytes."""


def check_office_file(data: bytes, part: str, what: str) -> None:
    """`part`: the one that makes it a file of that program. Raises BadInput."""
    if len(data) > MAX_BYTES:
        raise BadInput(f"the file has {len(data):,} bytes, {MAX_BYTES:,} are allowed; split it")
    try:
        with ZipFile(BytesIO(data)) as packed:
            if part not in packed.namelist():
                raise BadInput(f"the file is no {what}; save it as {what} and try again")
            if sum(one.file_size for one in packed.infolist()) > UNPACKED_MAX:
                raise BadInput("the file unpacks to more than any table needs")
    except BadZipFile as problem:
        raise BadInput(f"the file is no {what}; save it as {what} and try again") from problem


def rows_of_workbook(data: bytes, most: int) -> Sequence[Sequence[Any]]:
    """The first sheet: the row that names the columns, and at most `most` others. Raises BadInput."""
    check_office_file(data, "xl/workbook.xml", "Excel file (xlsx)")
    try:
        sheet = load_workbook(BytesIO(data), read_only=True, data_only=True).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True, max_row=most + 2))
    except Exception as problem:
        raise BadInput(f"the Excel file cannot be read: {str(problem)[:120]}") from problem
    if not rows:
        raise BadInput("the first sheet is empty; its first row names the columns")
    if len(rows) > most + 1:
        raise BadInput(f"the sheet has more than {most:,} rows; split it")
    return rows

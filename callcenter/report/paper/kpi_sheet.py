"""`report kpi` as a workbook: the same figures as its JSON, one sheet for all calls and one for the groups."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from callcenter.errors import BadInput
from callcenter.report.paper import words
from callcenter.report.paper.model import Cell, Column, Form, Typed
from callcenter.report.paper.xlsx import Workbook

COLUMNS = (
    Column("指标", width=20),
    Column("口径", width=22),
    Column("代码", width=32),
    Column("数值", Form.RATE, 14),
    Column("分子", Form.COUNT, 14),
    Column("分母", Form.COUNT, 14),
    Column("时刻", Form.MOMENT, 20),
    Column("计算公式", width=50),
)


def write(report: dict[str, Any], path: Path) -> None:
    """`report`: what `report.service.kpi` returns. Raises BadInput when the file cannot be written."""
    if not path.parent.is_dir():
        raise BadInput(f"xlsx: there is no folder {path.parent}")
    title = f"{report['from']} - {report['to']}"
    note = f"T = {report['threshold_s']} 秒；短放弃: {report['short_s']} 秒及以内"
    book = Workbook(path, title)
    book.add("指标", COLUMNS, _rows(report), title=title, note=note)
    groups = report.get("groups", [])
    if groups:
        names = tuple(Column(name, width=22) for name in groups[0]["by"])
        rows = ((*group["by"].values(), *row) for group in groups for row in _rows(group))
        book.add("分组", (*names, *COLUMNS), rows, title=title, note=note)
    book.close()


def _rows(part: dict[str, Any]) -> Iterator[tuple[Cell, ...]]:
    for name, count in part["counts"].items():
        word = words.COUNTS.get(name, name)
        yield ("话务量", word, f"counts:{name}", Typed(count, Form.COUNT), count, "", "", "")
    for f in part["figures"]:
        form = Form.SECONDS if f["name"].endswith("_s") else Form.RATE
        yield (
            words.word(words.FIGURES, f["name"]),
            words.word(words.VARIANTS, f["variant"]),
            f"{f['name']}:{f['variant']}",
            Typed(f["value"], form),
            Typed(f["numerator"], Form.SECONDS if form is Form.SECONDS else Form.COUNT),
            f["denominator"],
            f.get("at") or "",
            f["formula_zh"] or f["formula"],
        )

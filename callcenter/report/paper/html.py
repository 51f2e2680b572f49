"""Sheets as a page for A4 paper, whole in itself: no script, nothing fetched from anywhere."""

from datetime import datetime
from math import floor
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from callcenter.instants import CHINA
from callcenter.report.paper.model import Cell, Column, Form, Paper, Sheet, plain
from callcenter.report.paper.xlsx import NOTHING

RIGHT = frozenset({Form.COUNT, Form.RATE, Form.SECONDS, Form.MINUTES, Form.CHANGE})
CHART_WIDTH, CHART_HEIGHT = 720, 150
"""In user units of the drawing."""
LABELS_MAX = 16
COLOURS = ("#9db6d3", "#1d3a5f")

_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
)


def write(paper: Paper, path: Path, faces: str = "") -> None:
    """`faces`: CSS that names typefaces (`callcenter/typefaces.py`)."""
    path.write_text(render(paper, faces), encoding="utf-8")


def render(paper: Paper, faces: str = "") -> str:
    return _pages.get_template("page.html.j2").render(
        paper=paper,
        faces=Markup(faces),  # noqa: S704 - from our own build
        made_at=_moment(paper.made_at),
        upto=_moment(paper.upto),
        span=(paper.period.start.strftime("%Y-%m-%d"), paper.period.end.strftime("%Y-%m-%d")),
        sheets=[(sheet, _drawn(sheet)) for sheet in paper.sheets],
        shown=shown,
        right=RIGHT,
    )


def shown(cell: Cell, column: Column) -> tuple[str, str]:
    """The words of a cell, and the class that says how it looks.

    A rate is cut, not rounded: 94.996 % must not stand as 95.00 % beside a target of 95.
    """
    value, form = plain(cell, column)
    if value is None:
        return NOTHING, "none"
    if isinstance(value, str):
        if form is Form.MOMENT and value:
            return _moment(datetime.fromisoformat(value)), "moment"
        if form is Form.VERDICT:
            return value, {"达标": "good", "未达标": "bad"}.get(value, "")
        return value, "none" if column.form in RIGHT else ""
    words = {
        Form.RATE: f"{floor(value * 10_000 + 1e-9) / 100:.2f}%",
        Form.CHANGE: f"{value:+.2%}",
        Form.SECONDS: f"{value:,.1f}",
        Form.MINUTES: f"{value:,.2f}",
    }.get(form, f"{value:,}")
    return words, "n"


def _moment(at: datetime) -> str:
    return at.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _drawn(sheet: Sheet) -> dict[str, Any] | None:
    """Bars side by side for each row, as rectangles of an SVG drawing."""
    if not sheet.charted or not sheet.rows:
        return None
    series = [[float(row[number] or 0) for row in sheet.rows] for number in sheet.charted]  # type: ignore[arg-type]
    highest = max(max(values) for values in series) or 1.0
    wide = CHART_WIDTH / len(sheet.rows)
    bar = wide * 0.8 / len(series)
    bars = [
        {
            "x": round(place * wide + wide * 0.1 + at * bar, 2),
            "y": round(CHART_HEIGHT * (1 - value / highest), 2),
            "width": round(bar, 2),
            "height": round(CHART_HEIGHT * value / highest, 2),
            "fill": COLOURS[at % len(COLOURS)],
        }
        for at, values in enumerate(series)
        for place, value in enumerate(values)
    ]
    every = -(-len(sheet.rows) // LABELS_MAX)
    labels = [
        {"x": round((place + 0.5) * wide, 2), "text": str(row[0])[-5:]}
        for place, row in enumerate(sheet.rows)
        if place % every == 0
    ]
    names = [(sheet.columns[number].title, COLOURS[at % len(COLOURS)]) for at, number in enumerate(sheet.charted)]
    return {"bars": bars, "labels": labels, "names": names, "highest": f"{highest:,.0f}", "h": CHART_HEIGHT}

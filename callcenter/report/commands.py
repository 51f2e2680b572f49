"""`callcenter report`: figures on standard output, nothing but messages on standard error."""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.report import service
from callcenter.report.choices import choices
from callcenter.report.intervals import question
from callcenter.report.paper import kpi_sheet
from callcenter.report.paper.commands import paper
from callcenter.storage.database import Database, migrate

app = typer.Typer(help="Figures over stored calls.", no_args_is_help=True)

COLUMNS = ("name", "variant", "value", "numerator", "denominator", "at", "formula")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
WIDTH = 200
"""Characters of the table where no terminal says how wide it is."""


app.command()(paper)


@app.callback()
def report() -> None:
    """Figures over stored calls."""


@app.command()
def kpi(
    start: Annotated[str, typer.Option("--from", help="First instant, ISO 8601 with offset.")],
    end: Annotated[str, typer.Option("--to", help="Instant after the last one, ISO 8601 with offset.")],
    by: Annotated[list[str] | None, typer.Option(help="Split: language,line,source,… or hour, shift, day …")] = None,
    threshold: Annotated[
        str | None, typer.Option(help="Seconds within which a call should be answered; from the settings.")
    ] = None,
    short: Annotated[
        str | None, typer.Option(help="Seconds up to which an abandon is a short one; from the settings.")
    ] = None,
    variant: Annotated[
        list[str] | None, typer.Option(help="Only these: name, variant or name:variant; further: occupancy, repeats …")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, UTF-8.")] = False,
    as_xlsx: Annotated[Path | None, typer.Option("--xlsx", metavar="FILE", help="As a workbook, into a file.")] = None,
) -> None:
    """Every figure of the calls that started in an interval, each with its formula."""
    if as_json + as_csv + (as_xlsx is not None) > 1:
        raise BadInput("take one of --json, --csv and --xlsx")
    settings = Settings()
    seconds = str(settings.threshold_s) if threshold is None else threshold
    short_s = str(settings.short_s) if short is None else short
    question(
        start, end, threshold=seconds, short=short_s, by=by or ()
    )  # before the database is made: a wrong call leaves nothing behind
    service.chosen(variant or ())
    database = Database(settings)
    migrate(database)
    with database.read() as session:
        found = service.kpi(
            session,
            start,
            end,
            threshold=seconds,
            short=short_s,
            by=by or (),
            variants=variant or (),
            choices=choices(settings),
        )
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    elif as_csv:
        _write_csv(found)
    elif as_xlsx:
        kpi_sheet.write(found, as_xlsx)
    else:
        _print(found)


def _rows(report: dict[str, Any]) -> Iterator[list[Any]]:
    """Group names, then the columns; the counts as figures of their own name."""
    groups = report.get("groups", [])
    names = list(groups[0]["by"]) if groups else []
    for part in (report, *groups):
        group = [part.get("by", {}).get(name, "") for name in names]
        for name, count in part["counts"].items():
            yield [*group, "counts", name, count, count, "", "", ""]
        for figure in part["figures"]:
            yield [*group, *("" if figure.get(column) is None else figure[column] for column in COLUMNS)]


def _write_csv(report: dict[str, Any]) -> None:
    writer = csv.writer(sys.stdout, lineterminator="\n")
    groups = report.get("groups", [])
    writer.writerow([*(groups[0]["by"] if groups else ()), *COLUMNS])
    writer.writerows([_harmless(cell) for cell in row] for row in _rows(report))


def _harmless(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula stands behind an apostrophe."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def _print(report: dict[str, Any]) -> None:
    groups = report.get("groups", [])
    title = f"{report['from']} – {report['to']}, T = {report['threshold_s']} s, short = {report['short_s']} s"
    table = Table(title=title)
    for name in (*(groups[0]["by"] if groups else ()), *COLUMNS):
        table.add_column(name, no_wrap=name in ("name", "variant"))
    for row in _rows(report):
        table.add_row(*(f"{cell:.6g}" if isinstance(cell, float) else str(cell) for cell in row))
    Console(width=None if sys.stdout.isatty() else WIDTH).print(table)

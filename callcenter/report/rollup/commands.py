"""`callcenter rollup`: the figures by quarter hour built anew, or compared with the records."""

import time
from typing import Annotated

import typer

from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.errors import BadInput, Conflict
from callcenter.instants import format_instant
from callcenter.job.progress import Kind, shown
from callcenter.report.intervals import instant
from callcenter.report.rollup import service
from callcenter.report.rollup.refresh import Refresh
from callcenter.report.rollup.repository import quarter_of
from callcenter.storage.database import Database, migrate

app = typer.Typer(help="Figures by quarter hour, kept so that reports are quick.", no_args_is_help=True)

SHOWN_MAX = 50
Start = Annotated[str | None, typer.Option("--from", help="First instant, ISO 8601 with offset; all when not given.")]
End = Annotated[str | None, typer.Option("--to", help="Instant after the last one.")]


class NotAsRecorded(Conflict):
    code = "rollup-differs"


@app.callback()
def rollup() -> None:
    """Figures by quarter hour, kept so that reports are quick."""


@app.command()
def rebuild(start: Start = None, end: End = None) -> None:
    """Throw the figures of an interval's quarters away and build them from the calls. Reports stay exact meanwhile."""
    limits = _quarters(start, end)
    settings = Settings()
    database = Database(settings)
    migrate(database)
    begun = time.monotonic()
    try:
        with shown(database, SystemClock(), Kind.ROLLUP_REBUILD, " - ".join(filter(None, (start, end)))) as on_screens:
            refresh = Refresh(database, settings)
            count = service.rebuild(database, refresh, *limits, progress=lambda built: on_screens(built, None))
    finally:
        database.close()
    typer.echo(f"built {count} quarters in {time.monotonic() - begun:.1f} s")


@app.command()
def check(start: Start = None, end: End = None) -> None:
    """Compare the figures with what the calls give. Exit status 1 when a quarter differs."""
    limits = _quarters(start, end)
    settings = Settings()
    database = Database(settings)
    migrate(database)
    try:
        with database.read() as session:
            found = service.differences(session, Refresh(database, settings), *limits)
    finally:
        database.close()
    for difference in found[:SHOWN_MAX]:
        typer.echo(f"{format_instant(difference.quarter)}: {difference.what}")
    if found:
        raise NotAsRecorded(f"{len(found)} quarters differ from their calls; run `callcenter rollup rebuild`")
    typer.echo("every quarter is what its calls give")


def _quarters(start: str | None, end: str | None) -> tuple[int | None, int | None]:
    """Whole quarters that hold the interval."""
    begin = None if start is None else instant("from", start)
    finish = None if end is None else instant("to", end)
    if begin is not None and finish is not None and finish < begin:
        raise BadInput(f"to: {end} lies before from: {start}")
    return (
        None if begin is None else quarter_of(begin),
        None if finish is None else -quarter_of(-finish),
    )

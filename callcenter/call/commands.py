"""`callcenter calls`: the summary on standard output, faults and progress on standard error."""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, BinaryIO

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from callcenter import secrets
from callcenter.call.history import HistoryRefused, import_history
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.job.progress import Kind, shown
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault

app = typer.Typer(help="Stored calls.", no_args_is_help=True)


@app.callback()
def calls() -> None:
    """Stored calls."""


@app.command("import")
def import_file(file: Annotated[Path, typer.Argument(metavar="FILE.csv", help="Call history, UTF-8.")]) -> None:
    """Take a call history in: all rows or none. Every fault is named by line, column and reason."""
    try:
        source = file.open("rb")
        source.peek(1)  # a folder opens, but does not read
    except OSError as error:
        raise BadInput(f"{file}: {error.strerror}") from None
    settings = Settings()
    vault = NumberVault(secrets.ensure(settings.home))
    database = Database(settings)
    migrate(database)
    try:
        job = shown(database, SystemClock(), Kind.CALLS_IMPORT, file.name)
        with source, job as on_screens, _progress(source) as bar:
            size = os.fstat(source.fileno()).st_size

            def told(line: int) -> None:
                bar(line)
                on_screens(100 * source.tell() // max(1, size), 100)

            count = import_history(database, vault, source, told)
    except HistoryRefused as refused:
        for line in refused.lines:
            typer.echo(line, err=True)
        if refused.more:
            typer.echo(f"… and {refused.more} more faults", err=True)
        typer.echo(f"callcenter calls import: nothing was imported from {file}", err=True)
        raise typer.Exit(1) from None
    typer.echo(f"imported {count} calls from {file}")


@contextmanager
def _progress(source: BinaryIO) -> Iterator[Callable[[int], None]]:
    """A bar, when somebody is there to see it."""
    if not sys.stderr.isatty():
        yield lambda _line: None
        return
    size = os.fstat(source.fileno()).st_size
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=size or None)
        yield lambda line: bar.update(task, description=f"line {line:,}", completed=source.tell())

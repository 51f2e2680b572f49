"""What verbs of the command line share. Results on standard output, messages on standard error.

Exit codes: 0 nothing found, 1 found something, 2 wrong call.
"""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from callcenter.errors import CallCenterError
from callcenter.finding import FileFinding

AsJson = Annotated[bool, typer.Option("--json", help="The result as JSON.")]


@contextmanager
def wrong_call_is_2() -> Iterator[None]:
    try:
        yield
    except CallCenterError as problem:
        typer.echo(problem.message, err=True)
        raise typer.Exit(2) from problem


def report(findings: Sequence[FileFinding], as_json: bool) -> None:
    """Print them; exit 1 when one is an error."""
    if as_json:
        print_json([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            typer.echo(finding.as_text())
        typer.echo(f"findings: {len(findings)}" if findings else "no faults found", err=True)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)


def print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))

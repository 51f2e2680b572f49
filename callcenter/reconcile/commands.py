"""`callcenter reconcile --day D`: differences on standard output.

Exit 0: nothing unexplained; 1: something; 2: wrong call.
"""

import getpass
import json
from datetime import date
from typing import Annotated, Any

import typer

from callcenter import secrets
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.reconcile.model import Report
from callcenter.reconcile.repair import Repair
from callcenter.reconcile.schemas import report_out
from callcenter.reconcile.service import Reconciliation
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault

app = typer.Typer(help="Compare records, CEL, queue log and recordings.")


@app.command("reconcile")
def reconcile(
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="The day, in China's time.")],
    as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False,
    deep: Annotated[bool, typer.Option("--deep", help="Also compare every sound file's checksum.")] = False,
    repair: Annotated[
        bool, typer.Option("--repair", help="Write what the CEL file knows and the record lacks. Not beside an engine.")
    ] = False,
) -> None:
    """Every difference between what the database, Asterisk's own files and the recordings say of a day."""
    try:
        asked = date.fromisoformat(day)
    except ValueError:
        raise BadInput(f"day: {day[:40]!r} is not a date such as 2026-01-05") from None
    settings, clock = Settings(), SystemClock()
    vault = NumberVault(secrets.ensure(settings.home))
    database = Database(settings)
    migrate(database)
    service = Reconciliation(settings, database, vault, clock)

    def compare() -> Report:
        return service.compare(asked, deep=deep)

    if repair:
        report = Repair(settings, database, vault, clock).repair(asked, compare, f"{getpass.getuser()} (command line)")
    else:
        report = compare()
    shown = report_out(report)
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False, indent=1))
    else:
        _print(shown)
    raise typer.Exit(1 if report.unexplained else 0)


def _print(report: dict[str, Any]) -> None:
    compared = ", ".join(f"{witness} {count}" for witness, count in report["compared"].items())
    typer.echo(f"{report['day']}, node {report['node']}: {compared}")
    for name, count in report["not_compared"].items():
        typer.echo(f"not compared, no other witness here: {name} {count}")
    if report["repaired"]:
        typer.echo(f"repaired: {' '.join(report['repaired'])}")
    for row in report["differences"]:
        said = "; ".join(f"{witness}: {words or '-'}" for witness, words in row["said"].items())
        name = f" {row['field']}" if row["field"] else ""
        why = f" [{row['explanation']}]" if row["explained"] else ""
        typer.echo(f"{row['call'] or '-'}  {row['kind']}{name}  {said}{why}")
    for line in report["summary"]:
        typer.echo(f"{line['kind']}: {line['unexplained']} unexplained, {line['explained']} explained")
    typer.echo(f"{report['unexplained']} unexplained, {report['explained']} explained")

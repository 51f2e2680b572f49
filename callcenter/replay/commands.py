"""`callcenter replay FILE.ami`: records on standard output, what could not be read on standard error."""

import json
from pathlib import Path
from typing import Annotated

import typer

from callcenter.replay.schemas import record_out
from callcenter.replay.service import holds_events, replay

app = typer.Typer(help="Call records out of recorded AMI bytes.")


@app.command("replay")
def replay_file(
    file: Annotated[Path, typer.Argument(metavar="FILE.ami", help="The bytes as Asterisk sent them.")],
    as_json: Annotated[bool, typer.Option("--json", help="The whole records.")] = False,
) -> None:
    """Fold a recorded AMI stream into call records, as the engine would have done. Needs no service."""
    try:
        data = file.read_bytes()
    except OSError as error:
        typer.echo(f"callcenter replay: {file}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    result = replay(data)
    records = [record_out(record) for record in result.records.values()]
    if result.undecodable:
        typer.echo(f"callcenter replay: {result.undecodable} messages could not be understood", err=True)
    if not holds_events(data):
        typer.echo(f"callcenter replay: {file}: no AMI event in {len(data)} bytes; is this a recording?", err=True)
    if as_json:
        typer.echo(json.dumps(records, ensure_ascii=False, indent=2))
        return
    for record in records:
        typer.echo(
            "{linkedid}  {started_at}  {outcome}  line={line} seat={seat} wait={wait_s} talk={talk_s}".format(**record)
        )

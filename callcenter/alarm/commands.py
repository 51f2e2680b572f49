"""`callcenter alarms key`."""

import typer

from callcenter import secrets
from callcenter.config import Settings

app = typer.Typer(help="Alarms: what the operator needs beside the screens.", no_args_is_help=True)


@app.callback()
def alarms() -> None:
    """Alarms."""


@app.command("key")
def key() -> None:
    """The key that signs messages to the webhook; enter it at the receiver."""
    typer.echo(secrets.ensure(Settings().home).webhook_key())

"""`callcenter flows publish | versions | rollback`: the same use cases as the screen's, from the command line."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from redis import Redis

from callcenter.bus.commands import CommandBus
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.console import AsJson, print_json, wrong_call_is_2
from callcenter.errors import BadInput
from callcenter.ivr.version.model import FlowRefused
from callcenter.ivr.version.published import Published
from callcenter.ivr.version.schemas import VersionItem
from callcenter.ivr.version.service import FlowVersions
from callcenter.storage.database import Database, migrate

Why = Annotated[str, typer.Option(help="The reason, one line; it stands beside the version.")]
By = Annotated[str, typer.Option(help="Who; without it your name on this machine.")]
FlowName = Annotated[str, typer.Argument(help="Name of a flow, such as main.")]


def flows_publish(
    flow: FlowName,
    file: Annotated[Path, typer.Argument(help="Its text, a YAML file.", exists=True, dir_okay=False)],
    why: Why,
    by: By = "",
) -> None:
    """Make a file the next version of a flow. Refused with file, line and reason when it has an error: exit 1."""
    with _versions() as versions:
        try:
            text = file.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as problem:
            raise BadInput(f"{file} is not UTF-8; save it as UTF-8 in your editor") from problem
        _say(flow, versions.publish_text(flow, text, why, by or getpass.getuser()))


def flows_versions(
    flow: FlowName,
    show: Annotated[int, typer.Option(help="Print the text of this version.")] = 0,
    diff: Annotated[bool, typer.Option("--diff", help="With --show: its difference to the version before.")] = False,
    as_json: AsJson = False,
) -> None:
    """Who published what, when and why; the newest first."""
    with _versions() as versions:
        if show:
            row, difference = versions.version(flow, show)
            typer.echo(difference if diff else row.yaml, nl=False)
            return
        items = [VersionItem.of(row) for row in versions.history(flow)]
    if as_json:
        print_json([item.model_dump() for item in items])
        return
    for item in items:
        back = f"  (back from {item.rolled_back_from})" if item.rolled_back_from else ""
        typer.echo(f"{item.version:>4}  {item.published_at}  {item.published_by}  {item.why}{back}")


def flows_rollback(
    flow: FlowName, version: Annotated[int, typer.Argument(help="Whose text comes back.")], why: Why, by: By = ""
) -> None:
    """Publish an older text again, as the newest version."""
    with _versions() as versions:
        _say(flow, versions.roll_back(flow, version, why, by or getpass.getuser()))


def register(flows: typer.Typer) -> None:
    flows.command("publish")(flows_publish)
    flows.command("versions")(flows_versions)
    flows.command("rollback")(flows_rollback)


@contextmanager
def _versions() -> Iterator[FlowVersions]:
    with wrong_call_is_2():
        settings, clock = Settings(), SystemClock()
    database = Database(settings)
    redis = Redis.from_url(settings.redis, socket_connect_timeout=1, socket_timeout=1)
    try:
        migrate(database)
        published = Published(settings, database, CommandBus(redis, settings.node, clock))
        with wrong_call_is_2():
            try:
                yield FlowVersions(settings, database, clock, published)
            except FlowRefused as refused:
                _show(refused)
                raise typer.Exit(1) from refused
    finally:
        redis.close()
        database.close()


def _show(refused: FlowRefused) -> None:
    for finding in refused.details["findings"]:
        typer.echo("{file}:{line}: {severity}: {message} [{code}]".format(**finding), err=True)
    typer.echo("Nothing was published; callers meet what they met before.", err=True)


def _say(flow: str, version: int) -> None:
    typer.echo(f"{flow} version {version}")

"""`callcenter flows …`. Results on standard output, messages on standard error.

Exit codes: 0 nothing found, 1 found something, 2 wrong call.
"""

import getpass
import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.console import AsJson, report, wrong_call_is_2
from callcenter.errors import BadInput
from callcenter.instants import CHINA
from callcenter.ivr.check import check_folder, flow_files, parts_of
from callcenter.ivr.flow import Flow
from callcenter.ivr.hours import instant, needs_calendar, told_by_clock
from callcenter.ivr.mermaid import as_mermaid
from callcenter.ivr.reading import read_flow
from callcenter.ivr.schema import schema_text
from callcenter.ivr.shipped import rules_of
from callcenter.ivr.site import Emergency, read_site
from callcenter.ivr.subflow import assemble
from callcenter.ivr.svg import as_svg
from callcenter.ivr.version import commands as versions
from callcenter.ivr.walk import parse_keys
from callcenter.ivr.walk import walk as walk_flow

flows = typer.Typer(no_args_is_help=True, help="Telephone menus: check, try, draw and publish them.")
versions.register(flows)


@flows.command("check")
def flows_check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of flows, or one file.", metavar="[DIR]")] = None,
    as_json: AsJson = False,
) -> None:
    """Find what would strand a caller. Exit 1 if there is an error."""
    with wrong_call_is_2():
        settings = Settings()
        findings = check_folder(folder or settings.flows_dir, rules_of(settings, folder))
    report(findings, as_json)


@flows.command("walk")
def flows_walk(
    flow: Annotated[str, typer.Argument(help="Name of a flow, such as main, or a file.")],
    keys: Annotated[str, typer.Option(help="Keys in turn, such as 2,0; an empty place: no key.")] = "",
    lang: Annotated[str, typer.Option(help="Language at the start.")] = "",
    at: Annotated[str, typer.Option(help="ISO 8601 time of the call; without offset: China's.")] = "",
    set_: Annotated[list[str] | None, typer.Option("--set", help="fact=value, repeatable.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print the path of a call node by node, without a telephone."""
    with wrong_call_is_2():
        settings = Settings()
        language = lang or settings.default_language
        if language not in settings.languages:
            raise BadInput(f"--lang: `{language}` is not set up; known: {', '.join(settings.languages)}")
        facts, when, hours = _facts(set_ or []), _instant(at), read_site(settings.flows_dir).hours
        asked = set[str]()

        def look(name: str) -> str | None:
            asked.add(name)
            return told_by_clock(name, hours, when)

        whole = _flow(settings, flow)
        found = walk_flow(whole, parse_keys(keys), language=language, facts=facts, look=look)
    year = when.astimezone(CHINA).year
    if any(map(needs_calendar, asked)) and not hours.knows(year):
        typer.echo(f"The public holidays of {year} are not known: only weekends were kept.", err=True)
    lines = found.as_json()
    if as_json:
        for line in lines:
            typer.echo(json.dumps(line, ensure_ascii=False))
        return
    for row in found.rows:
        pressed = "" if row.key is None else f"  key {row.key}"
        typer.echo(f"{row.node} ({row.kind})  {' '.join(row.spoken)}{pressed}".rstrip())
    typer.echo("end: " + " ".join(str(value) for value in lines[-1].values()))


@flows.command("emergency")
def flows_emergency(
    switch: Annotated[str, typer.Argument(help="on, off, or status.", metavar="on|off|status")],
    by: Annotated[str, typer.Option(help="Who switches; for the record.")] = "",
) -> None:
    """Switch the emergency announcement. The next caller hears it, with or without the engine."""
    with wrong_call_is_2():
        emergency = Emergency.of(Settings())
        if switch not in ("on", "off", "status"):
            raise BadInput(f"`{switch}` is not on, off or status")
        if switch == "on":
            emergency.switch_on(by or getpass.getuser(), SystemClock().now())
        elif switch == "off":
            emergency.switch_off()
    since = emergency.since()
    state = "on" if emergency.is_on else "off"
    typer.echo(f"{state}, since {since['at']} by {since['by']}" if {"at", "by"} <= since.keys() else state)


@flows.command("graph")
def flows_graph(
    flow: Annotated[str, typer.Argument(help="Name of a flow, or a file.")],
    svg: Annotated[bool, typer.Option("--svg", help="A picture instead of Mermaid's text.")] = False,
) -> None:
    """The flow as a Mermaid diagram, or as a picture."""
    with wrong_call_is_2():
        whole = _flow(Settings(), flow)
        typer.echo(as_svg(whole) if svg else as_mermaid(whole), nl=False)


@flows.command("twiml")
def flows_twiml(
    flow: Annotated[str, typer.Argument(help="Name of a flow, such as main.")],
    out: Annotated[Path, typer.Option(help="A new folder for the documents.")],
    base: Annotated[str, typer.Option(help="Address under which they will lie, without a slash at the end.")],
    router: Annotated[str, typer.Option(help="Address of the TwiML Bin with the text of router.xml.")],
) -> None:
    """The flow as TwiML documents, to be hosted at the provider for when this site is down."""
    from callcenter.cloud.commands import write_documents  # what no other verb needs

    with wrong_call_is_2():
        count = write_documents(Settings(), flow, out, base, router)
    typer.echo(f"{count} documents: {out}; see docs/operations/cloud-number.md")


@flows.command("schema")
def flows_schema() -> None:
    """JSON Schema of a flow file, for editors; committed as ivr_flows/schema.json."""
    typer.echo(schema_text(), nl=False)


def _flow(settings: Settings, name: str) -> Flow:
    """A flow by the name it has in the flows' folder, or by its file. Raises `BadInput` when it cannot be walked."""
    path = Path(name) if name.endswith((".yaml", ".yml")) else settings.flows_dir / f"{name}.yaml"
    if not path.is_file():
        known = ", ".join(path.stem for path in flow_files(settings.flows_dir))
        raise BadInput(f"there is no flow `{name}`; known: {known}")
    rules = rules_of(settings, path.parent)
    errors = [finding for finding in check_folder(path, rules) if finding.level == "error"]
    if errors:
        raise BadInput(f"{errors[0].as_text()}; a flow with errors cannot be walked, see `callcenter flows check`")
    file = read_flow(path)
    if file.flow is None:
        raise BadInput(f"{path}: changed while it was read; try again")
    return assemble(file.flow, parts_of([file], path))


def _facts(pairs: Sequence[str]) -> dict[str, str]:
    facts = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.isidentifier():
            raise BadInput(f"--set: `{pair}` is not fact=value, such as topic=labour")
        facts[name] = value
    return facts


def _instant(text: str) -> datetime:
    """Empty: now."""
    try:
        return instant(text) if text else SystemClock().now()
    except ValueError as problem:
        message = f"--at: `{text}` is not a time such as 2026-10-01T03:00 or 2026-10-01T03:00:00+08:00"
        raise BadInput(message) from problem

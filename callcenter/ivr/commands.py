"""`callcenter flows …` and `callcenter prompts …`. Results on standard output, messages on standard error.

Exit codes: 0 nothing found, 1 found something, 2 wrong call.
"""

import getpass
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.errors import BadInput, CallCenterError, NotFound
from callcenter.instants import CHINA
from callcenter.ivr.check import check_folder, flow_files, parts_of
from callcenter.ivr.finding import Finding
from callcenter.ivr.flow import Flow
from callcenter.ivr.hours import instant, needs_calendar, told_by_clock
from callcenter.ivr.mermaid import as_mermaid
from callcenter.ivr.prompt_build import build as build_prompts
from callcenter.ivr.prompt_check import check_prompts, list_prompts
from callcenter.ivr.prompts import Take, hash_of, read_catalogues, recording
from callcenter.ivr.reading import read_flow
from callcenter.ivr.schema import schema_text
from callcenter.ivr.shipped import rules_of
from callcenter.ivr.site import Emergency, read_site
from callcenter.ivr.subflow import assemble
from callcenter.ivr.walk import parse_keys
from callcenter.ivr.walk import walk as walk_flow

flows = typer.Typer(no_args_is_help=True, help="Telephone menus: check, try and draw them.")
prompts = typer.Typer(no_args_is_help=True, help="What callers hear: words, recordings, telephone files.")

AsJson = Annotated[bool, typer.Option("--json", help="The result as JSON.")]


@contextmanager
def _wrong_call_is_2() -> Iterator[None]:
    try:
        yield
    except CallCenterError as problem:
        typer.echo(problem.message, err=True)
        raise typer.Exit(2) from problem


@flows.command("check")
def flows_check(
    folder: Annotated[Path | None, typer.Argument(help="Folder of flows, or one file.", metavar="[DIR]")] = None,
    as_json: AsJson = False,
) -> None:
    """Find what would strand a caller. Exit 1 if there is an error."""
    with _wrong_call_is_2():
        settings = Settings()
        findings = check_folder(folder or settings.flows_dir, rules_of(settings, folder))
    _report(findings, as_json)


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
    with _wrong_call_is_2():
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
    with _wrong_call_is_2():
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
def flows_graph(flow: Annotated[str, typer.Argument(help="Name of a flow, or a file.")]) -> None:
    """The flow as a Mermaid diagram."""
    with _wrong_call_is_2():
        typer.echo(as_mermaid(_flow(Settings(), flow)), nl=False)


@flows.command("schema")
def flows_schema() -> None:
    """JSON Schema of a flow file, for editors; committed as ivr_flows/schema.json."""
    typer.echo(schema_text(), nl=False)


@prompts.command("list")
def prompts_list(
    missing: Annotated[bool, typer.Option("--missing", help="Only what is still to be recorded.")] = False,
    lang: Annotated[str, typer.Option(help="Only this language.")] = "",
    as_json: AsJson = False,
) -> None:
    """The catalogue; with --missing the script for the recording studio."""
    with _wrong_call_is_2():
        settings = Settings()
        rows = list_prompts(settings, read_catalogues(settings.flows_dir / "prompts", _languages(settings, lang)))
    rows = [row for row in rows if not missing or row.state not in ("recorded", "tone")]
    if as_json:
        _print([asdict(row) for row in rows])
        return
    for row in rows:
        typer.echo(f"{row.language}  {row.id}  [{row.state}]\n    {row.words}")
        if row.meaning:
            typer.echo(f"    = {row.meaning}")


@prompts.command("build")
def prompts_build() -> None:
    """Make the telephone files that are missing or out of date."""
    with _wrong_call_is_2():
        settings = Settings()
        with typer.progressbar(length=1000, label="prompts", file=_stderr()) as bar:
            built = build_prompts(settings, lambda done, of, _name: bar.update(1000 * done // of - bar.pos))
    typer.echo(
        f"{len(built.made)} made, {len(built.ready)} ready, {len(built.without)} without a recording: "
        f"{settings.prompts_dir}"
    )


@prompts.command("check")
def prompts_check(as_json: AsJson = False) -> None:
    """Find missing words and bad sound files. Exit 1 if there is an error."""
    with _wrong_call_is_2():
        settings = Settings()
        findings = check_prompts(settings)
    if not settings.prompts_dir.is_dir():
        typer.echo(
            "No sound file is built yet: only words were checked. `callcenter prompts build` makes them.", err=True
        )
    _report(findings, as_json)


@prompts.command("add")
def prompts_add(
    language: str,
    prompt_id: Annotated[str, typer.Argument(metavar="ID")],
    wav: Annotated[Path, typer.Argument(metavar="FILE.wav", exists=True, dir_okay=False)],
    speaker: Annotated[str, typer.Option(help="Who speaks.")],
    approved_by: Annotated[str, typer.Option(help="Who listened to it and approved it.")],
) -> None:
    """Put a recording in the place of the machine voice, with the words it was spoken from."""
    with _wrong_call_is_2():
        settings = Settings()
        book = read_catalogues(settings.flows_dir / "prompts", _languages(settings, language))[language]
        if prompt_id not in book.prompts:
            raise NotFound(f"{language}.yaml has no prompt `{prompt_id}`; known: {', '.join(book.prompts)}")
    take = Take(speaker=speaker, approved_by=approved_by, words_hash=hash_of(book.prompts[prompt_id].words))
    target = recording(settings, language, prompt_id)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(wav, target)
    target.with_suffix(".json").write_text(take.model_dump_json(indent=1))
    typer.echo(f"{target}; now run `callcenter prompts build`")


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


def _languages(settings: Settings, language: str) -> list[str]:
    if language and language not in settings.languages:
        raise BadInput(f"`{language}` is not a language of this site; known: {', '.join(settings.languages)}")
    return [language] if language else settings.languages


def _report(findings: Sequence[Finding], as_json: bool) -> None:
    if as_json:
        _print([finding.as_json() for finding in findings])
    else:
        for finding in findings:
            typer.echo(finding.as_text())
        typer.echo(f"{len(findings)} findings" if findings else "no faults found", err=True)
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)


def _print(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))


def _stderr() -> Any:
    return typer.get_text_stream("stderr")

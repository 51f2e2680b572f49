"""`callcenter prompts …`."""

import getpass
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.console import AsJson, print_json, report, wrong_call_is_2
from callcenter.errors import BadInput
from callcenter.prompt.build import build as build_prompts
from callcenter.prompt.catalogue import read_catalogues, recording
from callcenter.prompt.check import check_prompts, list_prompts
from callcenter.prompt.service import Prompts
from callcenter.storage.database import Database, migrate

app = typer.Typer(no_args_is_help=True, help="What callers hear: words, recordings, telephone files.")


@app.command("list")
def prompts_list(
    missing: Annotated[bool, typer.Option("--missing", help="Only what is still to be recorded.")] = False,
    lang: Annotated[str, typer.Option(help="Only this language.")] = "",
    as_json: AsJson = False,
) -> None:
    """The catalogue; with --missing the script for the recording studio."""
    with wrong_call_is_2():
        settings = Settings()
        rows = list_prompts(settings, read_catalogues(settings.flows_dir / "prompts", _languages(settings, lang)))
    rows = [row for row in rows if not missing or row.state not in ("recorded", "tone")]
    if as_json:
        print_json([asdict(row) for row in rows])
        return
    for row in rows:
        typer.echo(f"{row.language}  {row.id}  [{row.state}]\n    {row.words}")
        if row.meaning:
            typer.echo(f"    = {row.meaning}")


@app.command("build")
def prompts_build() -> None:
    """Make the telephone files that are missing or out of date."""
    with wrong_call_is_2():
        settings = Settings()
        with typer.progressbar(length=1000, label="prompts", file=_stderr()) as bar:
            built = build_prompts(settings, lambda done, of, _name: bar.update(1000 * done // of - bar.pos))
    typer.echo(
        f"{len(built.made)} made, {len(built.ready)} ready, {len(built.without)} without a recording: "
        f"{settings.prompts_dir}"
    )


@app.command("check")
def prompts_check(as_json: AsJson = False) -> None:
    """Find missing words and bad sound files. Exit 1 if there is an error."""
    with wrong_call_is_2():
        settings = Settings()
        findings = check_prompts(settings)
    if not settings.prompts_dir.is_dir():
        typer.echo(
            "No sound file is built yet: only words were checked. `callcenter prompts build` makes them.", err=True
        )
    report(findings, as_json)


@app.command("add")
def prompts_add(
    language: str,
    prompt_id: Annotated[str, typer.Argument(metavar="ID")],
    wav: Annotated[Path, typer.Argument(metavar="FILE.wav", exists=True, dir_okay=False)],
    speaker: Annotated[str, typer.Option(help="Who speaks.")],
    approved_by: Annotated[str, typer.Option(help="Who listened to it and approved it.")],
) -> None:
    """Put a recording in the place of the machine voice, with the words it was spoken from."""
    with wrong_call_is_2():
        settings = Settings()
        _languages(settings, language)
        database = Database(settings)
        migrate(database)
        service = Prompts(settings, database, SystemClock())
        try:
            service.upload(language, prompt_id, wav.read_bytes(), speaker, getpass.getuser())
            service.approve(language, prompt_id, approved_by, four_eyes=False)
        finally:
            database.close()
    typer.echo(f"{recording(settings, language, prompt_id)}; callers hear it from the next call on")


def _languages(settings: Settings, language: str) -> list[str]:
    if language and language not in settings.languages:
        raise BadInput(f"`{language}` is not a language of this site; known: {', '.join(settings.languages)}")
    return [language] if language else settings.languages


def _stderr() -> Any:
    return typer.get_text_stream("stderr")

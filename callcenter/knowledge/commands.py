"""`callcenter kb …`. Results on standard output, messages and progress on standard error.

Exit codes: 0 nothing found, 1 found something, 2 wrong call.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from callcenter.config import Settings
from callcenter.errors import CallCenterError, NotFound
from callcenter.knowledge.entry.check import check_folder, errors
from callcenter.knowledge.entry.citations import KnownStatutes
from callcenter.knowledge.entry.loading import load_entries
from callcenter.knowledge.entry.schema import schema_text
from callcenter.knowledge.exchange.files import export_files
from callcenter.knowledge.schemas import HitOut, SearchOut
from callcenter.knowledge.search.model import Found, Wanted
from callcenter.knowledge.service import Knowledge, article_by_words, ensure_index, phrase_occurs
from callcenter.knowledge.statutes.reading import read_article
from callcenter.knowledge.statutes.repository import Statutes
from callcenter.knowledge.statutes.service import Imported, import_laws
from callcenter.storage.database import Database, migrate

app = typer.Typer(help="The knowledge base: entries, statutes, search.", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="The result as JSON.")]
Told = Callable[[str, int, int], None]
LINE_EVERY_S = 2.0


@app.callback()
def kb() -> None:
    """The knowledge base: entries, statutes, search."""


@app.command("import-laws")
def import_laws_(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Markdown statutes, in subfolders or not.")],
) -> None:
    """Take statutes in, or their newer versions. May be repeated; only what changed is read."""
    with _wrong_call_is_2():
        settings = Settings()
        database = _database(settings)
        started = time.monotonic()
        with _progress() as told:
            result = import_laws(database, folder, told)
            if result.articles:
                ensure_index(database, settings, lambda done: told("index", done, result.articles))
    for file, reason in result.unreadable:
        typer.echo(f"not read: {file}: {reason}", err=True)
    for file, remark in result.remarks:
        typer.echo(f"note: {file}: {remark}", err=True)
    typer.echo(_summary(result, folder, time.monotonic() - started))


def _summary(result: Imported, folder: Path, seconds: float) -> str:
    lines = [
        f"{folder}: {result.files} files, {result.unchanged} unchanged, {len(result.unreadable)} not readable, "
        f"{len(result.same_text)} with the text of another version",
        f"{result.new_versions} new versions, {result.changed_versions} changed",
        f"on record: {result.laws} statutes, {result.versions} versions, {result.articles} articles",
        f"{seconds:.1f} s with the index",
    ]
    return "\n".join(lines)


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="Folder of entries.")] = None,
    as_json: AsJson = False,
    form_only: Annotated[bool, typer.Option("--form-only", help="Without the citations: no statutes needed.")] = False,
) -> None:
    """Every fault of every entry, with file, line and code. Exit 1 if there is an error."""
    with _wrong_call_is_2():
        settings = Settings()
        today = Knowledge.today_in_china()
        statutes = None if form_only else _statutes(settings)
        checked = check_folder((folder or settings.knowledge_dir).absolute(), statutes, today)
    wrong = errors(checked.findings)
    if as_json:
        typer.echo(json.dumps([finding.as_json() for finding in checked.findings], ensure_ascii=False, indent=1))
    else:
        for finding in checked.findings:
            typer.echo(finding.as_text())
        warnings = len(checked.findings) - wrong
        typer.echo(f"{len(checked.files)} files, {wrong} errors, {warnings} warnings", err=True)
    if wrong:
        raise typer.Exit(1)


def _statutes(settings: Settings) -> KnownStatutes:
    database = _database(settings)
    with database.read() as session:
        known = KnownStatutes.of(session, Knowledge.today_in_china())
    if known.empty:
        return known
    index = ensure_index(database, settings, lambda _done: None)
    return KnownStatutes(known.laws, known.today, article_by_words(index), phrase_occurs(index))


@app.command()
def search(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="As a lawyer types it.")],
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(help="Results, 1 to 50.")] = 10,
    topic: Annotated[str, typer.Option(help="Only this topic, or code of a case record.")] = "",
    group: Annotated[str, typer.Option(help="Only entries for this group of people.")] = "",
    region: Annotated[str, typer.Option(help="Only entries valid there.")] = "",
    language: Annotated[str, typer.Option(help="Only entries in this language: zh, bo, mn.")] = "",
    valid: Annotated[str, typer.Option(help="Only current, expired or future ones.")] = "",
) -> None:
    """Entries first, then articles."""
    with _wrong_call_is_2():
        settings = Settings()
        database = _database(settings)
        with _progress() as told:
            with database.read() as session:
                _, _, articles = Statutes(session).counts()
            knowledge = Knowledge(database, settings, told=lambda done: told("index", done, articles))
            knowledge.snapshot()
        wanted = Wanted(topic=topic, group=group, region=region, language=language, valid=valid, limit=limit)
        found = knowledge.find(text, wanted)
    if not knowledge.snapshot().statutes:
        typer.echo(
            "no statutes are imported; only entries are searched. Run `callcenter kb import-laws DIR`.", err=True
        )
    if as_json:
        typer.echo(SearchOut.of(found).model_dump_json(indent=1, exclude_none=True))
    else:
        _print(found)


def _print(found: Found) -> None:
    for hit in found.hits:
        out = HitOut.of(hit)
        mark = "" if out.valid == "current" else f" [{out.valid}]"
        typer.echo(f"{out.kind:7} {out.title}{mark}  ({out.id})\n        {out.snippet}")


@app.command()
def article(
    law: Annotated[str, typer.Argument(help="Full name, or a usual short one.")],
    number: Annotated[str, typer.Argument(help="47, 120-1 or 第四十七条.")],
    around: Annotated[int, typer.Option(help="Articles before and after.")] = 0,
) -> None:
    """Print an article as it is law today, for whoever writes an entry."""
    with _wrong_call_is_2():
        settings = Settings()
        with _database(settings).read() as session:
            found = read_article(session, law, number, None, around, Knowledge.today_in_china())
    if found is None:
        raise NotFound(f"there is no article {number} of 《{law}》; `callcenter kb search {law}` shows what there is")
    for part in found.around:
        mark = "> " if part.number == found.number else "  "
        typer.echo(f"{mark}{found.law}({found.version}) {part.spoken}\n{part.text}\n")


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where `<topic>/<name>.md` are written.")],
) -> None:
    """Write every entry, as published here, to files in the form in which entries are shipped."""
    with _wrong_call_is_2():
        settings = Settings()
        database = _database(settings)
        load_entries(database, settings.knowledge_dir)
        written = export_files(database, folder.absolute())
    typer.echo(f"{folder}: {written} entries")


@app.command()
def schema() -> None:
    """JSON Schema of the front matter of entries."""
    typer.echo(schema_text(), nl=False)


def _database(settings: Settings) -> Database:
    database = Database(settings)
    migrate(database)
    return database


@contextmanager
def _wrong_call_is_2() -> Iterator[None]:
    try:
        yield
    except CallCenterError as problem:
        typer.echo(f"callcenter kb: {problem.message}", err=True)
        raise typer.Exit(2) from problem


@contextmanager
def _progress() -> Iterator[Told]:
    """A bar for who looks on; a line now and then for a log."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, int] = {}

        def told(what: str, done: int, whole: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=whole)
            bar.update(tasks[what], completed=done, total=whole)  # type: ignore[arg-type]

        yield told


def _lines() -> Told:
    last_what, last_at = "", 0.0

    def told(what: str, done: int, whole: int) -> None:
        nonlocal last_what, last_at
        now = time.monotonic()
        if what != last_what or now - last_at >= LINE_EVERY_S or done == whole:
            typer.echo(f"{what}: {done} of {whole}", err=True)
            last_what, last_at = what, now

    return told

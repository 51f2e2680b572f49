"""`callcenter report paper`: a period's report as a file."""

from pathlib import Path
from typing import Annotated

import typer

from callcenter import secrets, typefaces
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.errors import BadInput
from callcenter.report.paper import html, pdf, xlsx
from callcenter.report.paper.compose import compose
from callcenter.report.paper.period import period as period_of
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault


def paper(
    period: Annotated[str, typer.Option("--period", help="day, week, month or year.")],
    of: Annotated[str, typer.Option("--of", help="2026-10-05, 2026-W40, 2026-10 or 2026.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write.")],
    as_xlsx: Annotated[bool, typer.Option("--xlsx", help="A workbook; from the file's ending when not said.")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="A page for printing.")] = False,
    as_pdf: Annotated[bool, typer.Option("--pdf", help="A PDF, made by Chromium.")] = False,
) -> None:
    """The report of a day, a week, a month or a year, as it is handed in."""
    asked = [form for form, wanted in (("xlsx", as_xlsx), ("html", as_html), ("pdf", as_pdf)) if wanted]
    form = asked[0] if asked else out.suffix.lstrip(".").lower()
    if len(asked) > 1 or form not in ("xlsx", "html", "pdf"):
        raise BadInput("take one of --xlsx, --html and --pdf")
    span = period_of(period, of)
    now = SystemClock().now()
    if span.start > now:
        raise BadInput(f"of: {of} has not begun yet")
    if not out.parent.is_dir():
        raise BadInput(f"out: there is no folder {out.parent}")
    settings = Settings()
    vault = NumberVault(secrets.ensure(settings.home))
    database = Database(settings)
    migrate(database)
    with database.read() as session:
        made = compose(session, settings, vault, span, now)
    match form:
        case "xlsx":
            xlsx.write(made, out)
        case "html":
            html.write(made, out, typefaces.from_disk())
        case _:
            pdf.write(made, out)
    typer.echo(f"{made.title} -> {out}", err=True)

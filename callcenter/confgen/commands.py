"""`callcenter conf`: Asterisk's files from settings, secrets and people."""

from typing import Annotated

import typer

app = typer.Typer(help="Asterisk's configuration.", no_args_is_help=True)


@app.callback()
def conf() -> None:
    """Asterisk's configuration."""


@app.command()
def render(
    diff: Annotated[bool, typer.Option("--diff", help="Only show what would change; exit 1 if anything.")] = False,
) -> None:
    """Write Asterisk's files and show what changed. Passwords are not shown."""
    from callcenter import secrets
    from callcenter.clock import SystemClock
    from callcenter.confgen import files, installation, machine
    from callcenter.confgen import render as rendering
    from callcenter.confgen.repository import overseers_with_phones, seats_with_phones
    from callcenter.config import Settings
    from callcenter.ivr.version.following import follow
    from callcenter.ivr.version.importing import import_folder
    from callcenter.storage.database import Database, migrate

    settings = Settings()
    database = Database(settings)
    migrate(database)
    with database.read() as session:
        seats, overseers = seats_with_phones(session), overseers_with_phones(session)
    if not diff:
        import_folder(settings, database, SystemClock())
        follow(settings, database)
    database.close()
    look = machine.look(installation.find())
    rendered = rendering.render(settings, secrets.ensure(settings.home), seats, look, overseers)
    etc = settings.asterisk_dir / "etc"
    changed = files.difference(etc, rendered)
    typer.echo(changed, nl=False)
    if not changed:
        typer.echo("Nothing changes.", err=True)
    elif diff:
        raise typer.Exit(1)
    else:
        files.write(etc, rendered, group=etc.stat().st_gid if etc.exists() else -1)
        typer.echo(f"Written to {etc}. A running Asterisk takes it after its next start.", err=True)

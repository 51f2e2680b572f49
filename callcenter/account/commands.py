"""`callcenter people`: for whoever has the machine itself, when nobody can sign in (yet, or any more)."""

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from callcenter.account.administration import Administration, Details
from callcenter.account.model import Role
from callcenter.account.second_factor import SecondFactor
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.console import wrong_call_is_2
from callcenter.secrets import ensure
from callcenter.storage.database import Database, migrate
from callcenter.storage.numbers import NumberVault

app = typer.Typer(help="Accounts: the first one of a site, and a way back in.", no_args_is_help=True)


@app.callback()
def people() -> None:
    """Accounts: the first one of a site, and a way back in."""


@app.command()
def add(
    id_: Annotated[str, typer.Argument(metavar="ID", help="Sign-in name.")],
    name: Annotated[str, typer.Option(help="Name of the person.")],
    role: Annotated[Role, typer.Option(help="What he may do.")] = Role.ADMIN,
    seat: Annotated[str | None, typer.Option(help="Seat number; role seat only.")] = None,
) -> None:
    """Make an account. Its one-time password is printed once."""
    with wrong_call_is_2(), _administration() as administration:
        _, secret = administration.add(_who(), id_, Details(name=name, role=role, seat=seat))
    typer.echo(secret)


@app.command()
def reset(id_: Annotated[str, typer.Argument(metavar="ID", help="Sign-in name.")]) -> None:
    """A new one-time password, and the second factor set up anew: for an administrator who lost his telephone."""
    with wrong_call_is_2(), _administration() as administration:
        _, secret = administration.reset(_who(), id_)
    typer.echo(secret)


@contextmanager
def _administration() -> Iterator[Administration]:
    settings = Settings()
    database = Database(settings, pool_size=1)
    migrate(database)
    try:
        own = ensure(settings.home)
        factor = SecondFactor(own, issuer=settings.hotline_number)
        yield Administration(database, SystemClock(), factor, NumberVault(own))
    finally:
        database.close()


def _who() -> str:
    """For the audit trail: the user of the machine."""
    return f"machine:{getpass.getuser()}"

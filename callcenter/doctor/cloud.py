"""The number that takes calls while the site is down: an extra, so nothing here fails."""

from collections.abc import Iterator

from sqlalchemy.exc import SQLAlchemyError

from callcenter import secrets
from callcenter.cloud.repository import CloudCalls
from callcenter.cloud.setup import lacking
from callcenter.config import Settings
from callcenter.doctor.model import Result, ok, warn
from callcenter.errors import CallCenterError
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault


def number(settings: Settings) -> Iterator[Result]:
    try:
        own = secrets.read(settings.home)
    except CallCenterError:
        return  # said by the check of the secrets
    lacks = lacking(settings, own)
    if not own.cloud_token and not settings.cloud_number and not settings.cloud_account:
        yield ok("cloud-number", "not in use: while the site is down, nobody answers")
        return
    if lacks:
        message = f"{' and '.join(lacks)} missing: the provider's requests are answered with 503"
        yield warn("cloud-number", message, "see docs/operations/cloud-number.md")
        return
    if not (settings.cloud_account and settings.cloud_number):
        message = "`cloud_account` or `cloud_number` is missing: what is left while we are down is not fetched"
        yield warn("cloud-number", message, "see docs/operations/cloud-number.md")
        return
    yield from _messages(settings, NumberVault(own))


def _messages(settings: Settings, vault: NumberVault) -> Iterator[Result]:
    database = Database(settings)
    try:
        with database.read() as session:
            calls = CloudCalls(session, vault)
            lost, waiting = calls.given_up(), len(calls.to_fetch())
    except SQLAlchemyError:
        return  # said by the check of the database
    finally:
        database.close()
    if lost:
        message = f"{lost} messages could not be fetched from the provider"
        yield warn("cloud-number", message, "listen to them in the provider's console; see var/log/worker.log")
        return
    yield ok("cloud-number", f"{settings.cloud_number}, {waiting} messages still to fetch")

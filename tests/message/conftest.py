from collections.abc import Iterator

import pytest

from callcenter import secrets
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.message.gateways import Heard, carrier, twilio
from tests.message.given import Office
from tests.site import HandClock, api, clock, redis, redis_url, settings, site

__all__ = ["api", "clock", "redis", "redis_url", "settings", "site"]


@pytest.fixture
def office(database: Database, database_settings, clock: HandClock) -> Office:  # type: ignore[no-untyped-def]
    return Office(database, NumberVault(secrets.ensure(database_settings.home)), clock)


@pytest.fixture
def twilio_server() -> Iterator[Heard]:
    with twilio() as heard:
        yield heard


@pytest.fixture
def carrier_server() -> Iterator[Heard]:
    with carrier() as heard:
        yield heard

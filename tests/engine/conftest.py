from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import pytest

from callcenter import secrets
from callcenter.bus.envelope import Envelope
from callcenter.engine.journal import Journal
from callcenter.engine.pump import Pump
from callcenter.engine.registry import Registry
from callcenter.engine.step import Step
from callcenter.ids import NodeName
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.story import NOON, ready_seat
from tests.visit.given import RULES

NODE = NodeName("a")


class StandingClock:
    def __init__(self) -> None:
        self.at = NOON

    def now(self) -> datetime:
        return self.at


class Written:
    """What the journal reports after each commit."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        self.envelopes: list[Envelope] = []

    def __call__(self, steps: Sequence[Step], envelopes: Sequence[Envelope]) -> None:
        self.steps += steps
        self.envelopes += envelopes


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def vault(tmp_path: Path) -> NumberVault:
    return NumberVault(secrets.ensure(tmp_path / "home"))


@pytest.fixture
def written() -> Written:
    return Written()


@pytest.fixture
def journal(database: Database, clock: StandingClock, tmp_path: Path, written: Written) -> Journal:
    return Journal(database, NODE, clock, tmp_path, written)


@pytest.fixture
def registry() -> Registry:
    registry = Registry()
    registry.seats = {seat.view.seat: seat for seat in (ready_seat("1001"), ready_seat("1002", "zh", "bo"))}
    return registry


@pytest.fixture
def pump(registry: Registry, journal: Journal, vault: NumberVault, clock: StandingClock) -> Iterator[Pump]:
    journal.start()
    yield Pump(registry, journal, vault, NODE, clock, first_step=0, visits=RULES)
    journal.stop()

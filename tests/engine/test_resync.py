"""Memory, CEL file and snapshot are taken one after the other; calls begin and end in between."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from callcenter.asterisk.actions import Action
from callcenter.asterisk.headers import Headers
from callcenter.asterisk.link import AmiLink
from callcenter.call.model import CallRecord, CallState, Outcome
from callcenter.engine.memberships import Memberships
from callcenter.engine.registry import Registry
from callcenter.engine.resync import Resync
from callcenter.ids import Linkedid
from callcenter.storage.database import Database
from tests.engine.conftest import NODE, StandingClock
from tests.story import NOON, Story

CALL = "a-1.1"


class Asterisk:
    """Answers the three lists; what happens between the snapshot and the reading of the CEL file is `meanwhile`."""

    def __init__(self, cel_file: Path) -> None:
        self.channels: list[dict[str, str]] = []
        self.waiting: list[dict[str, str]] = []
        self.meanwhile: Callable[[], None] = lambda: None
        self._cel_file = cel_file

    def waits(self, call: str) -> None:
        self.channels.append({"Channel": "PJSIP/trunk-1", "Uniqueid": call, "Linkedid": call, "ChannelState": "6"})
        self.waiting.append({"Queue": "zh", "Uniqueid": call, "Channel": "PJSIP/trunk-1", "Position": "1", "Wait": "7"})

    def writes(self, kind: str, at: datetime, call: str = CALL, app: str = "", data: str = "", extra: str = "") -> None:
        time = f"{at.timestamp():.6f}"
        columns = [kind, time, "PJSIP/trunk-1", call, call, "13912345678", "from-trunk", "12348", app, data, "", extra]
        with self._cel_file.open("a") as file:
            file.write(",".join('"' + column.replace('"', '""') + '"' for column in [*columns, ""]) + "\n")

    async def collect(self, action: Action) -> list[Headers]:
        match action.name:
            case "CoreShowChannels":
                return [Headers("CoreShowChannel", fields) for fields in self.channels]
            case "QueueStatus":
                return [Headers("QueueEntry", fields) for fields in self.waiting]
        self.meanwhile()
        return []


@pytest.fixture
def asterisk(tmp_path: Path) -> Asterisk:
    return Asterisk(tmp_path / "cel.csv")


@pytest.fixture
def resync(
    asterisk: Asterisk, registry: Registry, database: Database, clock: StandingClock, tmp_path: Path
) -> Callable[[], dict[Linkedid, CallRecord]]:
    """Runs one, and gives the records it left."""

    def run() -> dict[Linkedid, CallRecord]:
        async def once() -> None:
            link = cast(AmiLink, asterisk)
            memberships = Memberships(registry, link)
            await Resync(registry, memberships, link, database, tmp_path / "cel.csv", NODE, clock, (0, 0), NOON)(None)

        asyncio.run(once())
        return {linkedid: call.record for linkedid, call in registry.calls.items()} | registry._over

    return run


def later(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def test_a_caller_who_comes_after_the_snapshot_is_not_taken_for_lost(resync: Any, asterisk: Asterisk) -> None:
    asterisk.meanwhile = lambda: asterisk.writes("CHAN_START", later(0.02))
    record = resync()[CALL]
    assert (record.state, record.outcome) == (CallState.IVR, None)


def test_a_caller_who_leaves_after_the_snapshot_is_not_taken_in_anew(
    resync: Any, asterisk: Asterisk, registry: Registry
) -> None:
    Story(registry, CALL).dials(-30).fact(-25, "topic", "labour").joins(-7)
    asterisk.waits(CALL)

    def hangs_up() -> None:
        asterisk.writes("APP_END", later(0.01), app="Queue", data="zh,c,,,600")
        asterisk.writes("HANGUP", later(0.02), extra='{"hangupcause":16,"hangupsource":"PJSIP/trunk-1"}')

    asterisk.meanwhile = hangs_up
    record = resync()[CALL]
    assert (record.outcome, record.topic, record.started_at) == (Outcome.ABANDONED_QUEUE, "labour", later(-30))
    assert not registry.calls


def test_a_caller_whom_asterisk_does_not_know_any_more_is_closed(
    resync: Any, asterisk: Asterisk, registry: Registry
) -> None:
    Story(registry, CALL).dials(-30).joins(-7)
    assert resync()[CALL].outcome is Outcome.SYSTEM_FAILURE


def test_a_waiting_caller_nobody_knows_is_taken_in(resync: Any, asterisk: Asterisk) -> None:
    asterisk.waits(CALL)
    record = resync()[CALL]
    assert (record.state, record.queued_at) == (CallState.QUEUED, later(-7))

"""Kills and a restart in the middle of a crowd of calls, and what every witness says of it afterwards."""

import csv
import json
import signal
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from callcenter import secrets
from callcenter.call.table import CallRow
from callcenter.instants import CHINA
from callcenter.storage.numbers import NumberVault
from tests.asterisk import processes
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.given import until

PATIENT, HASTY, TIRED = "138", "139", "137"
"""Who waits until he is served; who leaves in the menu; who leaves a line without any seat."""
DEEDS = (
    ("engine", signal.SIGKILL),
    ("api", signal.SIGKILL),
    ("worker", signal.SIGKILL),
    ("redis", signal.SIGKILL),
    ("asterisk", signal.SIGTERM),
)
PER_SECOND = 2.0
"""Calls of all kinds together."""
STAYS_S = 60
SEATS = tuple(f"10{n:02}" for n in range(1, 11) if n != 3)
"""1003 alone serves Mongolian: that line stays empty."""


@dataclass(frozen=True, kw_only=True)
class Witnesses:
    """Each counts for itself."""

    answered: set[str]
    """Numbers of the callers to whom the hotline answered, as SIPp says."""
    talks: int
    """As the desk phones say."""
    on_record: dict[str, str]
    """Caller's number -> call."""
    records: list[dict[str, Any]]
    cel: set[str]
    kpi: dict[str, int]
    command: dict[str, int]
    differences: list[dict[str, Any]]
    down_s: dict[str, float]
    """How long after each kill health was whole again."""

    @property
    def outcomes(self) -> Counter[str]:
        return Counter(record["outcome"] for record in self.records)

    @property
    def lost(self) -> set[str]:
        """Who was answered and is not on record."""
        return self.answered - self.on_record.keys()

    @property
    def unexplained(self) -> list[dict[str, Any]]:
        return [row for row in self.differences if not row["explained"]]

    @property
    def explained(self) -> Counter[str]:
        return Counter(f"{row['kind']}: {row['reason']}" for row in self.differences if row["explained"])


def run(story: Desk, calls: int, tell: Callable[[str], None] = lambda _: None) -> Witnesses:
    """`story`: a system with ten seats. Takes about `calls` / 2 seconds and two minutes."""
    system = story.system
    seats = [story.seat(number, ring_s=0.3, talk_s=2.5) for number in SEATS]
    patient, hasty = calls * 6 // 10, calls * 2 // 10
    crowds = [
        story.crowd(_numbers(PATIENT, patient), 0.6 * PER_SECOND, key="1", key_after_s=4, stays_s=STAYS_S),
        story.crowd(_numbers(HASTY, hasty), 0.2 * PER_SECOND, stays_s=1.7),
        story.crowd(_numbers(TIRED, calls - patient - hasty), 0.2 * PER_SECOND, key="3", key_after_s=4.5, stays_s=6),
    ]
    began, length = time.monotonic(), calls / PER_SECOND
    down: dict[str, float] = {}
    for number, (part, sign) in enumerate(DEEDS):
        due = began + length * (number + 1) / (len(DEEDS) + 1.5)
        until(lambda due=due: time.monotonic() >= due, within=length + 60, every=0.2)  # type: ignore[misc]
        down[part] = _strike(system, part, sign)
        tell(f"{part}: whole again after {down[part]:.1f} s")
    for crowd in crowds:
        crowd.wait(within=length + 240)
    tell("the callers have left")
    until(lambda: not _live(system), within=120, every=1, saying=lambda: f"not over: {_live(system)}")
    return _witnesses(story, crowds, sum(seat.count("talking") for seat in seats), down)


def _strike(system: System, part: str, sign: signal.Signals) -> float:
    pid, before = system.part(part), processes.of_home(system.home)
    at = time.monotonic()
    processes.send(pid, sign)
    until(lambda: not processes.runs(pid), within=30, saying=f"{part} survives {sign.name}")
    until(lambda: system.runs(part) not in {None, *before}, within=60, saying=f"no new {part}")
    until(lambda: system.health().get("status") == "ok", within=120, every=0.3, saying=lambda: str(system.health()))
    return time.monotonic() - at


def _witnesses(story: Desk, crowds: Sequence[Any], talks: int, down: dict[str, float]) -> Witnesses:
    system = story.system
    said = [pair for crowd in crowds for pair in crowd.said()]
    with system.database.read() as session:
        vault = NumberVault(secrets.read(system.home))
        on_record = {vault.open(row.caller): row.id for row in session.scalars(select(CallRow))}
    window = ("--from", story.since.isoformat(), "--to", datetime.now(UTC).isoformat(), "--json")
    return Witnesses(
        answered={number for word, number in said if word == "answered"},
        talks=talks,
        on_record=on_record,
        records=system.calls(story.since),
        cel=calls_in_cel(system),
        kpi=system.person("manager").kpi(story.since)["counts"],
        command=json.loads(system.command("report", "kpi", *window).stdout)["counts"],
        differences=_settled(system, story.since),
        down_s=down,
    )


def calls_in_cel(system: System) -> set[str]:
    folder = system.settings.asterisk_dir / "log"
    with next(folder.rglob("cel.csv")).open(newline="") as file:
        return {row[4] for row in csv.reader(file) if row[0] == "CHAN_START" and row[6] == "from-trunk"}


def _live(system: System) -> list[str]:
    with system.database.read() as session:
        return list(session.scalars(select(CallRow.id).where(CallRow.state != "ended")))


def _settled(system: System, since: datetime) -> list[dict[str, Any]]:
    """Every difference of the day or days, once nothing in it is only seconds old."""

    def told() -> list[list[dict[str, Any]]]:
        days = sorted({f"{at.astimezone(CHINA):%Y-%m-%d}" for at in (since, datetime.now(UTC))})
        answers = [json.loads(system.command("reconcile", "--day", day, "--json").stdout) for day in days]
        rows = [row for answer in answers for row in answer["differences"]]
        return [] if any(row["reason"] == "in-progress" for row in rows) else [rows]

    return until(told, within=120, every=2, saying="the day does not settle")[0]


def _numbers(kind: str, count: int) -> list[str]:
    return [f"{kind}0000{n:04}" for n in range(count)]

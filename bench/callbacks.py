"""Callbacks while the engine, the worker and Redis are killed at random: nobody may be rung twice at once, nor after he
was served. Told by the log of the called telephones themselves.

`python -m bench callbacks`: as many requests as three minutes allow; `CALLBACKS=40 python -m bench callbacks`: fewer;
`CALLBACKS=300 CALLBACKS_S=1800 python -m bench callbacks`: until 300 have an outcome.
"""

import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

from sqlalchemy import select

from callcenter.call.table import CallRow
from callcenter.callback.table import CallbackAttemptRow
from callcenter.ivr.table import CallerRequestRow
from tests.asterisk import desk, processes
from tests.asterisk.calling_back import Floor, Story
from tests.asterisk.citizens import Citizens, rung_twice
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System

SEATS = ("1001", "1002", "1003", "1004")
PARTS = ("engine", "engine", "worker", "redis")
LIMIT_S = float(os.environ.get("CALLBACKS_S", "180"))
KILL_EVERY_S = (6.0, 14.0)
RULES = """
lines:
  zh:
    attempts: 10
    pauses_s: [3]
    ring_s: 10
    confirm_s: 20
    hours: {workday: ["00:00-24:00"], weekend: ["00:00-24:00"], holiday: ["00:00-24:00"]}
"""


def main() -> int:
    wanted = int(os.environ.get("CALLBACKS", "120"))
    dice = random.Random(12348)
    with tempfile.TemporaryDirectory(prefix="callbacks-") as name:
        floor = Floor(Path(name), RULES)
        system = floor.system
        with system, desk.opened(system, Path(name) / "phones") as opened:
            return _story(Story(floor, Path(name) / "citizens", opened), opened, wanted, dice)


def _story(story: Story, opened: Desk, wanted: int, dice: random.Random) -> int:
    system = story.system
    for seat in SEATS:
        opened.seat(seat, ring_s=0.2, talk_s=1.0)
    citizens = story.citizens(then="decide", ring_s=0.5, key_s=0.5)
    calls = [story.asks(f"139{number:08}", ago=timedelta(minutes=1)) for number in range(wanted)]
    began, kills = time.monotonic(), Counter[str]()
    while (open_ := _open(system)) and time.monotonic() - began < LIMIT_S:
        time.sleep(dice.uniform(*KILL_EVERY_S))
        part = dice.choice(PARTS)
        if (pid := system.runs(part)) is not None:
            processes.send(pid, signal.SIGKILL)
            kills[part] += 1
        print(f"{time.monotonic() - began:5.0f} s  {part} killed, {open_} requests are open", flush=True)
    while _live(system) and time.monotonic() - began < LIMIT_S + 90:
        time.sleep(1)
    return _tell(system, citizens, calls, kills, time.monotonic() - began)


def _open(system: System) -> int:
    with system.database.read() as session:
        rows = session.scalars(select(CallerRequestRow.state).where(CallerRequestRow.state.in_(("open", "dialling"))))
        return len(rows.all())


def _live(system: System) -> int:
    with system.database.read() as session:
        return len(session.scalars(select(CallbackAttemptRow.id).where(CallbackAttemptRow.ended_at.is_(None))).all())


def _tell(system: System, citizens: Citizens, calls: list[str], kills: Counter[str], took_s: float) -> int:
    with system.database.read() as session:
        rows = session.scalars(select(CallerRequestRow)).all()
        attempts = session.scalars(select(CallbackAttemptRow)).all()
        talked = set(session.scalars(select(CallRow.id).where(CallRow.answered_at.is_not(None))))
    states = Counter(row.state for row in rows)
    results = Counter(attempt.result for attempt in attempts)
    served_at = {it.call: it.ended_at for it in attempts if it.result == "served"}
    after = [it.call for it in attempts if (at := served_at.get(it.call)) is not None and it.claimed_at > at]
    beyond = [
        row.call
        for row in rows
        if citizens.times("ringing", row.call.removeprefix("asked-"))
        > sum(1 for attempt in attempts if attempt.call == row.call)
    ]
    mistold = [it.id for it in attempts if (it.id in talked) != (it.result == "served")]
    twice = rung_twice(citizens.said())
    print(f"{len(calls)} requests in {took_s:.0f} s, kills: {dict(kills)}")
    print(f"requests: {dict(states)}; attempts: {dict(results)}; live attempts left: {_live(system)}")
    print(f"rung twice at once: {twice}; rung more often than attempts: {beyond}; called after he was served: {after}")
    print(f"served or not otherwise than the record of the call says: {mistold}")
    return int(bool(twice or beyond or after or mistold or _live(system)))


if __name__ == "__main__":
    sys.exit(main())

"""How many single keys are heard: callers of the shipped menu press 2 (Tibetan) once, at any moment.

    python -m bench.keys_heard [CALLS] [CALLS_PER_SECOND]

The moments are spread evenly over the greeting and the question of languages, every second caller's key goes by SIP
INFO, the others' as RFC 4733 events. With the engine and without it, from the records: who is not on record as a
Tibetan call was not heard.
"""

import asyncio
import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from bench.side_by_side import DRIVERS
from bench.sip_caller import SipCaller
from callcenter import secrets
from callcenter.call.table import CallRow
from callcenter.storage.numbers import NumberVault
from tests.asterisk.harness import System
from tests.given import until

FROM_S, TO_S = 0.3, 13.0
"""From the answer on: the greeting, the question in three languages, and some of the time it waits."""
AFTER_S = 4.0
"""So long he stays on after his key: the notice has begun."""
KEY, LANGUAGE = "2", "bo"
BY = ("INFO", "RFC 4733")


class Presser(SipCaller):
    def __init__(self, number: str, sip_port: int, at_s: float, by: str) -> None:
        super().__init__(number, sip_port)
        self.at_s, self.by = at_s, by

    async def talk(self) -> None:
        await asyncio.sleep(self.at_s)
        if self.by == "INFO":
            self.info_key(KEY)
            await self.final()
        else:
            await self.rtp_key(KEY)
        await asyncio.sleep(AFTER_S)
        await self.hang_up()


def pressers(system: System, calls: int, prefix: str) -> list[Presser]:
    step = (TO_S - FROM_S) / calls
    port = system.settings.sip_port
    return [Presser(f"{prefix}{n:08d}", port, FROM_S + n * step, BY[n % 2]) for n in range(calls)]


async def crowd(callers: Sequence[Presser], per_second: float) -> int:
    """How many calls went as they should."""
    tasks = []
    async with asyncio.TaskGroup() as group:
        for caller in callers:
            tasks.append(group.create_task(caller.call(TO_S + AFTER_S + 20)))
            await asyncio.sleep(1 / per_second)
    return sum(task.result() for task in tasks)


def languages(system: System) -> dict[str, str | None]:
    """Of every ended call, by the caller's number."""
    vault = NumberVault(secrets.read(system.settings.home))
    with system.database.read() as session:
        rows = session.execute(select(CallRow.caller, CallRow.language).where(CallRow.left_at.is_not(None))).all()
    return {vault.open(caller): language for caller, language in rows}


def main(arguments: Sequence[str]) -> None:
    calls, per_second = (int(it) for it in [*arguments, *("400", "10")[len(arguments) :]])
    with TemporaryDirectory(prefix="keys-heard-", ignore_cleanup_errors=True) as folder, System(Path(folder)) as system:
        asked: dict[bool, list[Presser]] = {}
        for engine, prefix in ((True, "138"), (False, "137")):
            asked[engine] = pressers(system, calls, prefix)
            with nullcontext() if engine else system.held_down("engine"):
                went = asyncio.run(crowd(asked[engine], per_second))
            print(f"{DRIVERS[engine]:8}: {went} of {calls} calls went as they should", flush=True)
        until(lambda: len(languages(system)) >= 2 * calls, within=120)
        known = languages(system)
    share = {}
    for engine, callers in asked.items():
        lost = [caller for caller in callers if known.get(caller.number) != LANGUAGE]
        share[engine] = 1 - len(lost) / calls
        told = ", ".join(f"{caller.at_s:.2f} s {caller.by}" for caller in lost)
        print(f"{DRIVERS[engine]:8}: {len(lost)} of {calls} keys not heard{': ' * bool(told)}{told}")
    print(f"share of keys heard, engine / dialplan: {share[True] / share[False]:.4f}")


if __name__ == "__main__":
    main(sys.argv[1:])

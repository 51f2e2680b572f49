"""What a menu by the engine costs against the same menu in plain dialplan: CPU per call, and key to next prompt.

    python -m bench.ivr_step [CALLS] [ROUNDS] [CALLS_PER_SECOND]

A flow of five questions and nothing else, measured by `side_by_side`. A caller waits for silence, sends a key by SIP
INFO and takes the time to the first packet of the next prompt; he sends no sound himself.
"""

import asyncio
import itertools
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from bench import side_by_side
from bench.side_by_side import Served
from bench.sip_caller import SipCaller
from tests.asterisk.harness import System

STEPS = 5
SILENT_S = 0.12
"""So long without a packet: the prompt is over."""
PROMPT_S = 0.5
LIMIT_S = 40.0
"""Of one call."""

_numbers = itertools.count(1)


def flow() -> str:
    nodes = [
        f'  q{n}: {{menu: tone, keys: {{"1": {f"q{n + 1}" if n < STEPS else "bye"}, "0": person}}, timeout_s: 10, '
        "otherwise: person}"
        for n in range(1, STEPS + 1)
    ]
    return "\n".join(["id: main", "start: q1", "nodes:", *nodes, "  bye: {goodbye: tone}", "  person: {queue: zh}", ""])


@dataclass
class Asked(Served):
    delays: list[float] = field(default_factory=list)
    """Seconds from key to next prompt."""

    def __str__(self) -> str:
        return f"{super().__str__()}; key to prompt p50 {p(self, 50):.2f} ms, p95 {p(self, 95):.2f} ms"


class Caller(SipCaller):
    """One call: INVITE, five keys by INFO, and the hotline's BYE."""

    def __init__(self, number: int, sip_port: int, served: Asked) -> None:
        super().__init__(f"139{number % 10**8:08d}", sip_port)
        self.served = served

    async def measure(self) -> None:
        if await self.call(LIMIT_S):
            self.served.done += 1
        else:
            self.served.failed += 1

    async def talk(self) -> None:
        for _ in range(STEPS):
            await self._silence()
            self.rtp.came.clear()
            begin = time.perf_counter()
            self.info_key("1")
            await self.rtp.came.wait()
            self.served.delays.append(self.rtp.last - begin)
            await self.final()
        await self.let_go()

    async def _silence(self) -> None:
        """Until a prompt has been heard and is over."""
        await self.rtp.came.wait()
        left = SILENT_S
        while left > 0:
            await asyncio.sleep(left)
            left = self.rtp.last + SILENT_S - time.perf_counter()


@contextmanager
def running() -> Iterator[System]:
    """A system whose callers meet the flow of questions, with a tone for every prompt."""
    with side_by_side.meeting(flow(), CALLCENTER_IVR_MAX_DEPTH="10") as system, system:
        side_by_side.sounding(system, ["tone"], PROMPT_S)
        yield system


def serve(system: System, per_second: float, calls: int) -> Asked:
    served = Asked()

    async def crowd() -> None:
        async with asyncio.TaskGroup() as tasks:
            for _ in range(calls):
                tasks.create_task(Caller(next(_numbers), system.settings.sip_port, served).measure())
                await asyncio.sleep(1 / per_second)

    asyncio.run(crowd())
    return served


def main(arguments: Sequence[str]) -> None:
    calls, rounds, per_second = (int(it) for it in [*arguments, *("60", "3", "6")[len(arguments) :]])
    with running() as system:
        found = side_by_side.in_turns(system, calls, rounds, partial(serve, system, per_second), system.is_healthy)
    print(f"CPU per call, engine / dialplan: {side_by_side.cpu_ratio(found)}")
    slower = side_by_side.ratio([p(engine, 50) / p(dialplan, 50) for engine, dialplan in found])
    print(f"key to prompt p50, engine / dialplan: {slower}")


def p(served: Asked, percent: int) -> float:
    """Milliseconds."""
    delays = sorted(served.delays) or [0.0]
    return 1000 * delays[min(len(delays) - 1, len(delays) * percent // 100)]


if __name__ == "__main__":
    main(sys.argv[1:])

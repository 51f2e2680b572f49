"""The product's menus against the same flows as plain dialplan, in turns: what `ivr_step`, `ivr_rate` and `call_cpu`
share. Without the engine Asterisk runs the dialplan that was compiled from the same files.

CPU is that of Asterisk and, with it, of the engine, from /proc. Others work on the machine, too, which takes as much
from both halves of a round: ratios are taken inside a round, and its halves change places in every second one.
"""

import os
import shutil
import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from callcenter.config import CHECKOUT
from tests.asterisk.harness import System
from tests.given import until

DRIVERS = {True: "engine", False: "dialplan"}
WARM = 20
"""Calls before those that are measured: an engine has just started in every round, as it does once in months."""
SOUND = b"\x35\xb5"
"""Of 8000 bytes A-law a second. A prompt as built begins with 0.1 s of silence; these sound from their first byte."""


@dataclass
class Served:
    """The calls of one half of a round."""

    done: int = 0
    failed: int = 0
    asterisk: float = 0.0
    engine: float = 0.0
    """CPU seconds."""

    @property
    def per_call(self) -> float:
        """Milliseconds of CPU."""
        return 1000 * (self.asterisk + self.engine) / max(1, self.done)

    def __str__(self) -> str:
        return (
            f"{self.done} calls, {self.failed} failed; CPU {self.per_call:.1f} ms a call (Asterisk "
            f"{1000 * self.asterisk / max(1, self.done):.1f}, engine {1000 * self.engine / max(1, self.done):.1f})"
        )


Half = TypeVar("Half", bound=Served)
Round = tuple[Half, Half]
"""With the engine, without it."""


@contextmanager
def meeting(flow: str, **more: str) -> Iterator[System]:
    """A system, not started yet, whose callers will meet this flow."""
    with tempfile.TemporaryDirectory(prefix="side-by-side-", ignore_cleanup_errors=True) as folder:
        flows = Path(folder) / "flows"
        shutil.copytree(CHECKOUT / "ivr_flows", flows, ignore=shutil.ignore_patterns("main*.yaml"))
        (flows / "main.yaml").write_text(flow)
        yield System(Path(folder) / "home", CALLCENTER_FLOWS_DIR=str(flows), **more)


def sounding(system: System, prompts: Sequence[str], seconds: float) -> None:
    """These prompts of a system that runs last so long."""
    for prompt in prompts:
        (system.settings.prompts_dir / "zh" / f"{prompt}.alaw").write_bytes(SOUND * round(4000 * seconds))
        (system.settings.prompts_dir / "zh" / f"{prompt}.sln16").unlink(missing_ok=True)


def spent(pid: int | None) -> float:
    """CPU seconds of a process so far; of none: 0."""
    if pid is None:
        return 0.0
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def in_turns(
    system: System, calls: int, rounds: int, serve: Callable[[int], Half], settled: Callable[[], bool]
) -> list[Round[Half]]:
    """`serve` so many calls. `settled`: what the calls before have left behind is done; asked with the engine."""
    found: list[Round[Half]] = []
    for number in range(rounds):
        halves: dict[bool, Half] = {}
        for with_engine in (True, False) if number % 2 else (False, True):
            until(settled, within=90)
            with nullcontext() if with_engine else system.held_down("engine"):
                serve(WARM)
                asterisk, engine = system.part("asterisk"), system.part("engine") if with_engine else None
                before = spent(asterisk), spent(engine)
                half = halves[with_engine] = serve(calls)
                if with_engine:
                    until(settled, within=90)
                half.asterisk, half.engine = spent(asterisk) - before[0], spent(engine) - before[1]
            print(f"round {number + 1} {DRIVERS[with_engine]:8}: {half}", flush=True)
        found.append((halves[True], halves[False]))
    return found


def ratio(values: Sequence[float]) -> str:
    return f"{statistics.median(values):.2f} ({min(values):.2f}-{max(values):.2f})"


def cpu_ratio(found: Sequence[Round[Half]]) -> str:
    return ratio([engine.per_call / dialplan.per_call for engine, dialplan in found])

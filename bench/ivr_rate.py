"""Calls per second before the first failure: the menu by the engine against the same menu in plain dialplan.

    python -m bench.ivr_rate [HIGHEST] [SECONDS]

The flow and the system are those of `ivr_step`. The rate goes up by steps of SECONDS, each with the engine and without
it, until one call fails: it has not been through the five questions and been let go in time, so also when a key was
lost. A step that fails is tried once more, since others work on the machine, too. SIPp calls from the same cores.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import ivr_step
from bench.side_by_side import DRIVERS
from tests.asterisk.harness import System
from tests.asterisk.sipp import Sipp
from tests.given import until

RATES = (10, 25, 40, 55, 70, 85, 100, 125, 150)
"""Calls per second."""
EVERY_MS = 400
LIMIT_MS = 6000
"""Less than a question waits for a key: a key that was lost makes a failure."""
CALL_S = 15.0
"""No call of the scenario is longer."""
TRIES = 2


def failures(system: System, per_second: int, seconds: int, folder: Path) -> int:
    """Calls that failed of `seconds` at this rate."""
    calls = per_second * seconds
    options = ("-s", "12348", "-m", calls, "-r", per_second, "-l", calls)
    filled_in = {"keys": ivr_step.STEPS, "every_ms": EVERY_MS, "limit_ms": LIMIT_MS}
    with Sipp(folder, "keys", system.settings.sip_port, *options, calls=calls, **filled_in).start() as crowd:
        crowd.wait(within=seconds + 4 * CALL_S)
        return calls - crowd.count("let go")


def holds(system: System, per_second: int, seconds: int, folder: Path, engine: bool) -> bool:
    for attempt in range(1, TRIES + 1):
        if engine:
            until(system.is_healthy, within=60)
            failed = failures(system, per_second, seconds, folder)
        else:
            with system.held_down("engine"):
                failed = failures(system, per_second, seconds, folder)
        print(f"{per_second} calls/s, {DRIVERS[engine]:8}: {failed} failed (attempt {attempt})", flush=True)
        if not failed:
            return True
    return False


def main(arguments: Sequence[str]) -> None:
    highest, seconds = (int(it) for it in [*arguments, *("150", "7")[len(arguments) :]])
    reached = dict.fromkeys(DRIVERS, 0)
    going = set(DRIVERS)
    with ivr_step.running() as system, TemporaryDirectory() as folder:
        for rate in (it for it in RATES if it <= highest):
            for engine in sorted(going):
                if holds(system, rate, seconds, Path(folder), engine):
                    reached[engine] = rate
                else:
                    going.discard(engine)
    for engine, name in DRIVERS.items():
        print(f"{name}: {reached[engine]}{'+' if engine in going else ''} calls/s without a failure")
    print(f"calls per second before the first failure, engine / dialplan: {reached[True] / max(1, reached[False]):.2f}")


if __name__ == "__main__":
    main(sys.argv[1:])

"""500 calls on a system of its own, with kill -9 of engine, api, worker and Redis and a restart of Asterisk in the
middle: `python -m bench.chaos [--calls 500]`. Exit 1 when a call is lost or a difference stays unexplained."""

import argparse
import sys
import tempfile
from pathlib import Path

from tests.asterisk import chaos, desk
from tests.asterisk.harness import System


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--calls", type=int, default=500)
    calls = parser.parse_args().calls
    with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
        more = {"CALLCENTER_WRAP_UP_CAP_S": "2", "CALLCENTER_RING_TIMEOUT_S": "10"}
        system = System(Path(folder) / "home", "", **more)
        system.add_seats("1005", "1006", "1007", "1008", "1009", "1010")
        with system, desk.opened(system, Path(folder) / "phones") as story:
            seen = chaos.run(story, calls, lambda line: print(line, flush=True))
            tell(calls, seen)  # before the phones are taken away: what they say at the end is no result
    return int(bool(seen.lost or seen.unexplained or seen.kpi != seen.command))


def tell(calls: int, seen: chaos.Witnesses) -> None:
    answered = sum(1 for record in seen.records if record["answered_at"])
    print(f"{calls} callers dialled, {len(seen.answered)} were answered by the hotline, {len(seen.lost)} of them lost")
    print(
        f"calls: {len(seen.records)} records, {len(seen.cel)} in CEL, {seen.kpi['in']} by HTTP, "
        f"{seen.command['in']} by the command line"
    )
    print(f"talks: {answered} records, {seen.kpi['answered']} by HTTP, {seen.talks} by the desk phones")
    print(f"outcomes: {dict(seen.outcomes)}")
    print(f"differences: {len(seen.unexplained)} unexplained; explained: {dict(seen.explained)}")
    for row in seen.unexplained[:20]:
        print(f"  {row['call']} {row['kind']} {row['field']} {row['said']}")


if __name__ == "__main__":
    sys.exit(main())

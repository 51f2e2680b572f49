"""`make bench`: every measurement, one after the other, each in a process of its own. `python -m bench NAME…` picks."""

import subprocess
import sys

BENCHES = {
    "ami_parse": "the AMI link against plain panoramisk, CPU per message",
    "ivr_step": "a menu over FastAGI against the same menu as dialplan, CPU per call and delay from key to prompt",
    "call_cpu": "a whole call by the product against the same call as dialplan, CPU per call",
    "keys_heard": "share of single keys, pressed at any moment, that a menu over FastAGI hears against the dialplan",
    "ivr_rate": "calls per second before the first failure, a menu over FastAGI against the same as dialplan",
    "wallboard": "from Asterisk's event to the screens' message and to changed pixels, under load",
    "kpi": "import and report of a month's calls",
    "rollup": "a month's report from figures by quarter hour",
    "knowledge": "search over all statutes and entries",
}
"""Module of this folder -> what it measures. Figures of one run; quote ratios, not seconds, and the machine's load."""
STORIES = {
    "chaos": "500 real calls with kills and a restart in the middle; minutes, only when named",
    "callbacks": "callbacks while engine, worker and Redis are killed: nobody is rung twice; minutes, only when named",
}


def main(wanted: list[str]) -> int:
    """Exit status: 0 all ran, 1 at least one failed, 2 an unknown name."""
    unknown = [name for name in wanted if name not in BENCHES | STORIES]
    if unknown:
        print(f"there is no bench {', '.join(unknown)}; there are {', '.join(BENCHES | STORIES)}", file=sys.stderr)
        return 2
    status = 0
    for name in wanted or BENCHES:
        print(f"\n== {name}: {(BENCHES | STORIES)[name]}", flush=True)
        status |= subprocess.run([sys.executable, "-m", f"bench.{name}"], check=False).returncode != 0
    return int(status)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

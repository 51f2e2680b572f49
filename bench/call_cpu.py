"""What a whole call costs with the product against the same call in plain dialplan: CPU of Asterisk + engine.

    python -m bench.call_cpu [CALLS] [ROUNDS] [CALLS_PER_SECOND]

The call for which the goals are set: answer, a short prompt, one digit, a short prompt, `Queue()`, a second's talk
with a seat, the survey with one digit, BYE. Callers and seats are SIPp without sound. A call has failed when the
hotline does not let it go; at the end the records tell how many went the whole way, with an answer and a grade.

With the engine: its menu and survey over FastAGI, all AMI events, seats kept and paused for their wrap-up, everything
written to the database and to the stream of the screens (none is open). Without it (killed, kept down): the fallback
dialplan does the same for the caller, survey and recording of the talk included, and says the same facts (nodes, keys,
language, line, grade) to the CEL file and to the AMI, where nobody is logged in then. What only the engine does is left
out there: the wrap-up of seats, and anything written to a database before an engine is back.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import func, select

from bench import side_by_side
from bench.side_by_side import Served
from callcenter.call.table import CallRow
from callcenter.seat.model import SeatState
from callcenter.seat.table import SeatRow
from tests.asterisk.harness import System
from tests.asterisk.sipp import Sipp, SippSeat
from tests.given import until

FLOW = """\
id: main
start: q1
nodes:
  q1: {menu: tone, keys: {"1": said, "0": person}, timeout_s: 10, otherwise: person}
  said: {play: tone, next: person}
  person: {queue: zh}
"""
PROMPT_S = 0.3
RING_S, TALK_S = 0.1, 1.0
EVERY_MS = 2200
KEYS = 6
"""The first one answers the menu, the second one is the grade: prompt, ring and talk are over by then. Where they are
not, on a machine that others work on, too, it goes to the seat, and one of the next ones is the grade."""
LIMIT_MS = 6000
CALL_S = 15.0
WRAP_UP_S = 1
SEATS = [str(seat) for seat in range(1101, 1125)]


class Phones(SippSeat):
    """The phones of many seats, all in one SIPp."""

    def __init__(self, folder: Path, sip_port: int, phones: Sequence[dict[str, str]]) -> None:
        super().__init__(folder, sip_port, phones[0], RING_S, TALK_S, sounds=False)
        self._others = phones[1:]

    def register(self, scenario: str = "register") -> None:
        first = self.user, self._password
        super().register(scenario)
        for phone in self._others:
            self.user, self._password = phone["user"], phone["password"]
            super().register(scenario)
        self.user, self._password = first


def serve(system: System, folder: Path, per_second: int, calls: int) -> Served:
    options = ("-s", "12348", "-m", calls, "-r", per_second, "-l", calls)
    filled_in = {"keys": KEYS, "every_ms": EVERY_MS, "limit_ms": LIMIT_MS}
    with Sipp(
        folder, "keys", system.settings.sip_port, *options, calls=calls, sounds=False, **filled_in
    ).start() as crowd:
        crowd.wait(within=calls / per_second + 4 * CALL_S)
        done = crowd.count("let go")
    return Served(done, calls - done)


def settled(system: System) -> bool:
    """Every call is over, every seat ready for the next one, and all of it written."""
    with system.database.read() as session:
        open_calls = session.scalar(select(func.count()).where(CallRow.left_at.is_(None)))
        ready = session.scalar(select(func.count()).where(SeatRow.state == SeatState.READY.value))
    return open_calls == 0 and ready == len(SEATS) and system.is_healthy()


def graded(system: System) -> int:
    """Calls on record that went the whole way."""
    with system.database.read() as session:
        whole = select(func.count()).where(CallRow.answered_at.is_not(None), CallRow.grade.is_not(None))
        return session.scalar(whole) or 0


@contextmanager
def running(folder: Path) -> Iterator[System]:
    """A system with seats that are signed in and ready."""
    more = {"CALLCENTER_WRAP_UP_CAP_S": str(WRAP_UP_S), "CALLCENTER_RING_TIMEOUT_S": "10"}
    with side_by_side.meeting(FLOW, **more) as system:
        system.add_seats(*SEATS)
        with system:
            side_by_side.sounding(system, ["tone", "survey", "thanks"], PROMPT_S)
            people = [system.person(seat) for seat in SEATS]
            phones = Phones(folder, system.settings.sip_port, [person.phone("sip") for person in people])
            with phones.start():
                for person in people:
                    person.want("ready")
                yield system


def main(arguments: Sequence[str]) -> None:
    calls, rounds, per_second = (int(it) for it in [*arguments, *("120", "5", "6")[len(arguments) :]])
    with TemporaryDirectory(prefix="call-cpu-") as folder, running(Path(folder)) as system:
        made = partial(serve, system, Path(folder), per_second)
        found = side_by_side.in_turns(system, calls, rounds, made, partial(settled, system))
        until(partial(settled, system), within=90)
        all_calls = 2 * rounds * (calls + side_by_side.WARM)
        print(f"on record as answered and graded: {graded(system)} of {all_calls} calls")
    alone = side_by_side.ratio([1000 * engine.engine / engine.done / dialplan.per_call for engine, dialplan in found])
    print(f"CPU per call, Asterisk + engine / dialplan (goal 1.40): {side_by_side.cpu_ratio(found)}")
    print(f"CPU per call, engine alone / dialplan (goal 0.20): {alone}")


if __name__ == "__main__":
    main(sys.argv[1:])

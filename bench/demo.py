"""`make demo`: simulated callers and seats on the running system of this home, until Ctrl-C. The wallboard moves.

Seats that nobody has taken get a desk phone each. To the product they are like any other: they are signed in, ring,
talk, do their wrap-up and now and then take a break. Callers come at random in three languages; some leave in the
menu, some lose patience, most rate the service. A seat on duty is left alone.
"""

import random
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from pathlib import Path

import typer
from redis import Redis
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from callcenter import secrets
from callcenter.account.repository import People
from callcenter.bus.commands import CommandBus
from callcenter.call.model import CallState
from callcenter.call.table import CallRow
from callcenter.clock import SystemClock
from callcenter.config import Settings
from callcenter.errors import CallCenterError, Unavailable
from callcenter.seat.model import Desired, PhoneKind, SeatState, endpoint_of
from callcenter.seat.table import SeatRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from tests.asterisk.sipp import Caller, SippSeat

BY = "demo"
KEYS = {"zh": "1", "bo": "2", "mn": "3"}
SHARES = {"zh": 0.7, "bo": 0.2, "mn": 0.1}
GRADES, GRADE_SHARES = "12345", (60, 25, 10, 3, 2)
LOOK_EVERY_S = 0.5
WRONG = (CallCenterError, DBAPIError, AssertionError)
"""What may go wrong for one actor while the others go on."""


class Floor:
    """What actors see of the system, and what they may ask of it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.secrets = secrets.read(settings.home)
        self.database = Database(settings)
        self.vault = NumberVault(self.secrets)
        self.redis = Redis.from_url(settings.redis, socket_timeout=10)
        self.commands = CommandBus(self.redis, settings.node, SystemClock())
        self.over = threading.Event()

    def free_seats(self) -> list[str]:
        with self.database.read() as session:
            busy = {row.id for row in session.scalars(select(SeatRow)) if row.state != SeatState.SIGNED_OUT}
            return [person.seat for person in People(session).at_seats() if person.seat and person.seat not in busy]

    def seat_state(self, seat: str) -> str:
        with self.database.read() as session:
            row = session.get(SeatRow, seat)
            return row.state if row else SeatState.SIGNED_OUT

    def call_state(self, number: str) -> str:
        """Of this number's live call; empty: there is none."""
        wanted = (CallRow.caller_hash == self.vault.search_hash(number), CallRow.left_at.is_(None))
        with self.database.read() as session:
            return session.scalar(select(CallRow.state).where(*wanted)) or ""

    def want(self, seat: str, desired: Desired, reason: str = "") -> None:
        self.commands.ask("seat.want", by=BY, seat=seat, desired=desired.value, reason=reason)

    def pause(self, shortest: float, longest: float) -> None:
        """Let time pass; shorter when the demonstration ends."""
        self.over.wait(random.uniform(shortest, longest))


def sit(floor: Floor, seat: str, phone: SippSeat) -> None:
    """A seat's day. What goes wrong for a while (Redis is away, a caller left) is told once and tried again."""
    troubled = False
    while not floor.over.is_set():
        try:
            work(floor, seat, phone)
            troubled = False
        except WRONG as error:
            if not troubled:
                tell(floor, f"seat {seat} goes on after this: {error}")
            troubled = True
            floor.pause(2, 4)
        floor.over.wait(LOOK_EVERY_S)


def work(floor: Floor, seat: str, phone: SippSeat) -> None:
    """What its person does next, if there is anything."""
    state = floor.seat_state(seat)
    if phone.ringing_call() and random.random() < 0.93:
        floor.pause(1, 5)
        phone.answer()
    elif phone.talking_call():
        floor.pause(10, 40)
        if phone.talking_call():
            phone.hang_up()
    elif state == SeatState.WRAP_UP:
        floor.pause(4, 12)
        floor.commands.ask("seat.wrap_up", by=BY, seat=seat, action="done")
    elif state == SeatState.PAUSED:
        floor.pause(20, 60)
        floor.want(seat, Desired.READY)
    elif state == SeatState.READY and random.random() < 0.005:
        floor.want(seat, Desired.PAUSED, "break")


def telephone(floor: Floor, caller: Caller, number: str) -> None:
    """A citizen's call, and no trace of it afterwards."""
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, caller.folder, ignore_errors=True)
        stack.enter_context(caller)
        caller.dial()
        floor.pause(1, 6)
        if random.random() < 0.08:
            return hang_up(caller)
        key = KEYS[random.choices(list(SHARES), list(SHARES.values()))[0]]
        caller.press(key)
        patience, rated = time.monotonic() + random.expovariate(1 / 120) + 20, False
        while caller.is_connected and not floor.over.is_set():
            state = floor.call_state(number)
            waits = state in (CallState.QUEUED, CallState.RINGING)
            if waits and time.monotonic() > patience:
                return hang_up(caller)
            if state == CallState.SURVEY and not rated:
                rated = True
                floor.pause(1, 4)
                if random.random() < 0.75 and caller.is_connected:
                    caller.press(random.choices(GRADES, GRADE_SHARES)[0])
            floor.over.wait(LOOK_EVERY_S)
        hang_up(caller)


def hang_up(caller: Caller) -> None:
    if caller.is_connected:
        caller.hang_up()


def tell(floor: Floor, words: str) -> None:
    if not floor.over.is_set():
        print(f"demo: {words}", file=sys.stderr)


def act(floor: Floor, actor: object, *words: object) -> threading.Thread:
    """Run one actor; what goes wrong for one is told and stops no other."""

    def run() -> None:
        try:
            actor(floor, *words)  # type: ignore[operator]
        except WRONG as error:
            tell(floor, str(error))

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


def perform(floor: Floor, folder: Path, per_minute: float, stack: ExitStack) -> None:
    sip_port = floor.settings.sip_port
    seats = floor.free_seats()
    if not seats:
        raise Unavailable("every seat is on duty; sign one out, then start the demonstration again")
    actors = []
    for seat in seats:
        endpoint = endpoint_of(seat, PhoneKind.SIP)
        phone = SippSeat(
            folder, sip_port, {"user": endpoint, "password": floor.secrets.phone_password(endpoint)}, ring_s=None
        )
        stack.callback(phone.go_away)
        phone.start()
        floor.want(seat, Desired.READY)
        stack.callback(floor.want, seat, Desired.SIGNED_OUT)
        actors.append(act(floor, sit, seat, phone))
    print(f"Seats {', '.join(seats)} are on duty, {per_minute:g} callers a minute. Ctrl-C ends it.", flush=True)
    calls: list[threading.Thread] = []
    while not floor.over.is_set():
        number = f"139{random.randrange(10**8):08}"
        calls.append(act(floor, telephone, Caller(folder, sip_port, number), number))
        floor.over.wait(random.expovariate(per_minute / 60))
    print("Ending: hanging up.", flush=True)
    for thread in (*calls, *actors):
        thread.join(20)


def demo(per_minute: float = 6.0) -> None:
    """Simulated callers and seats on the running system of this home, until Ctrl-C."""
    missing = [name for name in ("sipp", "sox") if shutil.which(name) is None]
    if missing:
        sys.exit(f"{' and '.join(missing)} not installed: `make setup` with tests' programs, see README")
    settings = Settings()
    try:
        floor = Floor(settings)
    except CallCenterError as error:
        sys.exit(f"{error.message} Is the system running? `make run` starts it.")
    for sign in (signal.SIGINT, signal.SIGTERM):
        signal.signal(sign, lambda *_: floor.over.set())
    folder = Path(tempfile.mkdtemp(prefix="callcenter-demo-"))
    try:
        with ExitStack() as stack:
            perform(floor, folder, per_minute, stack)
    except WRONG as error:
        sys.exit(f"demo: {error}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    typer.run(demo)

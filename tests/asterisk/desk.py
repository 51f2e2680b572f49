"""A running system with everything a story needs at hand: people, phones, callers."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select

from callcenter.call.table import EventRow
from callcenter.seat.table import SeatRow
from tests.asterisk.api import Record
from tests.asterisk.harness import System, now
from tests.asterisk.sipp import Caller, Crowd, SippSeat
from tests.given import until

READY_WITHIN_S = 20.0


class Desk:
    """One story's view of the system. What it opened it closes."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system = system
        self.since = now()
        self._folder = folder
        self._stack = ExitStack()

    def close(self) -> None:
        """Hang up what is left, sign every seat out, take the phones away."""
        try:  # no ExitStack: it would hide the story's own error behind one of closing
            self.system.hang_up_all()
        finally:
            self._stack.close()

    # --- phones and callers

    def seat(
        self,
        number: str,
        *,
        ring_s: float | None = 0.3,
        talk_s: float | None = None,
        ready: bool = True,
        sounds: bool = True,
    ) -> SippSeat:
        """A desk phone of this seat, registered, the person signed in and ready."""
        phone = self.system.person(number).phone("sip")
        seat = SippSeat(self._folder, self.system.settings.sip_port, phone, ring_s, talk_s, sounds)
        self._stack.callback(self._take_away, seat)
        seat.start()
        if ready:
            self.ready(number)
        return seat

    def _take_away(self, phone: SippSeat) -> None:
        """From Asterisk, too: a phone that is only killed stays registered, and would be rung in a later story."""
        with ExitStack() as last:
            last.callback(phone.close)
            if self.system.runs("asterisk") is not None:
                phone.go_away()

    def ready(self, number: str) -> None:
        self.system.person(number).want("ready")
        self._stack.callback(self.signed_out, number)
        self.until_seat(number, "ready")

    def signed_out(self, number: str) -> None:
        self.system.person(number).want("signed_out")
        self.until_seat(number, "signed_out")

    def caller(self, number: str = "13900000001", tones: str = "") -> Caller:
        caller = Caller(self._folder, self.system.settings.sip_port, number, tones=tones)
        self._stack.callback(caller.close)
        return caller

    def crowd(self, numbers: Sequence[str], per_second: float, **plan: Any) -> Crowd:
        """`plan`: as `Crowd`."""
        crowd = Crowd(self._folder, self.system.settings.sip_port, numbers, per_second, **plan)
        self._stack.callback(crowd.close)
        return crowd.start()

    def call(self, key: str = "", number: str = "13900000001", way: str = "rtp") -> tuple[Caller, str]:
        """A caller who has dialled and pressed his language key; and the id of his call."""
        before = {record["id"] for record in self.system.calls(self.since)}
        caller = self.caller(number).dial()
        call = until(lambda: self._newest(before), saying="the call is not on record")
        if key:
            self.until_node(call, "language")
            caller.press(key, way)
        return caller, call

    # --- what is seen

    def record(self, call: str) -> Record:
        return self.system.person("supervisor").call(call)

    def seat_row(self, number: str) -> SeatRow | None:
        with self.system.database.read() as session:
            return session.get(SeatRow, number)

    def until_seat(self, number: str, state: str, within: float = READY_WITHIN_S) -> SeatRow:
        def seen() -> SeatRow | None:
            row = self.seat_row(number)
            return row if row is not None and row.state == state else None

        def words() -> str:
            row = self.seat_row(number)
            return f"seat {number} is {row.state if row else 'unknown'}, not {state}"

        return until(seen, within=within, saying=words)

    def until_state(self, call: str, *states: str, within: float = 15.0) -> Record:
        def seen() -> Record | None:
            record = self.record(call)
            return record if record["state"] in states else None

        return until(seen, within=within, saying=lambda: f"call {call} is not {states}: {self.record(call)}")

    def until_ended(self, call: str, within: float = 30.0) -> Record:
        return self.until_state(call, "ended", within=within)

    def until_all_ended(self, count: int, within: float = 60.0) -> list[Record]:
        """So many calls are on record, and every one is over."""

        def seen() -> list[Record] | None:
            records = self.system.calls(self.since)
            return records if len(records) == count and all(r["state"] == "ended" for r in records) else None

        def words() -> str:
            records = self.system.calls(self.since)
            return f"{len(records)} of {count} calls; not over: {[r for r in records if r['state'] != 'ended']}"

        return until(seen, within=within, saying=words, every=0.5)

    def until_sealed(self, call: str, within: float = 45.0) -> Record:
        def seen() -> Record | None:
            recording = self.record(call)["recording"]
            return recording if recording and recording["state"] != "due" else None

        return until(seen, within=within, saying=lambda: f"not sealed: {self.record(call)['recording']}")

    def until_node(self, call: str, node: str, within: float = 15.0) -> None:
        """Until the menu is at this node."""
        until(
            lambda: node in self.events(call, "IvrNodeEntered", "node"),
            within=within,
            saying=lambda: f"the menu is not at {node}: {self.events(call, 'IvrNodeEntered', 'node')}",
        )

    def events(self, call: str, kind: str, field: str) -> list[object]:
        """One field of every event of a kind in this call's log, in order."""

        with self.system.database.read() as session:
            rows = session.scalars(
                select(EventRow).where(EventRow.call == call, EventRow.type == kind).order_by(EventRow.id)
            ).all()
            return [row.data.get(field) for row in rows]

    def _newest(self, before: set[str]) -> str | None:
        new = [record["id"] for record in self.system.calls(self.since) if record["id"] not in before]
        assert len(new) < 2, f"one call was made, there are {len(new)} new records"
        return new[0] if new else None


@contextmanager
def opened(system: System, folder: Path) -> Iterator[Desk]:
    desk = Desk(system, folder)
    try:
        yield desk
    finally:
        desk.close()


def seats_of(record: Record) -> list[str]:
    """Who was rung, in order."""
    return [ring["seat"] for ring in record["rings"]]


def seconds(record: Record, start: str, end: str) -> float:
    return (datetime.fromisoformat(record[end]) - datetime.fromisoformat(record[start])).total_seconds()

"""Callers who walk through the menus, many at once: who they are tells them apart."""

import itertools
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from sqlalchemy import select

from callcenter.asterisk.cel import CelReader
from callcenter.asterisk.events import Fact
from callcenter.call.table import EventRow
from callcenter.ivr.table import CallerRequestRow
from tests.asterisk.api import Record
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.sipp import Caller
from tests.given import until

PATIENCE_S = 60.0
AT_ONCE = 9
Step = tuple[str, str]
"""`node` and its name, or `key` and `node=key`."""

_numbers = itertools.count(13900100000)


@dataclass(frozen=True)
class Walk:
    """Keys in turn, each of which ends the announcement, so that nobody waits between them."""

    keys: str
    way: str
    """`rtp`: RFC 4733, `info`: SIP INFO, `tones`: in the sound."""
    number: str = field(default_factory=lambda: str(next(_numbers)))
    stays: Callable[["Story", str], object] | None = None
    """Waits for what must be seen before he hangs up, given his number. None: the hotline hangs up."""


@dataclass(frozen=True)
class Walked:
    number: str
    record: Record
    nodes: list[str]
    steps: list[Step]
    on_file: list[Step]
    request: CallerRequestRow | None
    switch_s: float
    """Seconds in the first node, the emergency announcement."""


class Story:
    def __init__(self, desk: Desk, gateway: int) -> None:
        self.desk = desk
        self.system: System = desk.system
        self.gateway = gateway

    def walk(self, walks: Sequence[Walk]) -> dict[Walk, Exception | None]:
        """All of them, some at a time."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            return dict(zip(walks, pool.map(self._walk, walks), strict=True))

    def _walk(self, walk: Walk) -> Exception | None:
        try:
            tones = walk.keys if walk.way == "tones" else ""
            caller = self.desk.caller(walk.number, tones).dial(within=PATIENCE_S)
            if not tones:
                press(caller, walk.keys, walk.way)
            if walk.stays is None:
                caller.wait_for_goodbye(within=90)
            else:
                walk.stays(self, walk.number)
                caller.hang_up()
        except Exception as error:
            return error
        return None

    def seen(self, walk: Walk) -> Walked:
        """After the engine has read what it missed."""
        record = self.ended(walk.number)
        call = str(record["id"])
        with self.system.database.read() as session:
            request = session.scalar(select(CallerRequestRow).where(CallerRequestRow.call == call))
        rows = self.events(call)
        entered = [row for row in rows if row.type == "IvrNodeEntered"]
        return Walked(
            number=walk.number,
            record=record,
            nodes=[str(row.data["node"]) for row in entered],
            steps=[_step(row) for row in rows if row.type in ("IvrNodeEntered", "KeyPressed")],
            on_file=self.on_file(call),
            request=request,
            switch_s=_seconds_in(entered, "switch"),
        )

    def ended(self, number: str) -> Record:
        until(self.system.is_healthy, within=PATIENCE_S, every=0.2, saying="the engine does not come back")
        record = until(
            lambda: self.of(number), within=PATIENCE_S, every=0.2, saying=f"no call of {number} is on record"
        )
        return self.desk.until_ended(str(record["id"]), within=PATIENCE_S)

    def of(self, number: str) -> Record | None:
        found = self.system.calls(self.desk.since, caller=number)
        assert len(found) < 2, f"{number} called once, there are {len(found)} records"
        return found[0] if found else None

    def events(self, call: str) -> list[EventRow]:
        query = select(EventRow).where(EventRow.call == call).order_by(EventRow.at, EventRow.id)
        with self.system.database.read() as session:
            return list(session.scalars(query))

    def on_file(self, call: str) -> list[Step]:
        """Nodes entered and keys pressed, by Asterisk's event log alone."""
        file = self.system.settings.asterisk_dir / "log" / "cel-custom" / "cel.csv"
        facts = [it for it in CelReader(file).read_from(0, 0).events if isinstance(it, Fact) and it.linkedid == call]
        return [(it.name, it.value) for it in facts if it.name in ("node", "key")]

    def channels(self, number: str) -> list[dict[str, str]]:
        with self.system.asterisk() as line:
            channels = line.channels()
        own = {channel["Linkedid"] for channel in channels if channel.get("CallerIDNum") == number}
        return [channel for channel in channels if channel["Linkedid"] in own]

    def runs(self, number: str) -> list[str]:
        """Applications of his channels."""
        return [channel["Application"] for channel in self.channels(number)]


def press(caller: Caller, keys: str, way: str) -> None:
    for key in keys:
        caller.press(key, way)


def _step(row: EventRow) -> Step:
    data = row.data
    return ("node", data["node"]) if row.type == "IvrNodeEntered" else ("key", f"{data['node']}={data['key']}")


def _seconds_in(entered: Sequence[EventRow], node: str) -> float:
    names = [row.data["node"] for row in entered]
    if node not in names or names[-1] == node:
        return 0.0
    at = names.index(node)
    return (entered[at + 1].at - entered[at].at).total_seconds()

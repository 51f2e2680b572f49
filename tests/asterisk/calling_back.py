"""Citizens who are called back by a running system: what its stories need at hand."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from callcenter import secrets
from callcenter.callback.model import Policies
from callcenter.callback.service import CallbackService
from callcenter.callback.table import CallbackAttemptRow
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.numbers import NumberVault
from tests.asterisk import desk, ports
from tests.asterisk.citizens import Citizens
from tests.asterisk.desk import Desk
from tests.asterisk.harness import now
from tests.asterisk.own_flows import flows_of, system_of
from tests.given import until

RULES = """
lines:
  zh:
    attempts: 2
    pauses_s: [2]
    ring_s: 5
    confirm_s: 10
    hours: {workday: ["00:00-24:00"], weekend: ["00:00-24:00"], holiday: ["00:00-24:00"]}
  bo:
    first: seat
    attempts: 2
    pauses_s: [2]
    ring_s: 5
    hours: {workday: ["00:00-24:00"], weekend: ["00:00-24:00"], holiday: ["00:00-24:00"]}
"""


class Floor:
    """A running system whose calls to citizens end at one port."""

    def __init__(self, folder: Path, rules: str = RULES) -> None:
        self.port = ports.block(1)
        flows = flows_of(folder / "flows", callbacks=rules)
        self.system = system_of(folder, flows, CALLCENTER_TRUNK_GATEWAY=f"127.0.0.1:{self.port}")


@contextmanager
def running(folder: Path, rules: str = RULES) -> Iterator[Floor]:
    floor = Floor(folder, rules)
    try:
        with floor.system:
            yield floor
    finally:
        ports.give_back(floor.port, 1)


class Story:
    def __init__(self, floor: Floor, folder: Path, desk: Desk) -> None:
        self.desk = desk
        self.system = floor.system
        self._floor = floor
        self._folder = folder
        self._open: list[Citizens] = []
        self._asked: list[str] = []

    def citizens(self, **plan: Any) -> Citizens:
        citizens = Citizens(self._folder, self.system.settings.sip_port, self._floor.port, **plan)
        self._open.append(citizens)
        return citizens.start()

    def close(self) -> None:
        """Nobody of this story is called in the next one."""
        for call in self._asked:
            if self.request(call).state == "open":
                self.system.person("supervisor").post(f"/api/callbacks/{call}/cancel", why="the story is over")
        for citizens in self._open:
            citizens.close()

    def asks(self, number: str, ago: timedelta = timedelta(0), line: str = "zh") -> str:
        """A request as a menu files it; its call."""
        call = f"asked-{number}"
        vault = NumberVault(secrets.read(self.system.home))
        request = CallerRequest(call=call, kind="callback", at=now() - ago, number=number, language=line)
        assert StoredRequests(self.system.database, vault).put(request)
        self._asked.append(call)
        return call

    def service(self) -> CallbackService:
        """Claims as an engine does."""
        vault = NumberVault(secrets.read(self.system.home))
        return CallbackService(self.system.database, vault, self.system.settings.node, Policies())

    def request(self, call: str) -> CallerRequestRow:
        with self.system.database.read() as session:
            row = session.get(CallerRequestRow, (call, "callback"))
        assert row is not None
        return row

    def attempts(self, call: str) -> list[CallbackAttemptRow]:
        query = select(CallbackAttemptRow).where(CallbackAttemptRow.call == call)
        with self.system.database.read() as session:
            return list(session.scalars(query.order_by(CallbackAttemptRow.claimed_at)))

    def until_state(self, call: str, state: str, within: float = 40.0) -> CallerRequestRow:
        def seen() -> CallerRequestRow | None:
            row = self.request(call)
            return row if row.state == state else None

        return until(seen, within=within, saying=lambda: self._stands(call, state))

    def until_attempt(self, call: str, told: Callable[[CallbackAttemptRow], bool]) -> CallbackAttemptRow:
        def seen() -> CallbackAttemptRow | None:
            return next((attempt for attempt in self.attempts(call) if told(attempt)), None)

        # an engine that was killed in this story may take half a minute to come back on a busy machine
        return until(seen, within=90, saying=lambda: self._stands(call, "as expected"))

    def results(self, call: str) -> list[str | None]:
        return [attempt.result for attempt in self.attempts(call)]

    def _stands(self, call: str, state: str) -> str:
        row = self.request(call)
        return f"{call} is {row.state} ({row.reason}), not {state}: {self.results(call)}\n{self.system.logs()}"


@contextmanager
def told(floor: Floor, folder: Path) -> Iterator[Story]:
    with desk.opened(floor.system, folder) as opened:
        story = Story(floor, folder, opened)
        try:
            yield story
        finally:
            story.close()

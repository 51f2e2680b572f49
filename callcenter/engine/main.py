"""The engine: one asyncio process per Asterisk. `EngineApp` is put together in `callcenter/bootstrap.py`."""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from callcenter.asterisk.fast_agi import FastAgiServer
from callcenter.asterisk.link import AmiLink, LinkState
from callcenter.clock import Clock
from callcenter.engine.commands import Commands
from callcenter.engine.cursor import CelCursor
from callcenter.engine.dialler import Dialler
from callcenter.engine.heartbeat import Heartbeat
from callcenter.engine.journal import Journal
from callcenter.engine.memberships import Memberships
from callcenter.engine.publisher import Publisher
from callcenter.engine.pump import Pump
from callcenter.engine.registry import Registry
from callcenter.engine.staff import Staff
from callcenter.engine.watchdog import Watchdog
from callcenter.ivr.version.keeping import Keeper
from callcenter.log import write_out

log = logging.getLogger(__name__)

TICK_S = 0.25


@dataclass(slots=True, kw_only=True)
class EngineApp:
    clock: Clock
    registry: Registry
    link: AmiLink
    pump: Pump
    journal: Journal
    publisher: Publisher
    memberships: Memberships
    commands: Commands
    cursor: CelCursor
    heartbeat: Heartbeat
    watchdog: Watchdog
    agi: FastAgiServer
    flows: Keeper
    dialler: Dialler
    staff: Staff
    expected: Callable[[], Mapping[str, int]]
    """Minutes of waiting by line."""
    close: Callable[[], Awaitable[None]]

    async def run(self) -> None:
        """Until cancelled. A part that fails ends the whole; the process supervisor starts it anew."""
        self.journal.start()
        await self.agi.start()
        try:
            async with asyncio.TaskGroup() as tasks:
                for part in (
                    self.watchdog.run,
                    self.pump.run,
                    self.link.run,
                    self.memberships.run,
                    self.publisher.run,
                    self.commands.run,
                    self.cursor.run,
                    self.heartbeat.run,
                    self.flows.run,
                    self.dialler.run,
                    self.staff.run,
                    self._tick,
                ):
                    tasks.create_task(part())
        finally:
            await self.agi.close()
            self.pump.write_notes()
            await asyncio.to_thread(self.journal.stop)
            await self.close()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            write_out()
            if not self.journal.alive:
                raise RuntimeError("the journal's thread has ended; a new engine writes what waits in file and CEL")
            now = self.clock.now()
            if any((due := seat.next_deadline) and due <= now for seat in self.registry.seats.values()):
                self.pump.inbox.put_nowait(self._deadlines)

    async def _deadlines(self) -> Any:
        return self.registry.tick(self.clock.now())

    def status(self) -> dict[str, Any]:
        """For the heartbeat: what health, doctor and screens say of this engine."""
        in_step = self.link.state is LinkState.READY and self.pump.lost_at is None and self.pump.synced
        return {
            "asterisk": in_step,
            "trunk": self.registry.trunk_up if in_step else None,
            "problem": self._problem(),
            "link": self.link.state.value,
            "ami_logins": self.link.logins,
            "calls": sum(1 for _ in self.registry.live_calls()),
            "backlog": self.pump.inbox.qsize(),
            "faults": self.pump.faults,
            "journal_away": self.journal.away,
            "journal_backlog": self.journal.backlog,
            "agi_sessions": self.agi.sessions,
            "agi_failed": self.agi.failed,
            "expected": self.expected(),
        }

    def _problem(self) -> str:
        if self.link.state is LinkState.REFUSED:
            return f"Asterisk refuses the engine's AMI password ({self.link.reason}); run `callcenter conf render`"
        if self.link.state is not LinkState.READY:
            return f"no link to Asterisk: {self.link.reason or self.link.state.value}"
        if self.journal.away:
            return f"the database is away; {self.journal.backlog} steps wait in the journal"
        return ""


async def serve(app: EngineApp) -> None:
    """Run until SIGTERM or SIGINT."""
    task = asyncio.create_task(app.run())
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task

"""The single consumer. Every event, command and tick goes through here, one after the other, in order of arrival."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from callcenter.asterisk import events as t
from callcenter.asterisk.link import LinkDown
from callcenter.call import events as e
from callcenter.clock import Clock
from callcenter.engine.dialler import Dialler
from callcenter.engine.expected_wait import ExpectedWait
from callcenter.engine.journal import Journal
from callcenter.engine.listening import Listening
from callcenter.engine.memberships import Memberships
from callcenter.engine.registry import DomainEvent, Job, Registry
from callcenter.engine.step import Step, Values
from callcenter.engine.step_of import NOTES, step_of
from callcenter.engine.talks import Talks
from callcenter.errors import IllegalTransition
from callcenter.ids import NodeName, SeatId
from callcenter.storage.numbers import NumberVault
from callcenter.visit.model import VisitRules

log = logging.getLogger(__name__)

RESYNC_AGAIN_S = 5.0
IN_THE_MENU = (*NOTES, e.FlowBegan, e.LanguageChosen, e.TopicChosen, e.PriorityGiven)
NOTES_S = 1.0
"""So long what callers do in the menu waits for something else to be written with. A kill loses nothing of it: it
stands on the caller's channel, too, and comes from the CEL file when he leaves the menu (asterisk/trail.py)."""


class Pump:
    def __init__(
        self,
        registry: Registry,
        journal: Journal,
        vault: NumberVault,
        node: NodeName,
        clock: Clock,
        first_step: int,
        visits: VisitRules,
    ) -> None:
        self.inbox: asyncio.Queue[t.TelephonyEvent | Job] = asyncio.Queue()
        self._registry = registry
        self._journal = journal
        self._vault = vault
        self._node = node
        self._clock = clock
        self._step = first_step
        self._visits = visits
        self.resync: Callable[[datetime | None], Awaitable[Iterable[DomainEvent]]] | None = None
        self.memberships: Memberships | None = None
        self.talks: Talks | None = None
        self.listening: Listening | None = None
        self.dialler: Dialler | None = None
        self.expected: ExpectedWait | None = None
        self.lost_at: datetime | None = None
        """When the link broke; None while it holds."""
        self.synced = False
        """A resync has been done: memory is in step with Asterisk."""
        self._notes: list[DomainEvent] = []
        """Told and not handed to the journal yet."""
        self.handled = 0
        self.faults = 0
        """Events that could not be folded: a defect, or an Asterisk that surprised us. Shown by health."""

    def tell(self, event: t.TelephonyEvent) -> None:
        """The sink of link and IVR: only puts it into the line."""
        self.inbox.put_nowait(event)

    def compare(self, *seats: SeatId) -> None:
        """Have the memberships of these seats looked at."""
        if seats and self.memberships is not None:
            self.memberships.compare(*seats)

    async def run(self) -> None:
        while True:
            item = await self.inbox.get()
            try:
                self._record(await self._handle(item))
            except IllegalTransition as error:
                self.faults += 1
                log.warning("pump.illegal_transition event=%s reason=%s", _named(item), error.message)
            except Exception:
                self.faults += 1
                log.exception("pump.failed event=%s", _named(item))
            self.handled += 1

    async def _handle(self, item: t.TelephonyEvent | Job) -> Iterable[DomainEvent]:
        if not isinstance(item, t.TelephonyEvent):
            return await item()
        if isinstance(item, t.LinkLost):
            self.lost_at, self.synced = item.at, False
        if isinstance(item, t.FullyBooted) and self.resync is not None:
            return await self._in_step(item)
        if self.dialler is not None:
            self.dialler.hear(item)
        return self._registry.hear(item)

    async def _in_step(self, booted: t.FullyBooted) -> Iterable[DomainEvent]:
        """A resync that fails while the link holds must come again by itself: no other FullyBooted will."""
        if self.resync is None:
            return ()
        self.synced = False
        try:
            events = await self.resync(self.lost_at)
        except LinkDown:
            raise
        except Exception:
            asyncio.get_running_loop().call_later(RESYNC_AGAIN_S, self.inbox.put_nowait, booted)
            raise
        self.lost_at, self.synced = None, True
        return events

    def _record(self, events: Iterable[DomainEvent]) -> None:
        happened = list(events)
        if not happened:
            return
        if all(isinstance(event, IN_THE_MENU) for event in happened):
            if not self._notes:
                asyncio.get_running_loop().call_later(NOTES_S, self.write_notes)
            self._notes += happened
            return
        if self.expected is not None:
            self.expected.heard(happened)
        self._write([*self._notes, *happened])
        if seats := {SeatId(seat) for event in happened if (seat := _who(event)[1])}:
            self.compare(*seats, *self._registry.reserve())
        if self.talks is not None:
            self.talks.heard(happened)
        if self.listening is not None:
            self.listening.heard(happened)

    def write_notes(self) -> None:
        """What still waits, and at the end of the engine."""
        if self._notes:
            self._write(self._notes)

    def _write(self, happened: Sequence[DomainEvent]) -> None:
        self._step += 1
        step = step_of(self._step, happened, self._registry, self._node, self._vault, self._visits)
        self._notes = []
        self._journal.put(step)
        self._registry.settle()
        for values in step.events:
            log.info("%s node=%s %s", values["type"], self._node, _described(values))

    def keep_cursor(self, inode: int, offset: int) -> None:
        self.write_notes()
        self._step += 1
        self._journal.put(Step(number=self._step, cel=(inode, offset)))


def _named(item: t.TelephonyEvent | Job) -> str:
    """Kind and call, not the fields: a caller's number may be among them."""
    if not isinstance(item, t.TelephonyEvent):
        return getattr(item, "__qualname__", "job")
    return f"{type(item).__name__} call={getattr(item, 'linkedid', '')}"


def _described(values: Values) -> str:
    """Every field of an event as it is stored: the caller's number masked."""
    fields = {"call": values["call"], "seat": values["seat"], **values["data"]}
    return " ".join(f"{name}={value}" for name, value in fields.items() if value not in (None, ""))


def _who(event: DomainEvent) -> tuple[str, str]:
    return getattr(event, "call", None) or "", getattr(event, "seat", None) or ""

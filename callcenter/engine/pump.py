"""The single consumer. Every event, command and tick goes through here, one after the other, in order of arrival."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from datetime import datetime

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call.rows import to_values
from callcenter.clock import Clock
from callcenter.engine.journal import Journal
from callcenter.engine.memberships import Memberships
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.engine.step import Step, Values
from callcenter.errors import IllegalTransition
from callcenter.ids import NodeName, SeatId
from callcenter.seat.model import SeatView
from callcenter.storage.event_log import to_values as event_values
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

Job = Callable[[], Awaitable[Iterable[DomainEvent]]]
"""Anything that must happen in order with the events: a command, a resync, a tick. Returns what happened."""


class Pump:
    def __init__(
        self, registry: Registry, journal: Journal, vault: NumberVault, node: NodeName, clock: Clock, first_step: int
    ) -> None:
        self.inbox: asyncio.Queue[t.TelephonyEvent | Job] = asyncio.Queue()
        self._registry = registry
        self._journal = journal
        self._vault = vault
        self._node = node
        self._clock = clock
        self._step = first_step
        self.resync: Callable[[datetime | None], Awaitable[Iterable[DomainEvent]]] | None = None
        self.memberships: Memberships | None = None
        self.lost_at: datetime | None = None
        """When the link broke; None while it holds."""
        self.synced = False
        """A resync has been done: memory is in step with Asterisk."""
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
                log.warning("pump.illegal_transition event=%s reason=%s", item, error.message)
            except Exception:
                self.faults += 1
                log.exception("pump.failed event=%s", item)
            self.handled += 1

    async def _handle(self, item: t.TelephonyEvent | Job) -> Iterable[DomainEvent]:
        if not isinstance(item, t.TelephonyEvent):
            return await item()
        if isinstance(item, t.LinkLost):
            self.lost_at = item.at
        if isinstance(item, t.FullyBooted) and self.resync is not None:
            events = await self.resync(self.lost_at)
            self.lost_at = None
            self.synced = True
            return events
        return self._registry.hear(item)

    def _record(self, events: Iterable[DomainEvent]) -> None:
        happened = list(events)
        if not happened:
            return
        self._step += 1
        self._journal.put(self._to_step(happened))
        self._registry.settle()
        seats = {SeatId(seat) for event in happened if (seat := _who(event)[1])}
        self.compare(*seats)
        for event in happened:
            log.info("%s node=%s %s", type(event).__name__, self._node, _described(event))

    def keep_cursor(self, inode: int, offset: int) -> None:
        self._step += 1
        self._journal.put(Step(number=self._step, cel=(inode, offset)))

    def _to_step(self, happened: Sequence[DomainEvent]) -> Step:
        calls = {event.call: None for event in happened if isinstance(event, e.CallEvent)}
        seats = {SeatId(_who(event)[1]): None for event in happened}
        step = Step(number=self._step, events=[event_values(event) for event in happened])
        for linkedid in calls:
            record = self._registry.record(linkedid)
            if record is not None:
                step.calls.append(to_values(record, self._node, self._vault))
        known = self._registry.seats
        step.seats = [_seat_values(known[seat].view) for seat in seats if seat in known]
        for event in happened:
            if isinstance(event, e.CallAnswered):
                step.consultations.append(_consultation(event))
            elif isinstance(event, e.TalkEnded):
                step.recordings += self._recording(event)
        return step

    def _recording(self, event: e.TalkEnded) -> list[Values]:
        record = self._registry.record(event.call)
        if record is None or record.recording is None:
            return []
        return [{"call": event.call, "file": record.recording, "state": "due", "due_at": event.at, "problem": ""}]


def _described(event: DomainEvent) -> str:
    """Every field, the caller's number masked."""
    values = event_values(event)
    fields = {"call": values["call"], "seat": values["seat"], **values["data"]}
    return " ".join(f"{name}={value}" for name, value in fields.items() if value not in (None, ""))


def _who(event: DomainEvent) -> tuple[str, str]:
    return getattr(event, "call", None) or "", getattr(event, "seat", None) or ""


def _consultation(event: e.CallAnswered) -> Values:
    return {
        "call": event.call,
        "seat": event.seat,
        "opened_at": event.at,
        "version": 0,
        **dict.fromkeys(("topic", "identity", "request", "reply", "outcome"), ""),
        "groups": [],
    }


def _seat_values(view: SeatView) -> Values:
    return {
        "id": view.seat,
        "state": view.state.value,
        "since": view.since,
        "desired": view.desired.value,
        "reason": view.reason,
        "call": view.call,
        "phone": view.phone and view.phone.value,
        "missed": view.missed,
        "wrap_up_ends": view.wrap_up_ends,
    }

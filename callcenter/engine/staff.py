"""Seats as administrators and managers change them while calls run: who sits where, which lines he serves, whose phone
may register. The database is looked at every few seconds, in a thread; the pump takes what has changed."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from callcenter.asterisk.actions import Reload
from callcenter.asterisk.link import AmiLink, LinkState
from callcenter.clock import Clock
from callcenter.engine.pump import Pump
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.engine.repository import SeatAccount
from callcenter.ids import SeatId
from callcenter.routing.first_seat import queue_of
from callcenter.seat.model import Desired
from callcenter.seat.state import Phase, Seat

log = logging.getLogger(__name__)

LOOK_EVERY_S = 3.0
PHONES_MODULE = "res_pjsip.so"
QUEUES_MODULE = "app_queue.so"
"""Each seat has a queue of its own (callcenter/routing/first_seat.py)."""
BY = "accounts"
"""Who signs a seat out whose account is gone, and pauses one whose licence has ended."""
LICENCE_REASON = "licence"


@dataclass(frozen=True, slots=True)
class Present:
    """What the database says now."""

    seats: tuple[SeatAccount, ...]
    phones: tuple[str, ...]
    """Names whose phones may register."""
    unlicensed: frozenset[SeatId] = frozenset()
    """Seats whose person may not take calls any more: his licence has ended."""


class Staff:
    def __init__(
        self,
        registry: Registry,
        pump: Pump,
        link: AmiLink,
        clock: Clock,
        *,
        read: Callable[[], Present],
        seat: Callable[[SeatAccount, datetime], Seat],
        write_phones: Callable[[], None],
    ) -> None:
        """`read` and `write_phones` are called in a thread; both may raise."""
        self._registry = registry
        self._pump = pump
        self._link = link
        self._clock = clock
        self._read = read
        self._seat = seat
        self._write_phones = write_phones
        self._phones: tuple[str, ...] | None = None

    async def run(self) -> None:
        while True:
            try:
                await self.look()
            except Exception as error:  # the database is away, a file cannot be written: nothing changes, look again
                log.warning("staff.cannot_look reason=%s", str(error).splitlines()[0])
            await asyncio.sleep(LOOK_EVERY_S)

    async def look(self) -> None:
        present = await asyncio.to_thread(self._read)
        if present.phones != self._phones:
            await self._phones_changed(present.phones)
        self._pump.inbox.put_nowait(lambda: self._take(present))

    async def _phones_changed(self, phones: tuple[str, ...]) -> None:
        """At the start the files are as they should be: whoever started everything has just written them."""
        if self._phones is not None:
            await asyncio.to_thread(self._write_phones)
            if self._link.state is LinkState.READY:
                for module in (PHONES_MODULE, QUEUES_MODULE):
                    (await self._link.send(Reload(module=module))).or_raise()
                log.info("staff.phones_changed count=%d", len(phones))
        self._phones = phones

    async def _take(self, present: Present) -> Iterable[DomainEvent]:
        now, seats = self._clock.now(), self._registry.seats
        wanted = {account.seat: account for account in present.seats}
        events: list[DomainEvent] = []
        changed: list[SeatId] = []
        for account in wanted.values():
            fresh = self._seat(account, now)
            known = seats.get(account.seat)
            if known is not None and known.has_mobile != fresh.has_mobile:
                events += known.mobile(fresh.has_mobile, now)
            if known is None:
                seats[account.seat] = fresh
                log.info("staff.seat_added seat=%s", account.seat)
            elif (known.queues, known.penalties, known.fields) != (fresh.queues, fresh.penalties, fresh.fields):
                known.queues, known.penalties, known.fields = fresh.queues, fresh.penalties, fresh.fields
            else:
                continue
            changed.append(account.seat)
        for seat_id in seats.keys() - wanted.keys():
            seat = seats[seat_id]
            # its own queue went with the account, and of its members a reload says nothing
            events += seat.member(queue_of(seat_id), None, now)
            # a talk goes on; nobody is left for the wrap-up after it
            if seat.view.desired is not Desired.SIGNED_OUT or seat.phase is Phase.WRAP_UP:
                events += self._registry.want(seat, Desired.SIGNED_OUT, "", BY, now)
                changed.append(seat_id)
        for seat_id in present.unlicensed & seats.keys():
            if seats[seat_id].view.desired is Desired.READY:  # after midnight; a talk goes on
                events += self._registry.want(seats[seat_id], Desired.PAUSED, LICENCE_REASON, BY, now)
                changed.append(seat_id)
        self._pump.compare(*changed)
        return events

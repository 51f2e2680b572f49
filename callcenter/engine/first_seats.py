"""Which seat a caller is offered to first, from the engine's memory of the seats and the database's of his calls."""

import asyncio
import logging
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from callcenter.call.table import CallRow
from callcenter.clock import Clock
from callcenter.engine.registry import Registry
from callcenter.ids import QueueName
from callcenter.ivr.site_facts import DATABASE_WITHIN_S
from callcenter.routing.first_seat import Able, Offer, first_seat
from callcenter.routing.model import HELPER_PENALTY
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)


class FirstSeats:
    """Fulfils `callcenter.ivr.runtime.FirstChoice`. The query runs in a thread; no caller waits for it long."""

    def __init__(self, registry: Registry, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._registry = registry
        self._database = database
        self._vault = vault
        self._clock = clock

    async def choose(self, number: str, line: str, topic: str, asked: str) -> Offer | None:
        last = await self._last_adviser(number) if number and self._registry.rules.first.last_adviser_s else ""
        return self.of(line, topic, asked, last)

    def of(self, line: str, topic: str, asked: str = "", last: str = "") -> Offer | None:
        return first_seat(self._able(QueueName(line)), self._registry.rules.first, asked, last, topic)

    def _able(self, line: QueueName) -> list[Able]:
        return [
            Able(
                seat=seat.view.seat,
                penalty=seat.penalties[line],
                fields=seat.fields,
                free=seat.could_ring and line not in seat.held_back,
                since=seat.view.since,
            )
            for seat in self._registry.seats.values()
            if seat.on_duty and seat.penalties.get(line, HELPER_PENALTY) < HELPER_PENALTY
        ]

    async def _last_adviser(self, number: str) -> str:
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S):
                return await asyncio.to_thread(self._advised_by, number)
        except (TimeoutError, SQLAlchemyError) as error:
            log.warning("routing.last_adviser_not_known reason=%s", type(error).__name__)
            return ""

    def _advised_by(self, number: str) -> str:
        since = self._clock.now() - timedelta(days=self._registry.rules.first.last_adviser_days)
        talks = (
            select(CallRow.seat)
            .where(CallRow.caller_hash == self._vault.search_hash(number), CallRow.started_at >= since)
            .where(CallRow.answered_at.is_not(None), func.coalesce(CallRow.seat, "") != "")
            .order_by(CallRow.started_at.desc())
            .limit(1)
        )
        with self._database.read() as session:
            return session.scalar(talks) or ""

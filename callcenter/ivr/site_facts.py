"""Facts that flows ask for, answered from the clock, the engine's memory and the database."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from callcenter.call.table import CallRow
from callcenter.clock import Clock
from callcenter.instants import CHINA
from callcenter.ivr.facts import CALLER_NUMBER, PER_LINE
from callcenter.ivr.hours import Hours, needs_calendar, told_by_clock
from callcenter.ivr.knowledge import SpokenEntry
from callcenter.ivr.orders import Orders
from callcenter.ivr.site import Emergency
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

DATABASE_WITHIN_S = 1.5
"""A caller waits for a look into the database no longer than this; then the fact is not known."""


class Lines(Protocol):
    """What the engine's memory knows of the lines."""

    def waiting(self, line: str) -> int: ...

    def ready(self, line: str) -> int: ...


class SiteFacts:
    """Fulfils `callcenter.ivr.facts.FlowFacts`. Queries run in a thread: the loop also serves all other callers."""

    def __init__(
        self,
        lines: Lines,
        database: Database,
        vault: NumberVault,
        hours: Hours,
        emergency: Emergency,
        clock: Clock,
        entry: Callable[[str, Sequence[str]], SpokenEntry | None] = lambda _id, _languages: None,
    ) -> None:
        """`entry`: an entry of the knowledge base with its texts in these languages; read anew for every caller."""
        self._lines = lines
        self._database = database
        self._vault = vault
        self._hours = hours
        self._emergency = emergency
        self._clock = clock
        self._spoken = entry
        self._orders = Orders(database, vault, clock)
        self._warned: set[int] = set()

    async def look(self, names: Sequence[str], caller_number: str, language: str) -> Mapping[str, str]:
        found: dict[str, str] = {}
        past = [name for name in names if name in ("caller_known", "last_language")]
        if past and caller_number:
            found |= await self._past(caller_number)
        for name in names:
            kind, _, rest = name.partition(":")
            if kind == "order":
                number, _, last_four = rest.partition(":")
                found |= await self._order(name, number, caller_number, last_four)
            elif kind == "entry":
                found |= await self._entry(name, rest, language)
        for name in names:
            value = self._at_once(name, caller_number, language)
            if value is not None:
                found[name] = value
        return {name: found[name] for name in names if name in found}

    def _at_once(self, name: str, caller_number: str, language: str) -> str | None:
        now = self._clock.now()
        if needs_calendar(name):
            self._warn(now.astimezone(CHINA).year)
        if (told := told_by_clock(name, self._hours, now)) is not None:
            return told
        if per_line := PER_LINE.match(name):
            name, language = per_line[1], per_line[2]
        match name:
            case "queue_length":
                return str(self._lines.waiting(language))
            case "seats_ready":
                return str(self._lines.ready(language))
            case "emergency":
                return "yes" if self._emergency.is_on else "no"
            case _ if name == CALLER_NUMBER:
                return caller_number or None
        return None

    async def _past(self, number: str) -> dict[str, str]:
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S):
                return await asyncio.to_thread(self._calls_of, number)
        except (TimeoutError, SQLAlchemyError) as error:
            log.warning("ivr.fact_not_known reason=%s", type(error).__name__)
            return {}

    async def _order(self, name: str, number: str, caller: str, last_four: str) -> dict[str, str]:
        try:
            async with asyncio.timeout(DATABASE_WITHIN_S):
                return {name: await asyncio.to_thread(self._orders.state_of, number, caller, last_four)}
        except (TimeoutError, SQLAlchemyError) as error:
            log.warning("ivr.fact_not_known reason=%s", type(error).__name__)
            return {}

    async def _entry(self, name: str, entry_id: str, language: str) -> dict[str, str]:
        entry = await asyncio.to_thread(self._spoken, entry_id, (language,))
        today = self._clock.now().astimezone(CHINA).date()
        heard = entry is not None and entry.valid_on(today) and language not in entry.stale
        return {name: "yes" if heard else "no"}

    def _calls_of(self, number: str) -> dict[str, str]:
        ended = (
            select(CallRow.language)
            .where(CallRow.caller_hash == self._vault.search_hash(number), CallRow.ended_at.is_not(None))
            .order_by(CallRow.started_at.desc())
            .limit(20)
        )
        with self._database.read() as session:
            languages = list(session.scalars(ended))
        found = {"caller_known": "yes" if languages else "no"}
        last = next((language for language in languages if language), None)
        return found | ({"last_language": last} if last else {})

    def _warn(self, year: int) -> None:
        if not self._hours.knows(year) and year not in self._warned:
            self._warned.add(year)
            log.warning(
                "ivr.calendar_unknown year=%s: holidays and make-up days are not known, only weekends are kept; "
                "update chinesecalendar or write `calendar` into site/hours.yaml",
                year,
            )

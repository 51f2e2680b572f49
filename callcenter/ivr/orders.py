"""How an order stands, for a caller who can show that it is his."""

from collections import deque
from datetime import datetime, timedelta

from sqlalchemy import select

from callcenter.clock import Clock
from callcenter.ivr.order import STATES
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

WINDOW = timedelta(hours=1)
WRONG_PER_ORDER = 5
WRONG_PER_CALLER = 10
"""Guesses within the window; after them even the right digits are `no`. Four digits are soon tried through."""
REMEMBERED = 10_000
"""Guesses kept in memory, of all callers together."""


class Orders:
    """Not for two engines: guesses are counted in memory, and an engine that starts anew has forgotten them."""

    def __init__(self, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._wrong: deque[tuple[datetime, str, str | None]] = deque(maxlen=REMEMBERED)

    def state_of(self, number: str, caller: str, last_four: str = "") -> str:
        """One of `STATES`; `whose`: the last four digits are needed; `no`. Blocks; raises what the database raises."""
        with self._database.read() as session:
            row = session.scalar(select(CallerRequestRow).where(CallerRequestRow.order_no == number))
        who = self._vault.search_hash(caller) if caller else None
        if row is not None and who is not None and row.number_hash == who:
            return _told(row)
        if not last_four:
            return "whose"  # also for a number that nobody was given: who guesses learns nothing
        if self._guessed_out(number, who):
            return "no"
        left = self._vault.open(row.number) if row is not None else ""
        if row is not None and left and left.endswith(last_four):
            return _told(row)
        self._wrong.append((self._clock.now(), number, who))
        return "no"

    def _guessed_out(self, number: str, who: str | None) -> bool:
        since = self._clock.now() - WINDOW
        recent = [(order, guesser) for at, order, guesser in self._wrong if at > since]
        of_order = sum(order == number for order, _ in recent)
        of_caller = sum(guesser == who for _, guesser in recent if who is not None)
        return of_order >= WRONG_PER_ORDER or of_caller >= WRONG_PER_CALLER


AT_WORK = frozenset({"taken", "dialling"})
OVER = frozenset({"served", "given_up", "cancelled", "refused"})


def _told(row: CallerRequestRow) -> str:
    """In the words that a caller may hear; how a request stands in detail: callcenter/callback/model.py."""
    if row.state in STATES:
        return row.state
    return "assigned" if row.state in AT_WORK else "done" if row.state in OVER else "accepted"

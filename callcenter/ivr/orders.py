"""Numbers of orders, and how an order stands, for a caller who can show that it is his.

An order is a case record, or what a caller left behind: a message, a wish to be called back.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.clock import Clock
from callcenter.consultation.table import ConsultationRow
from callcenter.errors import Unavailable
from callcenter.ivr.order import STATES, new_order_no
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

WINDOW = timedelta(hours=1)
WRONG_PER_ORDER = 5
WRONG_PER_CALLER = 10
"""Guesses within the window; after them even the right digits are `no`. Four digits are soon tried through."""
REMEMBERED = 10_000
"""Guesses kept in memory, of all callers together."""
TRIES = 20
"""Of nine million numbers one that is free is found soon."""


def free_order_no(session: Session) -> str:
    """One that no order has. Two that ask at the same instant could get the same: as likely as a guess, and each
    caller still hears of his own. Raises Unavailable."""
    for _ in range(TRIES):
        number = new_order_no()
        kinds = (CallerRequestRow.order_no, ConsultationRow.order_no)
        if not session.scalar(select(or_(*(exists().where(column == number) for column in kinds)))):
            return number
    raise Unavailable("no free order number was found; nothing was stored")


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
            order = _find(session, number)
        who = self._vault.search_hash(caller) if caller else None
        if order is not None and who is not None and order.number_hash == who:
            return order.told
        if not last_four:
            return "whose"  # also for a number that nobody was given: who guesses learns nothing
        if self._guessed_out(number, who):
            return "no"
        left = self._vault.open(order.number) if order is not None else ""
        if order is not None and left and left.endswith(last_four):
            return order.told
        self._wrong.append((self._clock.now(), number, who))
        return "no"

    def _guessed_out(self, number: str, who: str | None) -> bool:
        since = self._clock.now() - WINDOW
        recent = [(order, guesser) for at, order, guesser in self._wrong if at > since]
        of_order = sum(order == number for order, _ in recent)
        of_caller = sum(guesser == who for _, guesser in recent if who is not None)
        return of_order >= WRONG_PER_ORDER or of_caller >= WRONG_PER_CALLER


@dataclass(frozen=True, slots=True)
class Order:
    told: str
    number: bytes | None
    """Its caller's, sealed."""
    number_hash: str | None


def _find(session: Session, number: str) -> Order | None:
    row = session.scalar(select(CallerRequestRow).where(CallerRequestRow.order_no == number))
    if row is not None:
        return Order(_told(row), row.number, row.number_hash)
    record = session.execute(
        select(ConsultationRow.closed_at, CallRow.caller, CallRow.caller_hash)
        .join(CallRow, CallRow.id == ConsultationRow.call)
        .where(ConsultationRow.order_no == number)
        .limit(1)
    ).first()
    if record is None:
        return None
    closed_at, caller, caller_hash = record
    return Order("done" if closed_at else "assigned", caller, caller_hash)


AT_WORK = frozenset({"taken", "dialling"})
OVER = frozenset({"served", "given_up", "cancelled", "refused"})


def _told(row: CallerRequestRow) -> str:
    """In the words that a caller may hear; how a request stands in detail: callcenter/callback/model.py."""
    if row.state in STATES:
        return row.state
    return "assigned" if row.state in AT_WORK else "done" if row.state in OVER else "accepted"

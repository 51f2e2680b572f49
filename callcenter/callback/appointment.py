"""An hour at which a citizen is called back: agreed upon by a person, from the record of his call."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.call.table import CallRow
from callcenter.callback.model import RequestState
from callcenter.callback.repository import CALLBACK, Callbacks
from callcenter.callback.rules import CallbackRules
from callcenter.callback.service import NotToBeCalled, refusal_at_filing
from callcenter.clock import Clock
from callcenter.consultation.catalogue import catalogue
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.ivr.orders import free_order_no
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

AHEAD_MAX = timedelta(days=60)
SHORTEST, LONGEST = timedelta(minutes=10), timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    call: str
    begins_at: datetime
    ends_at: datetime
    line: str
    topic: str = ""
    note: str = ""


class Appointments:
    def __init__(
        self, database: Database, vault: NumberVault, rules: CallbackRules, lines: Sequence[str], clock: Clock
    ) -> None:
        self._database = database
        self._vault = vault
        self._rules = rules
        self._lines = lines
        self._clock = clock

    def make(self, person: Person, wish: Wish) -> None:
        """Raises BadInput, NotFound, Conflict, NotToBeCalled."""
        now = self._clock.now()
        self._check(wish, now)
        with self._database.begin() as session:
            call = session.get(CallRow, wish.call)
            if call is None:
                raise NotFound(f"there is no call {wish.call}")
            number = self._vault.open(call.caller)
            refused = refusal_at_filing(session, self._vault, number)
            if refused is not None:
                raise NotToBeCalled(f"this number is not called back: {refused.value}", reason=refused.value)
            if Callbacks(session).get(wish.call, CALLBACK) is not None:
                raise Conflict(f"the caller of call {wish.call} is on the list already; give that request an end first")
            session.add(
                CallerRequestRow(
                    call=wish.call,
                    kind=CALLBACK,
                    at=now,
                    number=self._vault.seal(number),
                    number_hash=call.caller_hash,
                    language=wish.line,
                    state=RequestState.OPEN.value,
                    reason="appointment",
                    due_at=wish.begins_at,
                    until_at=wish.ends_at,
                    topic=wish.topic,
                    note=wish.note,
                    made_by=person.id,
                    order_no=free_order_no(session),
                )
            )
            begins = wish.begins_at.isoformat()
            Audit(session).add(now, person.id, "callback-appointed", wish.call, begins=begins, line=wish.line)

    def _check(self, wish: Wish, now: datetime) -> None:
        if wish.line not in self._lines:
            raise BadInput(f"there is no line {wish.line}; there are {', '.join(self._lines)}")
        if wish.topic and wish.topic not in catalogue().topic_ids:
            raise BadInput(f"there is no topic {wish.topic}; see /api/topics")
        if not now < wish.begins_at <= now + AHEAD_MAX:
            raise BadInput(f"an appointment begins within the next {AHEAD_MAX.days} days")
        if not SHORTEST <= wish.ends_at - wish.begins_at <= LONGEST:
            raise BadInput("an appointment lasts ten minutes at least and twelve hours at most")
        if not self._rules.permitted(wish.line, wish.begins_at):
            raise BadInput(f"nobody of line {wish.line} is called at that hour; see site/callbacks.yaml")

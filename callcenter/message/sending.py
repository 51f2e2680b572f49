"""A message's way to the gateway. The row is claimed before the gateway hears of it, and nothing is sent twice.

Three steps, each safe to lose: claim (a transaction), send (no transaction), note (a transaction). Who dies in between
leaves `sending`; that becomes `unknown`, is looked for at the gateway, and sent again only when the gateway itself says
that it never came.
"""

import json
import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from callcenter.callback.repository import Callbacks
from callcenter.clock import Clock
from callcenter.instants import CHINA
from callcenter.message.gateway import Answer, Gateway, Letter, Lost, NotSent, Rejected, Taken
from callcenter.message.model import GOOD_FOR, TO_CITIZENS, MessageState, Purpose, Refusal, filled
from callcenter.message.repository import Messages
from callcenter.message.rules import MessageRules
from callcenter.message.table import MessageRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

S = MessageState
AGAIN_AFTER = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 1800))
"""After a try that certainly did not reach the gateway; the last one repeats until the message is too old."""
DEAD_AFTER = timedelta(minutes=2)
"""A worker that claimed a message and said nothing for so long is dead: no gateway is waited for that long."""
LOOK_AFTER = tuple(timedelta(minutes=m) for m in (1, 5, 30))
"""After a lost answer; then it waits for a report of the gateway, or for a person."""
LOOK_NO_MORE = timedelta(days=3650)
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
REASON_LENGTH = 120


def bury(database: Database, now: datetime) -> int:
    """Claims of dead workers become unknown. Returns how many."""
    with database.read() as session:
        dead = Messages(session).claimed_before(now - DEAD_AFTER)
    if dead:
        with database.begin() as session:
            messages = Messages(session)
            for id_ in dead:
                messages.move(id_, [S.SENDING], S.UNKNOWN, next_at=now, reason="the worker died")
    return len(dead)


class Sending:
    def __init__(
        self, database: Database, vault: NumberVault, clock: Clock, rules: MessageRules, gateway: Gateway | None
    ) -> None:
        """`gateway` None: the site has none."""
        self._database = database
        self._vault = vault
        self._clock = clock
        self._rules = rules
        self._gateway = gateway

    def attempt(self, id_: str) -> str:
        """What became of it; empty when there was nothing to do now. May be called any number of times."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = Messages(session).get(id_)
            if row is None or row.next_at > now or row.state not in (S.QUEUED.value, S.UNKNOWN.value):
                return ""
            if row.state == S.UNKNOWN.value:
                letter, claimed_at = self._letter(session, row), row.claimed_at or row.made_at
            elif (claimed := self._claim(session, row, now)) is None:
                return row.state
            else:
                letter, claimed_at = claimed, None
        if self._gateway is None or letter is None:
            return ""
        if claimed_at is not None:
            return self._look(letter, claimed_at)
        answer = self._gateway.send(letter)
        return self._note(letter.id, answer)

    # before

    def _claim(self, session: Session, row: MessageRow, now: datetime) -> Letter | None:
        """None: it is not sent now; the row says why."""
        messages, purpose = Messages(session), Purpose(row.purpose)
        messages.lock()
        session.refresh(row)
        if row.state != S.QUEUED.value or row.next_at > now:
            return None  # another worker was quicker
        if self._gateway is None:
            return self._end(row, S.NO_GATEWAY, "", now)
        if refusal := self._refusal(session, row, purpose, now):
            return self._end(row, S.REFUSED, refusal.value, now)
        if (later := self._not_before(messages, purpose, now)) > now:
            row.due_at = row.next_at = later
            return None
        letter = self._letter(session, row)
        if letter is None:
            return self._end(row, S.REFUSED, Refusal.NO_TEMPLATE.value, now)
        row.state, row.claimed_at, row.tries, row.gateway = S.SENDING.value, now, row.tries + 1, self._gateway.name
        return letter

    def _refusal(self, session: Session, row: MessageRow, purpose: Purpose, now: datetime) -> Refusal | None:
        messages, number = Messages(session), row.number_hash or ""
        if now - row.made_at > GOOD_FOR[purpose]:
            return Refusal.TOO_LATE
        if messages.opted_out(number):
            return Refusal.OPTED_OUT
        if purpose in TO_CITIZENS:
            if Callbacks(session).may_not(number):
                return Refusal.DO_NOT_CALL
            if messages.count_since(now - DAY, number, purpose.value) >= self._rules.per_number_a_day:
                return Refusal.TOO_MANY
        return None

    def _not_before(self, messages: Messages, purpose: Purpose, now: datetime) -> datetime:
        if purpose in TO_CITIZENS:
            start, end = self._rules.span()
            local = now.astimezone(CHINA)
            if not start <= local.time() < end:
                day = local if local.time() < start else local + DAY
                return day.replace(hour=start.hour, minute=start.minute, second=0, microsecond=0).astimezone(now.tzinfo)
        if messages.count_since(now - MINUTE) >= self._rules.per_minute:
            return now + MINUTE / 6
        return now

    def _letter(self, session: Session, row: MessageRow) -> Letter | None:
        messages = Messages(session)
        if row.state == S.UNKNOWN.value and row.template is not None:
            template = messages.template_by_id(row.template)
        else:
            template = messages.template(Purpose(row.purpose), row.language)
        if template is None or row.given is None:
            return None
        row.template = template.id
        values = json.loads(self._vault.open(row.given))
        return Letter(
            id=row.id,
            number=self._vault.open(row.number),
            text=filled(template.text, values),
            values=values,
            template=template.carrier_id,
        )

    @staticmethod
    def _end(row: MessageRow, state: MessageState, reason: str, now: datetime) -> None:
        row.state, row.reason, row.ended_at, row.given = state.value, reason, now, None

    # after

    def _note(self, id_: str, answer: Answer) -> str:
        now = self._clock.now()
        with self._database.begin() as session:
            messages = Messages(session)
            row = messages.get(id_)
            if row is None:
                return ""
            open_ = [S.SENDING, S.UNKNOWN]  # unknown: this took so long that the sweeper gave us up
            match answer:
                case Taken(gateway_id, parts):
                    known = {"gateway_id": gateway_id, "parts": parts, "reason": "", "ended_at": now, "given": None}
                    if not messages.move(id_, open_, S.SENT, **known):  # a report was quicker than the answer
                        row.gateway_id, row.parts = row.gateway_id or gateway_id, row.parts or parts
                case Rejected(code):
                    messages.move(id_, open_, S.FAILED, reason=code[:REASON_LENGTH], ended_at=now, given=None)
                case NotSent(why):
                    after = now + AGAIN_AFTER[min(row.tries, len(AGAIN_AFTER)) - 1]
                    messages.move(id_, open_, S.QUEUED, reason=why[:REASON_LENGTH], next_at=after)
                case Lost(why):
                    after = now + LOOK_AFTER[0]
                    messages.move(id_, [S.SENDING], S.UNKNOWN, reason=why[:REASON_LENGTH], next_at=after)
        log.info("message.%s id=%s", type(answer).__name__.lower(), id_)
        return type(answer).__name__.lower()

    def _look(self, letter: Letter, since: datetime) -> str:
        if self._gateway is None:
            return ""
        answer = self._gateway.find(letter, since)
        if not isinstance(answer, Lost):
            return self._note(letter.id, answer)
        now = self._clock.now()
        with self._database.begin() as session:
            row = Messages(session).get(letter.id)
            if row is not None and row.state == S.UNKNOWN.value:
                row.looks += 1
                row.next_at = now + (LOOK_AFTER[row.looks] if row.looks < len(LOOK_AFTER) else LOOK_NO_MORE)
        return "lost"

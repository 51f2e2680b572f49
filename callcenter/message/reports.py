"""What a gateway tells us by itself: what became of a message, and what citizens answer."""

import logging
from collections.abc import Mapping

from callcenter.clock import Clock
from callcenter.message.model import MessageState, Refusal, mobile, wants_out
from callcenter.message.repository import Messages
from callcenter.message.table import MessageOptOutRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

S = MessageState
TWILIO: Mapping[str, MessageState] = {
    "accepted": S.SENT,
    "queued": S.SENT,
    "sending": S.SENT,
    "sent": S.SENT,
    "delivered": S.DELIVERED,
    "read": S.DELIVERED,
    "undelivered": S.UNDELIVERED,
    "failed": S.UNDELIVERED,
}
"""https://www.twilio.com/docs/messaging/guides/outbound-message-status-in-status-callbacks"""
BEFORE = {
    S.SENT: (S.SENDING, S.UNKNOWN),
    S.DELIVERED: (S.SENDING, S.UNKNOWN, S.SENT, S.UNDELIVERED),
    S.UNDELIVERED: (S.SENDING, S.UNKNOWN, S.SENT),
}
"""Reports come in any order: one that says less than we know changes nothing."""
REPLY = "reply"


class Reports:
    def __init__(self, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock

    def became(self, gateway: str, id_: str, gateway_id: str, state: MessageState, code: str) -> bool:
        """`id_`: ours, when the gateway brings it along. False: no such message, or it was known already."""
        now = self._clock.now()
        with self._database.begin() as session:
            messages = Messages(session)
            row = (messages.get(id_) if id_ else None) or messages.by_gateway_id(gateway, gateway_id)
            if row is None or row.gateway != gateway:
                return False
            named = row.gateway_id or gateway_id
            known = {"gateway_id": named, "reason": code[:120], "ended_at": now, "given": None}
            changed = messages.move(row.id, BEFORE[state], state, **known)
        log.info("message.report id=%s state=%s new=%s", row.id, state, changed)
        return changed

    def answered(self, number: str, text: str) -> bool:
        """A citizen's reply. True: he wants no more messages, and gets none from now on."""
        to = mobile(number)
        if isinstance(to, Refusal) or not wants_out(text):
            return False
        number_hash = self._vault.search_hash(to)
        with self._database.begin() as session:
            sealed = self._vault.seal(to)
            row = MessageOptOutRow(number_hash=number_hash or "", number=sealed, since=self._clock.now(), by=REPLY)
            Messages(session).opt_out(row)
        log.info("message.opted_out by=%s", REPLY)
        return True

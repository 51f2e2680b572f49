"""Every query of messages, their texts, and of who wants none."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callcenter.message.model import MessageState, Purpose
from callcenter.message.table import MessageOptOutRow, MessageRow, MessageTemplateRow
from callcenter.storage.turns import one_at_a_time

M = MessageRow
S = MessageState
LOCK = 12_348_033
WAITING = (S.QUEUED.value, S.SENDING.value, S.UNKNOWN.value)
REACHED_GATEWAY = tuple(it.value for it in (S.SENDING, S.UNKNOWN, S.SENT, S.DELIVERED, S.UNDELIVERED))
"""May be in a citizen's telephone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages; None: any. `start` <= made_at < `end`."""

    start: datetime | None = None
    end: datetime | None = None
    purpose: Purpose | None = None
    state: MessageState | None = None
    limit: int = 50
    offset: int = 0


class Messages:
    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self) -> None:
        """One claim at a time, or two workers would both find room under a limit."""
        one_at_a_time(self._session, LOCK)

    def get(self, id_: str) -> MessageRow | None:
        return self._session.get(M, id_)

    def about(self, purpose: Purpose, subject: str) -> MessageRow | None:
        return self._session.scalar(select(M).where(M.purpose == purpose.value, M.subject == subject))

    def by_gateway_id(self, gateway: str, gateway_id: str) -> MessageRow | None:
        return self._session.scalar(select(M).where(M.gateway == gateway, M.gateway_id == gateway_id).limit(1))

    def add(self, row: MessageRow) -> bool:
        """False: there is one of this purpose about this subject; the transaction goes on."""
        try:
            with self._session.begin_nested():
                self._session.add(row)
                self._session.flush()
        except IntegrityError:
            return False
        return True

    def move(self, id_: str, before: Iterable[MessageState], after: MessageState, **values: object) -> bool:
        """Compare and set: False when it is in none of those states any more."""
        known = (M.id == id_, M.state.in_([state.value for state in before]))
        done = self._session.execute(
            update(M).where(*known).values(state=after.value, **values).execution_options(synchronize_session=False)
        )
        return int(getattr(done, "rowcount", 0)) == 1

    def due(self, now: datetime, limit: int) -> Sequence[str]:
        """To be sent, or looked for, now."""
        waits = M.state.in_((S.QUEUED.value, S.UNKNOWN.value))
        return self._session.scalars(select(M.id).where(waits, M.next_at <= now).order_by(M.next_at).limit(limit)).all()

    def claimed_before(self, moment: datetime) -> Sequence[str]:
        """Claimed, and nobody said what came of it: the worker is dead."""
        return self._session.scalars(select(M.id).where(M.state == S.SENDING.value, M.claimed_at < moment)).all()

    def count_since(self, moment: datetime, number_hash: str | None = None, purpose: str | None = None) -> int:
        """Messages that a gateway got since, or may have got; of one number and purpose, or of all."""
        query = select(func.count()).where(M.claimed_at > moment, M.state.in_(REACHED_GATEWAY))
        if number_hash is not None:
            query = query.where(M.number_hash == number_hash, M.purpose == purpose)
        return self._session.scalar(query) or 0

    def page(self, wanted: Wanted) -> tuple[Sequence[MessageRow], int]:
        """The newest first, and how many there are in all."""
        conditions = _conditions(wanted)
        total = self._session.scalar(select(func.count()).select_from(M).where(*conditions)) or 0
        query = select(M).where(*conditions).order_by(M.made_at.desc(), M.id)
        return self._session.scalars(query.limit(wanted.limit).offset(wanted.offset)).all(), total

    def counts(self, wanted: Wanted) -> dict[str, tuple[int, int]]:
        """By state: how many, and how many short messages the gateway made of them."""
        query = select(M.state, func.count(), func.sum(M.parts)).where(*_conditions(wanted)).group_by(M.state)
        return {state: (int(count), int(parts or 0)) for state, count, parts in self._session.execute(query)}

    def overdue_since(self, now: datetime) -> datetime | None:
        """Since when the oldest message waits that should have gone by now."""
        return self._session.scalar(select(func.min(M.due_at)).where(M.state.in_(WAITING), M.due_at <= now))

    # texts

    def template(self, purpose: Purpose, language: str) -> MessageTemplateRow | None:
        """The one that is sent."""
        row = MessageTemplateRow
        query = select(row).where(row.purpose == purpose.value, row.language == language, row.approved_at.is_not(None))
        return self._session.scalar(query.order_by(row.id.desc()).limit(1))

    def templates(self) -> Sequence[MessageTemplateRow]:
        """All that were ever written, the newest first."""
        return self._session.scalars(select(MessageTemplateRow).order_by(MessageTemplateRow.id.desc())).all()

    def template_by_id(self, id_: int) -> MessageTemplateRow | None:
        return self._session.get(MessageTemplateRow, id_)

    def add_template(self, row: MessageTemplateRow) -> None:
        self._session.add(row)
        self._session.flush()  # its number is wanted at once

    # who wants none

    def opted_out(self, number_hash: str) -> bool:
        return self._session.get(MessageOptOutRow, number_hash) is not None

    def opt_out(self, row: MessageOptOutRow) -> None:
        if not self.opted_out(row.number_hash):
            self._session.add(row)

    def opt_outs(self, limit: int) -> Sequence[MessageOptOutRow]:
        return self._session.scalars(
            select(MessageOptOutRow).order_by(MessageOptOutRow.since.desc()).limit(limit)
        ).all()

    def opt_in(self, number_hash: str) -> bool:
        row = self._session.get(MessageOptOutRow, number_hash)
        if row is not None:
            self._session.delete(row)
        return row is not None


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        conditions.append(M.made_at >= wanted.start)
    if wanted.end is not None:
        conditions.append(M.made_at < wanted.end)
    if wanted.purpose is not None:
        conditions.append(M.purpose == wanted.purpose.value)
    if wanted.state is not None:
        conditions.append(M.state == wanted.state.value)
    return conditions

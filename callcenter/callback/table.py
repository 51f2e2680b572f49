"""Rows of callbacks. The requests themselves stand in `caller_request` (callcenter/ivr/table.py)."""

from datetime import datetime

from sqlalchemy import Index, Integer, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc

LIVE = text("ended_at IS NULL")


class CallbackAttemptRow(Base):
    """One attempt to reach the caller of a request. The row is there before Asterisk is asked.

    Two rules that the database itself keeps: at most one live attempt per request, and per number.
    """

    __tablename__ = "callback_attempt"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """Also the channel's Uniqueid, and the linkedid of the call that comes of it."""
    call: Mapped[str] = mapped_column(String(80), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    number_hash: Mapped[str] = mapped_column(String(64))
    node: Mapped[str] = mapped_column(String(16))
    line: Mapped[str] = mapped_column(String(16))
    number_of_try: Mapped[int] = mapped_column(Integer)
    ordered_by: Mapped[str | None] = mapped_column(String(64))
    """The person who wanted it at once; None: the engine chose the moment."""
    claimed_at: Mapped[datetime] = mapped_column(Utc)
    seat: Mapped[str | None] = mapped_column(String(16))
    """That took the request: its telephone rings first. None: the caller's does."""
    state: Mapped[str] = mapped_column(String(16))
    result: Mapped[str | None] = mapped_column(String(16))
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        Index("uq_callback_attempt_live", "call", "kind", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
        Index("uq_callback_attempt_number", "number_hash", unique=True, sqlite_where=LIVE, postgresql_where=LIVE),
    )


class DoNotCallRow(Base):
    """A number that is never called, whatever is asked for."""

    __tablename__ = "do_not_call"

    number_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    since: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(200))

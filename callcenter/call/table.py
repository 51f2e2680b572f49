"""Rows of calls: the record, the rings, and the event log that both are folded from."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Index, Integer, LargeBinary, String, Text, UniqueConstraint, func
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc

SEAT_INDEXED = 64
"""Characters of a seat's name that lists are found by: an imported name may be longer than an index takes."""


class CallRow(Base):
    """One call. `id` is the linkedid, or the imported `call_id` (its digest when it is too long for an index)."""

    __tablename__ = "call"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    long_id: Mapped[str | None] = mapped_column(Text)
    """The imported `call_id` itself when `id` is only its digest."""
    node: Mapped[str] = mapped_column(String(16), default="")
    """Empty: imported history."""
    caller: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted (storage/numbers.py)."""
    caller_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    source: Mapped[str] = mapped_column(String(16), default="direct")
    line: Mapped[str | None] = mapped_column(String(10_000))
    language: Mapped[str | None] = mapped_column(String(10_000))
    topic: Mapped[str | None] = mapped_column(String(10_000))
    priority: Mapped[str | None] = mapped_column(String(32))
    place: Mapped[str | None] = mapped_column(String(10_000))
    law_firm: Mapped[str | None] = mapped_column(String(10_000))
    state: Mapped[str] = mapped_column(String(16), default="ended")
    started_at: Mapped[datetime] = mapped_column(Utc, index=True)
    queued_at: Mapped[datetime | None] = mapped_column(Utc)
    first_ring_at: Mapped[datetime | None] = mapped_column(Utc)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    left_at: Mapped[datetime | None] = mapped_column(Utc)
    wrap_up_ended_at: Mapped[datetime | None] = mapped_column(Utc)
    hold_micros: Mapped[int] = mapped_column(BigId, default=0)
    hold_since: Mapped[datetime | None] = mapped_column(Utc)
    finer: Mapped[str | None] = mapped_column(Text)
    """Imported times with more digits than microseconds: `answered_at=05 ended_at=1`, the digits after the sixth."""
    ended_by: Mapped[str | None] = mapped_column(String(8))
    end_reason: Mapped[str | None] = mapped_column(String(32))
    outcome: Mapped[str | None] = mapped_column(String(24))
    seat: Mapped[str | None] = mapped_column(String(10_000))
    survey_offered: Mapped[bool] = mapped_column(Boolean, default=False)
    survey_via: Mapped[str | None] = mapped_column(String(8))
    """`web`: by a message after the call. None: on the telephone, or not at all."""
    grade: Mapped[int | None] = mapped_column(Integer)
    recording: Mapped[str | None] = mapped_column(String(255))
    flow: Mapped[str | None] = mapped_column(String(60))
    """`main@3`: the flow it began with, and its version."""
    rings: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """[{seat, channel, at, result, ended_at}], times as microseconds."""
    listener: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """{person, mode, seat, channel} of the supervisor who is at this talk now."""
    parties: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, server_default="[]")
    """[{channel, seat, place, called_at, joined_at, left_at}], times as microseconds."""

    __table_args__ = (
        Index("ix_call_live", "node", "left_at"),
        Index("ix_call_outcome", "outcome", "started_at"),
        Index("ix_call_grade", "grade", "started_at"),
        Index("ix_call_seat", func.substr(seat, 1, SEAT_INDEXED), "started_at"),
    )


class EventRow(Base):
    """The event log, which is also the outbox: the node's journal writes it, in order, `seq` without gaps."""

    __tablename__ = "event"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    node: Mapped[str] = mapped_column(String(16))
    seq: Mapped[int] = mapped_column(BigId)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    type: Mapped[str] = mapped_column(String(40))
    call: Mapped[str | None] = mapped_column(String(64), index=True)
    seat: Mapped[str | None] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """The event's own fields; a caller's number is only there masked."""

    __table_args__ = (UniqueConstraint("node", "seq"),)

"""Rows of return visits. A row of `visit` is never deleted: a trigger of the database refuses it."""

from datetime import datetime

from sqlalchemy import Boolean, Float, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class VisitRow(Base):
    """One visit. Who is visited and what about stands in the record of the call."""

    __tablename__ = "visit"

    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    call: Mapped[str] = mapped_column(String(80), primary_key=True)
    opened_at: Mapped[datetime] = mapped_column(Utc)
    warn_at: Mapped[datetime] = mapped_column(Utc)
    due_at: Mapped[datetime] = mapped_column(Utc)
    opened_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The person who registered it; empty: the grade did."""
    words: Mapped[str] = mapped_column(Text, default="", server_default="")
    """Of a complaint, as it was put."""
    about: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The person complained of, when it is another one than who talked with him."""
    draw: Mapped[str] = mapped_column(String(24), default="", server_default="")
    state: Mapped[str] = mapped_column(String(16))
    assigned_to: Mapped[str] = mapped_column(String(64), default="", server_default="")
    assigned_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    assigned_at: Mapped[datetime | None] = mapped_column(Utc)
    result: Mapped[str] = mapped_column(String(24), default="", server_default="")
    cause: Mapped[str] = mapped_column(String(24), default="", server_default="")
    correction: Mapped[str] = mapped_column(Text, default="", server_default="")
    closed_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    closed_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (
        Index("ix_visit_due", "state", "due_at"),
        Index("ix_visit_call", "call"),
        Index("ix_visit_assigned", "assigned_to", "state"),
    )


class VisitAttemptRow(Base):
    """An attempt that a person wrote down. Calls made from the task stand in `callback_attempt` by themselves."""

    __tablename__ = "visit_attempt"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(16))
    call: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(64))
    how: Mapped[str] = mapped_column(String(16))
    reached: Mapped[bool] = mapped_column(Boolean)
    note: Mapped[str] = mapped_column(String(1000), default="")


class VisitDrawRow(Base):
    """A random draw, with all that is needed to draw the same once more."""

    __tablename__ = "visit_draw"

    id: Mapped[str] = mapped_column(String(24), primary_key=True)
    """`week-2026-W47`, `month-2026-11`: one per period."""
    share: Mapped[float] = mapped_column(Float)
    seed: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(64))
    among: Mapped[int] = mapped_column(Integer)
    """Closed matters of the period that could be drawn."""
    drawn: Mapped[int] = mapped_column(Integer)
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the drawn calls in order: whether a second drawing gives the same."""

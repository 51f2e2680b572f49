"""Rows of messages, of their texts, and of who wants none."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class MessageRow(Base):
    """One message; one of each purpose per subject, however often it is asked for."""

    __tablename__ = "message"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(16))
    subject: Mapped[str] = mapped_column(String(120))
    """What it is about: a call's id, an alarm's number."""
    language: Mapped[str] = mapped_column(String(16))
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted (storage/numbers.py), as `13812345678`."""
    number_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    given: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What the text is filled in with, JSON, encrypted: a link in it opens something. Gone when the message is over."""
    state: Mapped[str] = mapped_column(String(16), index=True)
    reason: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """Why it stands so: our refusal, the gateway's code, what went wrong on the way."""
    made_at: Mapped[datetime] = mapped_column(Utc, index=True)
    due_at: Mapped[datetime] = mapped_column(Utc)
    """When it should go; later than `made_at` at night and while the gateway is busy."""
    next_at: Mapped[datetime] = mapped_column(Utc)
    """When it is tried, or looked for, again."""
    claimed_at: Mapped[datetime | None] = mapped_column(Utc, index=True)
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    looks: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """How often it was looked for since its answer was lost."""
    template: Mapped[int | None] = mapped_column(Integer)
    gateway: Mapped[str] = mapped_column(String(16), default="", server_default="")
    gateway_id: Mapped[str] = mapped_column(String(80), default="", server_default="", index=True)
    parts: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """So many short messages the gateway made of it; 0: it does not say."""
    ended_at: Mapped[datetime | None] = mapped_column(Utc)

    __table_args__ = (UniqueConstraint("purpose", "subject"),)


class MessageTemplateRow(Base):
    """A text as it was written. The newest approved one of a purpose and language is sent."""

    __tablename__ = "message_template"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    purpose: Mapped[str] = mapped_column(String(16))
    language: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(400))
    carrier_id: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Under which the carrier has registered it."""
    written_by: Mapped[str] = mapped_column(String(64))
    written_at: Mapped[datetime] = mapped_column(Utc)
    approved_by: Mapped[str | None] = mapped_column(String(64))
    approved_at: Mapped[datetime | None] = mapped_column(Utc)


class MessageOptOutRow(Base):
    """A number that gets no messages."""

    __tablename__ = "message_opt_out"

    number_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    since: Mapped[datetime] = mapped_column(Utc)
    by: Mapped[str] = mapped_column(String(64))
    """The person who wrote it down; `reply`: he answered so himself."""

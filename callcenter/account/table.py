from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Boolean, Date, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class PersonRow(Base):
    __tablename__ = "person"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(16))
    seat: Mapped[str | None] = mapped_column(String(32), unique=True)
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    levels: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """How well he speaks them, 1 to 3 (`callcenter.routing.model.Level`); a language that is not named: 3."""
    password: Mapped[str] = mapped_column(String(255))
    """Argon2id."""
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None] = mapped_column(Utc)
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    fields: Mapped[dict[str, int]] = mapped_column(JSON, default=dict)
    """Fields of law with levels, as `levels`."""
    licence: Mapped[str] = mapped_column(String(64), default="")
    licence_until: Mapped[date | None] = mapped_column(Date)
    law_firm: Mapped[str] = mapped_column(String(128), default="")
    mobile: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Number on which calls ring when she wishes it, encrypted (`callcenter.storage.numbers`)."""
    one_time_until: Mapped[datetime | None] = mapped_column(Utc)
    """The password is one that an administrator handed out; it is good until then, for choosing one's own."""
    factor: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Secret of the second factor, encrypted."""
    factor_new: Mapped[bytes | None] = mapped_column(LargeBinary)
    """One that was shown and is not confirmed by a code yet."""
    factor_step: Mapped[int] = mapped_column(BigInteger, default=0)
    """Time step of the last code that was taken; an older or equal one is not taken again."""
    recovery: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Keyed hashes of the recovery codes that are left."""


class SkillProposalRow(Base):
    """Languages and fields of a person as somebody proposes them; what counts is in the person's row."""

    __tablename__ = "skill_proposal"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    languages: Mapped[dict[str, int]] = mapped_column(JSON)
    fields: Mapped[dict[str, int]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)
    """open | approved | rejected | replaced"""
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(String(200), default="")


class SessionRow(Base):
    """A sign-in. The cookie holds the token, the database only its hash."""

    __tablename__ = "session"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Utc)
    expires_at: Mapped[datetime] = mapped_column(Utc)


class AuditRow(Base):
    """Who did what to whose data. Appended to, never changed."""

    __tablename__ = "audit"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    person: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(40))
    object: Mapped[str] = mapped_column(String(255), default="")
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)

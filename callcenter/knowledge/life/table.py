"""Drafts, versions, comments and attachments of entries."""

from datetime import datetime

from sqlalchemy import JSON, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class DraftRow(Base):
    """The work on one language version that is not published; at most one at a time, so that nobody works in vain."""

    __tablename__ = "kb_draft"

    entry: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    form: Mapped[dict[str, str]] = mapped_column(JSON)
    """As typed, complete or not (`entry/form.py`)."""
    state: Mapped[str] = mapped_column(String(16))
    """writing | in-review | returned"""
    version: Mapped[int] = mapped_column(Integer)
    """Raised by every save: who saves over somebody else's words is told."""
    base: Mapped[str] = mapped_column(String(64))
    """Digest of the entry it began from; empty: a new entry."""
    authors: Mapped[list[str]] = mapped_column(JSON)
    """Everybody who typed in it. None of them may publish it."""
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by: Mapped[str] = mapped_column(String(64))


class VersionRow(Base):
    """A text as it was given to callers. Appended to, never changed."""

    __tablename__ = "kb_version"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    entry: Mapped[str] = mapped_column(String(80))
    language: Mapped[str] = mapped_column(String(8))
    number: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(16))
    """shipped | published | confirmed | retired"""
    text: Mapped[str] = mapped_column(Text)
    """The file: Markdown behind front matter."""
    authors: Mapped[list[str]] = mapped_column(JSON)
    reviewer: Mapped[str | None] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("entry", "language", "number"),)


class CommentRow(Base):
    """What somebody said about an entry, by itself or with an act of its life."""

    __tablename__ = "kb_comment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    entry: Mapped[str] = mapped_column(String(80), index=True)
    language: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(Utc)
    person: Mapped[str] = mapped_column(String(64))
    act: Mapped[str] = mapped_column(String(16))
    """comment, or the act it belongs to: send | return | publish | retire | confirm | discard"""
    words: Mapped[str] = mapped_column(Text)


class AttachmentRow(Base):
    """A picture or form. The content lies under the home by its checksum; two rows may share one."""

    __tablename__ = "kb_attachment"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    entry: Mapped[str] = mapped_column(String(80), index=True)
    name: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(80))
    """Media type, told from the content."""
    size: Mapped[int] = mapped_column(Integer)
    """Bytes."""
    at: Mapped[datetime] = mapped_column(Utc)
    person: Mapped[str] = mapped_column(String(64))

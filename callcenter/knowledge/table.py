"""Statutes by version and article, entries as last read from their files, and what was searched for in vain."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Date, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class LawRow(Base):
    __tablename__ = "kb_law"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(255), unique=True)
    """Full, without 中华人民共和国 and without a date."""
    kind: Mapped[str] = mapped_column(String(16))
    """law | regulation | interpretation | rule | amendment"""
    repealed_on: Mapped[date | None] = mapped_column(Date)
    repealed_by: Mapped[str | None] = mapped_column(String(255))


class LawVersionRow(Base):
    __tablename__ = "kb_law_version"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    law_id: Mapped[int] = mapped_column(ForeignKey("kb_law.id"))
    version: Mapped[date] = mapped_column(Date)
    """Day of adoption or of the last amendment."""
    in_force: Mapped[date] = mapped_column(Date)
    digest: Mapped[str] = mapped_column(String(64))
    """Of all articles: two files with the same text are one version."""
    repeals: Mapped[list[str]] = mapped_column(JSON)
    """Names of the statutes that this one declares repealed."""

    __table_args__ = (UniqueConstraint("law_id", "version"),)


class ArticleRow(Base):
    __tablename__ = "kb_article"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("kb_law_version.id"))
    number: Mapped[str] = mapped_column(String(12))
    """`47`, `120-1`, `0`: the whole of a text without articles."""
    position: Mapped[int] = mapped_column(Integer)
    heading: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (UniqueConstraint("version_id", "number"),)


class LawFileRow(Base):
    """What became of each imported file, so that the next import reads only what changed."""

    __tablename__ = "kb_law_file"

    path: Mapped[str] = mapped_column(String(500), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    version_id: Mapped[int | None] = mapped_column(ForeignKey("kb_law_version.id"))
    """None: not readable."""
    remarks: Mapped[list[str]] = mapped_column(JSON)


class EntryRow(Base):
    """One language version of an entry: as published here, or as its file said when it was last without fault."""

    __tablename__ = "kb_entry"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    path: Mapped[str] = mapped_column(String(500))
    digest: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Front matter and sections (`entry/model.py`)."""
    source: Mapped[str] = mapped_column(String(8), default="file", server_default="file")
    """file: as shipped. site: published here; the shipped file no longer counts."""


class KnowledgeStateRow(Base):
    """`statutes` and `entries`: what an index was built from is compared with it."""

    __tablename__ = "kb_state"

    name: Mapped[str] = mapped_column(String(16), primary_key=True)
    mark: Mapped[str] = mapped_column(String(64))


class GapRow(Base):
    """A lawyer found nothing: the words as typed, for those who write entries."""

    __tablename__ = "kb_gap"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    words: Mapped[str] = mapped_column(Text)
    topic: Mapped[str | None] = mapped_column(String(40))
    person: Mapped[str] = mapped_column(String(64))
    call: Mapped[str | None] = mapped_column(String(80))


class UseRow(Base):
    """An entry or article was opened, cited into a reply, or was the first hit of a search somebody stayed at."""

    __tablename__ = "kb_use"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    act: Mapped[str] = mapped_column(String(8))
    """opened | cited | searched"""
    kind: Mapped[str] = mapped_column(String(8))
    """entry | article"""
    target: Mapped[str] = mapped_column(String(300))
    """The id that the search gave."""
    person: Mapped[str] = mapped_column(String(64))
    call: Mapped[str | None] = mapped_column(String(80))
    dwell_s: Mapped[int | None] = mapped_column(Integer)
    words: Mapped[str | None] = mapped_column(String(300))
    """What was searched for."""

    __table_args__ = (Index("ix_kb_use_target", "kind", "target"),)

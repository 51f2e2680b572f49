from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class PaperRow(Base):
    """One file that people fetch: a period's report, of which there is one, or somebody's export.

    `id` is `month-2026-10` for a report, `calls-<random>` for an export.
    """

    __tablename__ = "paper"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    """day | week | month | year | calls"""
    of: Mapped[str] = mapped_column(String(10), default="")
    """2026-10-05 | 2026-W40 | 2026-10 | 2026; empty for an export."""
    asked: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """An export's filter."""
    person: Mapped[str] = mapped_column(String(64), default="")
    """Who asked for it last; empty: the schedule."""
    state: Mapped[str] = mapped_column(String(12), index=True)
    asked_at: Mapped[datetime] = mapped_column(Utc, index=True)
    beat_at: Mapped[datetime | None] = mapped_column(Utc)
    """The maker's last sign of life."""
    run: Mapped[str] = mapped_column(String(32), default="")
    """Which maker has it; another one takes over when that one fell silent."""
    progress: Mapped[int] = mapped_column(Integer, default=0)
    """Percent."""
    problem: Mapped[str] = mapped_column(Text, default="")
    made_at: Mapped[datetime | None] = mapped_column(Utc)
    upto: Mapped[datetime | None] = mapped_column(Utc)
    """The figures reach so far: the period's end, or when it was made before that."""
    version: Mapped[int] = mapped_column(Integer, default=0)
    """Counts the makings whose content differed; 0: nothing to fetch yet."""
    corrected_at: Mapped[datetime | None] = mapped_column(Utc)
    """The figures of a finished period changed after it had been made."""
    digest: Mapped[str] = mapped_column(String(64), default="")
    checked_at: Mapped[datetime | None] = mapped_column(Utc)
    files: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Forms there are: xlsx, html, pdf."""

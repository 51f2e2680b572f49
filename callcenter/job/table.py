from datetime import datetime

from sqlalchemy import Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class JobProgressRow(Base):
    """One piece of long work, by whatever process. It decides nothing: what was done says the work's own tables."""

    __tablename__ = "job_progress"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    kind: Mapped[str] = mapped_column(String(24))
    subject: Mapped[str] = mapped_column(String(255))
    state: Mapped[str] = mapped_column(String(8))
    """running | done | failed"""
    done: Mapped[int] = mapped_column(Integer)
    total: Mapped[int | None] = mapped_column(Integer)
    """In the same unit as `done`: per cent, quarters. None: nobody knows how much it is."""
    started_at: Mapped[datetime] = mapped_column(Utc, index=True)
    beat_at: Mapped[datetime] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    problem: Mapped[str] = mapped_column(String(255), default="", server_default="")

"""Rows of recordings that were uploaded. The sound lies in the home (`catalogue.recording`, `takes.waiting_file`)."""

from datetime import datetime

from sqlalchemy import Float, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class PromptTakeRow(Base):
    """One recording of one prompt in one language. Kept for ever: who spoke, uploaded and decided."""

    __tablename__ = "prompt_take"
    __table_args__ = (Index("ix_prompt_take_of", "language", "prompt", "state"),)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    language: Mapped[str] = mapped_column(String(16))
    prompt: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(16))
    """`waiting` (one at most per prompt), `approved`, `rejected`, `replaced` (by a newer upload)."""
    words_hash: Mapped[str] = mapped_column(String(16))
    """Of the words at the upload."""
    sha256: Mapped[str] = mapped_column(String(64))
    speaker: Mapped[str] = mapped_column(String(80))
    length_s: Mapped[float] = mapped_column(Float)
    loudness_db: Mapped[float] = mapped_column(Float)
    """dBFS of the speech, as uploaded."""
    uploaded_by: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime] = mapped_column(Utc)
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    why: Mapped[str] = mapped_column(String(400), default="")
    """Of a refusal."""

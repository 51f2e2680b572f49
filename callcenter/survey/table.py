"""Rows of what belongs to a talk's survey beside the grade, which stands in the call's record."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class SurveyRow(Base):
    """One per call: an invitation to the page, what was written there, what was spoken on the telephone."""

    __tablename__ = "survey"

    call: Mapped[str] = mapped_column(String(80), primary_key=True)
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    """Of the link in the message. None: nobody was invited."""
    language: Mapped[str] = mapped_column(String(16))
    invited_at: Mapped[datetime | None] = mapped_column(Utc, index=True)
    expires_at: Mapped[datetime | None] = mapped_column(Utc)
    offered_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the message had arrived: from then on the survey counts as offered."""
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    """On the page."""
    comment: Mapped[bytes | None] = mapped_column(LargeBinary)
    """What was written there; encrypted like a number: people write names and numbers."""
    spoken: Mapped[str] = mapped_column(String(255), default="", server_default="")
    """What was said after a bad grade: path under the recordings folder."""
    spoken_millis: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    spoken_at: Mapped[datetime | None] = mapped_column(Utc)

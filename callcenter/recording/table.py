from datetime import datetime

from sqlalchemy import BigInteger, Float, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class RecordingRow(Base):
    """One conversation's sound: `due` when the talk ends, then sealed by the worker; a sweeper finds what it missed."""

    __tablename__ = "recording"

    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    file: Mapped[str] = mapped_column(String(255))
    """Stem under the recordings folder: MixMonitor's `<stem>-caller.wav` and `<stem>-seat.wav`, sealed `<stem>.wav`."""
    state: Mapped[str] = mapped_column(String(16), index=True)
    """due | sealed | missing | broken"""
    due_at: Mapped[datetime] = mapped_column(Utc)
    sealed_at: Mapped[datetime | None] = mapped_column(Utc)
    sha256: Mapped[str | None] = mapped_column(String(64))
    bytes: Mapped[int | None] = mapped_column(BigInteger)
    seconds: Mapped[float | None] = mapped_column(Float)
    caller_rms: Mapped[float | None] = mapped_column(Float)
    """0-1; 0 means the caller's side is silent: one-way audio."""
    seat_rms: Mapped[float | None] = mapped_column(Float)
    problem: Mapped[str] = mapped_column(String(255), default="")

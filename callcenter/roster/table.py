from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class ShiftRow(Base):
    """A person's time on duty. Two of one person never overlap."""

    __tablename__ = "shift"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    person: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    line: Mapped[str] = mapped_column(String(16), default="")
    """Empty: every line of the person's languages."""
    starts_at: Mapped[datetime] = mapped_column(Utc, index=True)
    ends_at: Mapped[datetime] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(String(100), default="")


class ShiftSwapRow(Base):
    """Somebody asks a colleague to take a shift, perhaps for one of the colleague's."""

    __tablename__ = "shift_swap"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    shift: Mapped[int] = mapped_column(ForeignKey("shift.id", ondelete="CASCADE"), index=True)
    in_return: Mapped[int | None] = mapped_column(ForeignKey("shift.id", ondelete="CASCADE"), index=True)
    by: Mapped[str] = mapped_column(String(64))
    to: Mapped[str] = mapped_column(String(64))
    at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(16), default="asked", index=True)
    answered_at: Mapped[datetime | None] = mapped_column(Utc)
    """By the colleague."""
    decided_by: Mapped[str] = mapped_column(String(64), default="")
    decided_at: Mapped[datetime | None] = mapped_column(Utc)
    note: Mapped[str] = mapped_column(String(200), default="")

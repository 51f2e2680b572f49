from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class SeatRow(Base):
    """A seat now: what is wanted, what is so. Its history is in the event log."""

    __tablename__ = "seat"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    state: Mapped[str] = mapped_column(String(16), default="signed_out")
    since: Mapped[datetime] = mapped_column(Utc)
    desired: Mapped[str] = mapped_column(String(16), default="signed_out")
    reason: Mapped[str] = mapped_column(String(64), default="")
    call: Mapped[str | None] = mapped_column(String(64))
    phone: Mapped[str | None] = mapped_column(String(8))
    wished_phone: Mapped[str | None] = mapped_column(String(8))
    microphone_tried: Mapped[bool] = mapped_column(default=True)
    missed: Mapped[int] = mapped_column(default=0)
    wrap_up_ends: Mapped[datetime | None] = mapped_column(Utc)

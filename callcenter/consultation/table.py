from datetime import datetime

from sqlalchemy import JSON, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class ConsultationRow(Base):
    """The case record of one answered call (话务工单), opened at answer by the engine, never by hand. DB32/T 3837."""

    __tablename__ = "consultation"

    call: Mapped[str] = mapped_column(String(64), primary_key=True)
    seat: Mapped[str] = mapped_column(String(32), index=True)
    opened_at: Mapped[datetime] = mapped_column(Utc)
    saved_at: Mapped[datetime | None] = mapped_column(Utc)
    """Last draft kept while typing."""
    closed_at: Mapped[datetime | None] = mapped_column(Utc)
    """Saved as finished: topic, reply and outcome are there."""
    version: Mapped[int] = mapped_column(default=0)
    topic: Mapped[str] = mapped_column(String(64), default="")
    identity: Mapped[str] = mapped_column(String(64), default="")
    groups: Mapped[list[str]] = mapped_column(JSON, default=list)
    request: Mapped[str] = mapped_column(Text, default="")
    reply: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(String(32), default="")
    place: Mapped[str] = mapped_column(String(12), default="")
    """Where the matter lies, a code of the site's places; goes to the call's row with each save."""
    order_no: Mapped[str | None] = mapped_column(String(16), index=True)
    """By which the caller asks how his matter stands (ivr/order.py): the seat tells him. Given when it is opened."""

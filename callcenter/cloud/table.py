"""Rows of calls that the number in the cloud took. What callers left there lies in `caller_request`."""

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class CloudCallRow(Base):
    __tablename__ = "cloud_call"

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    """The provider's CallSid."""
    began_at: Mapped[datetime] = mapped_column(Utc)
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    """Encrypted (storage/numbers.py). None: withheld."""
    language: Mapped[str] = mapped_column(String(16))
    recording: Mapped[str] = mapped_column(String(40), default="")
    """RecordingSid of the message that was left."""
    fetched_at: Mapped[datetime | None] = mapped_column(Utc)
    """When the message was brought here."""
    tries: Mapped[int] = mapped_column(default=0)
    """To bring it here."""

"""Rows of what callers left behind in a menu, for a person to work on."""

from datetime import datetime

from sqlalchemy import Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class CallerRequestRow(Base):
    """A message, or the wish to be called back. One of each kind per call."""

    __tablename__ = "caller_request"

    call: Mapped[str] = mapped_column(String(80), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)
    """`voicemail` or `callback`."""
    at: Mapped[datetime] = mapped_column(Utc, index=True)
    number: Mapped[bytes | None] = mapped_column(LargeBinary)
    """To call back; encrypted (storage/numbers.py). None: withheld."""
    number_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    language: Mapped[str] = mapped_column(String(16))
    file: Mapped[str] = mapped_column(String(255), default="")
    """Of a message: path under the recordings folder."""
    millis: Mapped[int] = mapped_column(Integer, default=0)
    """Length of the message."""
    order_no: Mapped[str | None] = mapped_column(String(16), unique=True)
    """What the caller was told, to ask how it stands (ivr/order.py). None: he was told none."""
    state: Mapped[str] = mapped_column(String(16), default="open", index=True)
    source: Mapped[str] = mapped_column(String(16), default="site", server_default="site")
    """`site`, or `cloud`: left at the number in the cloud while the site was down. `call` is the provider's then."""
    due_at: Mapped[datetime | None] = mapped_column(Utc)
    """Not called back before. None: as soon as it is its turn."""
    until_at: Mapped[datetime | None] = mapped_column(Utc)
    """Of an appointment: it is late after this. `due_at` is its begin."""
    topic: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """Of an appointment: the field of law, as in the catalogue."""
    made_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The person who made the appointment."""
    tries: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    reason: Mapped[str] = mapped_column(String(32), default="", server_default="")
    """Why it stands so: refused, cancelled, given up (callcenter/callback/model.py)."""
    merged_into: Mapped[str | None] = mapped_column(String(80))
    """Call of the older request of the same number and line."""
    taken_by: Mapped[str] = mapped_column(String(64), default="", server_default="")
    """The person who deals with it."""
    taken_at: Mapped[datetime | None] = mapped_column(Utc)
    ended_at: Mapped[datetime | None] = mapped_column(Utc)
    result: Mapped[str] = mapped_column(String(32), default="", server_default="")
    note: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    served_call: Mapped[str | None] = mapped_column(String(80))
    """The call in which a person talked with him."""

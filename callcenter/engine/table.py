from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class NodeRow(Base):
    """Where the engine of a node stands: after a crash it goes on from here."""

    __tablename__ = "node"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    cel_inode: Mapped[int] = mapped_column(BigInteger, default=0)
    cel_offset: Mapped[int] = mapped_column(BigInteger, default=0)
    """How far Asterisk's CEL file is known to be in the database."""
    seq: Mapped[int] = mapped_column(BigInteger, default=0)
    """Number of the newest event."""
    step: Mapped[int] = mapped_column(BigInteger, default=0)
    """Number of the newest step of the journal: one that was also kept in the file is not written again."""
    seen_at: Mapped[datetime] = mapped_column(Utc)
    """The engine was alive and caught up then."""

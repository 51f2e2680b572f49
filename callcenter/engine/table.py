from datetime import datetime

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import Utc


class NodeRow(Base):
    """How far the engine of a node has read Asterisk's CEL file: after a crash it goes on from there."""

    __tablename__ = "node"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    cel_inode: Mapped[int] = mapped_column(BigInteger, default=0)
    cel_offset: Mapped[int] = mapped_column(BigInteger, default=0)
    seen_at: Mapped[datetime] = mapped_column(Utc)
    """The engine was alive and caught up then."""

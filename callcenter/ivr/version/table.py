"""Rows of flows: what was published, in order, and what is being drafted."""

from datetime import datetime

from sqlalchemy import Boolean, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class FlowVersionRow(Base):
    """One published text of one flow. Appended to, never changed: this table is the audit of publishing."""

    __tablename__ = "flow_version"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    """Counts over all flows: the newest id names the set of texts that callers meet together."""
    flow: Mapped[str] = mapped_column(String(40))
    version: Mapped[int] = mapped_column(Integer)
    """Of this flow, 1, 2, 3 …"""
    yaml: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime] = mapped_column(Utc)
    published_by: Mapped[str] = mapped_column(String(64))
    why: Mapped[str] = mapped_column(String(500))
    rolled_back_from: Mapped[int | None] = mapped_column(Integer)
    """The version that was current when an older text was put back."""
    from_file: Mapped[bool] = mapped_column(Boolean, default=False)
    """Read from `flows_dir` at a start."""

    __table_args__ = (UniqueConstraint("flow", "version"),)


class FlowDraftRow(Base):
    """One draft per flow. `yaml` may be broken: nobody but the test number meets it."""

    __tablename__ = "flow_draft"

    flow: Mapped[str] = mapped_column(String(40), primary_key=True)
    yaml: Mapped[str] = mapped_column(Text)
    revision: Mapped[int] = mapped_column(Integer)
    """Counts every save: who saves must name the one he has seen."""
    base_version: Mapped[int | None] = mapped_column(Integer)
    """Version it was begun from; None: a new flow."""
    changed_at: Mapped[datetime] = mapped_column(Utc)
    changed_by: Mapped[str] = mapped_column(String(64))

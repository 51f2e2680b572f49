from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Float, ForeignKey, Integer, String, false
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.storage.base import Base
from callcenter.storage.columns import BigId, Utc


class AlarmRuleRow(Base):
    """A rule as the site has set it. No row: as `alarm/model.py` says."""

    __tablename__ = "alarm_rule"

    rule: Mapped[str] = mapped_column(String(32), primary_key=True)
    enabled: Mapped[bool] = mapped_column(Boolean)
    severity: Mapped[str] = mapped_column(String(16))
    limit: Mapped[float] = mapped_column(Float)
    back: Mapped[float] = mapped_column(Float)
    hold_s: Mapped[int] = mapped_column(Integer)
    clear_s: Mapped[int] = mapped_column(Integer)
    webhook: Mapped[bool] = mapped_column(Boolean)
    sms: Mapped[bool] = mapped_column(Boolean, default=False, server_default=false())
    quiet_from: Mapped[str] = mapped_column(String(5))
    """`22:00`, China's time; empty: no quiet hours."""
    quiet_to: Mapped[str] = mapped_column(String(5))


class AlarmRow(Base):
    """One alarm from its raising to its end; kept for good."""

    __tablename__ = "alarm"

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    rule: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(64), default="")
    up: Mapped[str | None] = mapped_column(String(100), unique=True)
    """`rule:subject` as long as it is up, so that there cannot be two; then empty."""
    severity: Mapped[str] = mapped_column(String(16))
    raised_at: Mapped[datetime] = mapped_column(Utc, index=True)
    limit: Mapped[float] = mapped_column(Float)
    """At the raising."""
    value: Mapped[float | None] = mapped_column(Float)
    worst: Mapped[float | None] = mapped_column(Float)
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    announced_at: Mapped[datetime | None] = mapped_column(Utc)
    """None: quiet hours."""
    acknowledged_at: Mapped[datetime | None] = mapped_column(Utc)
    acknowledged_by: Mapped[str] = mapped_column(String(64), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    cleared_at: Mapped[datetime | None] = mapped_column(Utc)


class AlarmDeliveryRow(Base):
    """One message to the webhook. `id` is the same at every attempt, so that the other side can tell them apart."""

    __tablename__ = "alarm_delivery"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    alarm: Mapped[int] = mapped_column(BigId, ForeignKey("alarm.id", ondelete="CASCADE"), index=True)
    change: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime] = mapped_column(Utc)
    state: Mapped[str] = mapped_column(String(16), index=True)
    """due | sent | given_up"""
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(Utc)
    problem: Mapped[str] = mapped_column(String(255), default="")


class AlarmWatchRow(Base):
    """Who judges the rules now: one process at a time, whoever holds this row until it runs out."""

    __tablename__ = "alarm_watch"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    holder: Mapped[str] = mapped_column(String(64))
    looked_at: Mapped[datetime] = mapped_column(Utc)
    until: Mapped[datetime] = mapped_column(Utc)

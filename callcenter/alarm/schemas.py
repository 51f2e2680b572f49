"""Alarms and rules as others see them."""

import re
from datetime import datetime, time
from typing import Any

from pydantic import BaseModel, Field, field_validator

from callcenter.alarm.model import SPECS, Rule, Setting, Severity, Spec, Unit
from callcenter.alarm.repository import clock_text
from callcenter.alarm.table import AlarmDeliveryRow, AlarmRow
from callcenter.instants import CHINA

CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(CHINA).isoformat()


class AlarmOut(BaseModel):
    """Times are ISO 8601 with China's offset. `value` null: its source is silent."""

    id: int
    rule: Rule
    subject: str
    severity: Severity
    unit: Unit
    state: str
    """raised | acknowledged | cleared"""
    raised_at: str
    limit: float
    value: float | None
    worst: float | None
    detail: dict[str, Any]
    quiet: bool
    """Raised in quiet hours that are not over yet: shown, not heard."""
    acknowledged_at: str | None
    acknowledged_by: str
    note: str
    cleared_at: str | None

    @staticmethod
    def of(row: AlarmRow) -> "AlarmOut":
        rule = Rule(row.rule)
        state = "cleared" if row.cleared_at else "acknowledged" if row.acknowledged_at else "raised"
        return AlarmOut(
            id=row.id,
            rule=rule,
            subject=row.subject,
            severity=Severity(row.severity),
            unit=SPECS[rule].unit,
            state=state,
            raised_at=iso(row.raised_at) or "",
            limit=row.limit,
            value=row.value,
            worst=row.worst,
            detail=row.detail,
            quiet=row.announced_at is None,
            acknowledged_at=iso(row.acknowledged_at),
            acknowledged_by=row.acknowledged_by,
            note=row.note,
            cleared_at=iso(row.cleared_at),
        )


class AlarmsOut(BaseModel):
    items: list[AlarmOut]
    total: int


class Acknowledge(BaseModel):
    note: str = Field("", max_length=500)


class RuleIn(BaseModel):
    """`quiet_from`, `quiet_to`: `22:00`, China's time; both or neither."""

    enabled: bool
    severity: Severity
    limit: float = Field(allow_inf_nan=False)
    back: float = Field(allow_inf_nan=False)
    hold_s: int = Field(ge=0, le=3600)
    clear_s: int = Field(ge=0, le=3600)
    webhook: bool
    sms: bool = False
    quiet_from: str = ""
    quiet_to: str = ""

    @field_validator("quiet_from", "quiet_to")
    @classmethod
    def _clock(cls, text: str) -> str:
        if text and not CLOCK.fullmatch(text):
            raise ValueError("write a time of day such as 22:00")
        return text

    def setting(self) -> Setting:
        values = self.model_dump() | {"quiet_from": _time(self.quiet_from), "quiet_to": _time(self.quiet_to)}
        return Setting(**values)


class RuleOut(RuleIn):
    rule: Rule
    unit: Unit
    low_is_bad: bool
    least: float
    most: float

    @staticmethod
    def of(rule: Rule, spec: Spec, setting: Setting) -> "RuleOut":
        return RuleOut(
            rule=rule,
            unit=spec.unit,
            low_is_bad=spec.low_is_bad,
            least=spec.least,
            most=spec.most,
            enabled=setting.enabled,
            severity=setting.severity,
            limit=setting.limit,
            back=setting.back,
            hold_s=setting.hold_s,
            clear_s=setting.clear_s,
            webhook=setting.webhook,
            sms=setting.sms,
            quiet_from=clock_text(setting.quiet_from),
            quiet_to=clock_text(setting.quiet_to),
        )


class RulesOut(BaseModel):
    rules: list[RuleOut]
    webhook: bool
    """An address for messages is configured (`alarm_webhook`)."""
    sms: int
    """So many numbers get short messages (`alarm_numbers` of `site/messages.yaml`); 0 without a gateway."""
    looked_at: str | None
    """When the rules were last held against the readings."""


def delivery_body(delivery: AlarmDeliveryRow, alarm: AlarmRow, *, node: str) -> dict[str, Any]:
    """What the webhook gets. No personal data: subjects are lines and seats."""
    return {
        "id": delivery.id,
        "event": f"alarm.{delivery.change}",
        "at": iso(delivery.at),
        "node": node,
        "alarm": AlarmOut.of(alarm).model_dump(mode="json", exclude={"note", "acknowledged_by"}),
    }


def _time(text: str) -> time | None:
    return time.fromisoformat(text) if text else None

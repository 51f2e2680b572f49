"""What every screen is told of alarms: those that are up, and whether anybody judges the rules at all."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from callcenter.alarm.model import SPECS
from callcenter.alarm.repository import Alarms
from callcenter.alarm.schemas import AlarmOut
from callcenter.board.model import Entity, iso

SILENT_AFTER = timedelta(seconds=30)
"""The watch says every few seconds that it looks, and is taken over within 20 s."""
TOLD = {
    "id", "rule", "subject", "severity", "unit", "state", "raised_at", "limit", "value", "quiet", "acknowledged_by",
}  # fmt: skip


def read_alarms(session: Session, now: datetime) -> tuple[dict[str, Entity | None], Entity]:
    """By number as text, and `{state: ok | silent, at}` of the watch."""
    alarms = Alarms(session)
    rows = {
        str(row.id): AlarmOut.of(row).model_dump(mode="json", include=TOLD) for row in alarms.up() if row.rule in SPECS
    }
    watch = alarms.watch()
    looked_at = watch.looked_at if watch else None
    silent = looked_at is None or now - looked_at > SILENT_AFTER
    return dict(rows), {"state": "silent" if silent else "ok", "at": iso(looked_at)}

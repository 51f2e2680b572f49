"""Every query of the alarms."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from callcenter.alarm.model import Rule, Setting, Severity, defaults
from callcenter.alarm.table import AlarmDeliveryRow, AlarmRow, AlarmRuleRow, AlarmWatchRow

THE_WATCH = 1
MOST_UP = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which alarms of the history; None: any. `start` <= raised_at < `end`."""

    start: datetime | None = None
    end: datetime | None = None
    rule: Rule | None = None
    up: bool | None = None
    limit: int = 50
    offset: int = 0


class Alarms:
    def __init__(self, session: Session) -> None:
        self._session = session

    # rules

    def settings(self, target: float) -> dict[Rule, Setting]:
        """`target` of the site for the connection rate: where the rule starts that nobody has set."""
        rows = {row.rule: row for row in self._session.scalars(select(AlarmRuleRow))}
        return {rule: _setting(rows[rule]) if rule in rows else start for rule, start in defaults(target).items()}

    def set(self, rule: Rule, setting: Setting) -> None:
        self._session.merge(
            AlarmRuleRow(
                rule=rule.value,
                enabled=setting.enabled,
                severity=setting.severity.value,
                limit=setting.limit,
                back=setting.back,
                hold_s=setting.hold_s,
                clear_s=setting.clear_s,
                webhook=setting.webhook,
                sms=setting.sms,
                quiet_from=clock_text(setting.quiet_from),
                quiet_to=clock_text(setting.quiet_to),
            )
        )

    # alarms

    def up(self) -> Sequence[AlarmRow]:
        """Those that are up, the newest first."""
        query = select(AlarmRow).where(AlarmRow.up.is_not(None)).order_by(AlarmRow.id.desc()).limit(MOST_UP)
        return self._session.scalars(query).all()

    def get(self, alarm: int) -> AlarmRow | None:
        return self._session.get(AlarmRow, alarm)

    def page(self, wanted: Wanted) -> tuple[Sequence[AlarmRow], int]:
        """The newest first, and how many there are in all."""
        conditions = _conditions(wanted)
        total = self._session.scalar(select(func.count()).select_from(AlarmRow).where(*conditions)) or 0
        query = select(AlarmRow).where(*conditions).order_by(AlarmRow.raised_at.desc(), AlarmRow.id.desc())
        return self._session.scalars(query.limit(wanted.limit).offset(wanted.offset)).all(), total

    def add(self, row: AlarmRow) -> None:
        self._session.add(row)
        self._session.flush()  # its number is wanted at once

    # messages to the webhook

    def add_delivery(self, row: AlarmDeliveryRow) -> None:
        self._session.add(row)

    def delivery(self, id_: str) -> tuple[AlarmDeliveryRow, AlarmRow] | None:
        query = select(AlarmDeliveryRow, AlarmRow).join(AlarmRow, AlarmRow.id == AlarmDeliveryRow.alarm)
        found = self._session.execute(query.where(AlarmDeliveryRow.id == id_)).one_or_none()
        return None if found is None else (found[0], found[1])

    def deliveries_due(self, now: datetime, limit: int) -> Sequence[str]:
        query = select(AlarmDeliveryRow.id).where(AlarmDeliveryRow.state == "due", AlarmDeliveryRow.next_at <= now)
        return self._session.scalars(query.order_by(AlarmDeliveryRow.next_at).limit(limit)).all()

    # who watches

    def watch(self, *, to_take: bool = False) -> AlarmWatchRow | None:
        """`to_take`: nobody else may read it so until this transaction ends."""
        return self._session.get(AlarmWatchRow, THE_WATCH, with_for_update=to_take or None)

    def take_watch(self, row: AlarmWatchRow) -> None:
        self._session.merge(row)


def clock_text(at: time | None) -> str:
    return "" if at is None else at.strftime("%H:%M")


def _setting(row: AlarmRuleRow) -> Setting:
    return Setting(
        enabled=row.enabled,
        severity=Severity(row.severity),
        limit=row.limit,
        back=row.back,
        hold_s=row.hold_s,
        clear_s=row.clear_s,
        webhook=row.webhook,
        sms=row.sms,
        quiet_from=time.fromisoformat(row.quiet_from) if row.quiet_from else None,
        quiet_to=time.fromisoformat(row.quiet_to) if row.quiet_to else None,
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.start is not None:
        conditions.append(AlarmRow.raised_at >= wanted.start)
    if wanted.end is not None:
        conditions.append(AlarmRow.raised_at < wanted.end)
    if wanted.rule is not None:
        conditions.append(AlarmRow.rule == wanted.rule.value)
    if wanted.up is not None:
        conditions.append(AlarmRow.up.is_not(None) if wanted.up else AlarmRow.up.is_(None))
    return conditions

"""An alarm's state machine. Pure: a value, the rule's setting and `now` go in, what happened comes out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from callcenter.alarm.model import Setting, Spec


class AlarmState(StrEnum):
    """
    off -> pending -> raised -> acknowledged
     ^________|         |            |
     ^__________________|____________|
    """

    OFF = "off"
    PENDING = "pending"
    """Broken, but not yet for the hold time."""
    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"


UP = frozenset({AlarmState.RAISED, AlarmState.ACKNOWLEDGED})


class Change(StrEnum):
    RAISED = "raised"
    ANNOUNCED = "announced"
    """From now on it may be heard: at once, or when the quiet hours are over."""
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    state: AlarmState = AlarmState.OFF
    broken_since: datetime | None = None
    well_since: datetime | None = None
    """Of an alarm that is up: since when its value is well again."""
    announced: bool = False
    value: float | None = None
    """Newest; None: its source is silent."""
    worst: float | None = None


def is_broken(spec: Spec, setting: Setting, value: float, *, up: bool) -> bool:
    """While it is up, the value must come back past `back`."""
    limit = setting.back if up else setting.limit
    return value < limit if spec.low_is_bad else value > limit


def observe(
    alarm: Alarm, spec: Spec, setting: Setting, value: float | None, now: datetime
) -> tuple[Alarm, tuple[Change, ...]]:
    """A silent source raises nothing, clears nothing, and both waits begin anew after it."""
    up = alarm.state in UP
    if value is None:
        silent = replace(alarm, value=None, broken_since=None, well_since=None)
        return _announced(silent if up else Alarm(), setting, now, ())
    if is_broken(spec, setting, value, up=up):
        since = alarm.broken_since or now
        worst = _worse(spec, alarm.worst, value)
        broken = replace(alarm, value=value, worst=worst, broken_since=since, well_since=None)
        if up:
            return _announced(broken, setting, now, ())
        if now - since < timedelta(seconds=setting.hold_s):
            return replace(broken, state=AlarmState.PENDING), ()
        return _announced(replace(broken, state=AlarmState.RAISED), setting, now, (Change.RAISED,))
    if not up:
        return Alarm(value=value), ()
    since = alarm.well_since or now
    if now - since >= timedelta(seconds=setting.clear_s):
        return Alarm(value=value), (Change.CLEARED,)
    return _announced(replace(alarm, value=value, broken_since=None, well_since=since), setting, now, ())


def withdrawn(alarm: Alarm) -> tuple[Alarm, tuple[Change, ...]]:
    """The rule was switched off, or what it watched is no more."""
    return Alarm(), ((Change.CLEARED,) if alarm.state in UP else ())


def _announced(
    alarm: Alarm, setting: Setting, now: datetime, changes: tuple[Change, ...]
) -> tuple[Alarm, tuple[Change, ...]]:
    """One that somebody has acknowledged meanwhile need not be heard any more."""
    if alarm.state is not AlarmState.RAISED or alarm.announced or setting.quiet_at(now):
        return alarm, changes
    return replace(alarm, announced=True), (*changes, Change.ANNOUNCED)


def _worse(spec: Spec, before: float | None, value: float) -> float:
    if before is None:
        return value
    return min(before, value) if spec.low_is_bad else max(before, value)

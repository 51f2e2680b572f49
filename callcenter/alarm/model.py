"""What is watched, with the limits that a site starts from, and what is read of it."""

from dataclasses import dataclass, field, replace
from datetime import datetime, time
from enum import StrEnum
from typing import Any

from callcenter.instants import CHINA


class Rule(StrEnum):
    """Stable: screens translate them, other programs test them."""

    RATE_LOW = "rate-low"
    """Connection rate of the last 24 hours; GB/T 33358-2016: at least 95 % over any continuous 24 hours."""
    LONG_WAIT = "long-wait"
    NO_SEAT = "no-seat"
    """Seats of a language that are on duty with a phone that rings; a seat on a break counts."""
    SEAT_UNREACHABLE = "seat-unreachable"
    ENGINE_SILENT = "engine-silent"
    ASTERISK_AWAY = "asterisk-away"
    TRUNK_DOWN = "trunk-down"
    """The carrier's gateway does not answer; silent where it is not asked (setting `trunk_options_s`)."""
    RECORDS_WAIT = "records-wait"
    """The engine cannot write: steps wait in its journal."""
    REDIS_DOWN = "redis-down"
    WORKER_DOWN = "worker-down"
    DISK_LOW = "disk-low"
    RECORDING_LOST = "recording-lost"
    """Talks of the last 24 hours whose sound is missing or broken."""
    DIFFERENCES = "differences"
    """Unexplained ones in the newest nightly comparison."""
    CALLBACK_OVERDUE = "callback-overdue"
    VOICEMAIL_OVERDUE = "voicemail-overdue"
    APPOINTMENT_LATE = "appointment-late"
    """Callbacks whose agreed hour is over and whom nobody has called."""
    VISIT_OVERDUE = "visit-overdue"
    """Return visits past their deadline in working days."""
    SPEECH_DOWN = "speech-down"
    """The recogniser of spoken menus does not answer: callers are asked for keys. Silent where there is none."""
    SMS_DOWN = "sms-down"
    """The oldest short message that should have gone by now; silent where the site has no gateway."""
    ROSTER_GAP = "roster-gap"
    """Hours of the next 24 in which a line has fewer persons on the roster than it needs."""


class Severity(StrEnum):
    SEVERE = "severe"
    """Callers suffer now. Never kept quiet."""
    WARNING = "warning"


class Unit(StrEnum):
    PERCENT = "percent"
    SECONDS = "seconds"
    HOURS = "hours"
    GIGABYTES = "gigabytes"
    COUNT = "count"
    YES_NO = "yes-no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What a site may change of a rule."""

    severity: Severity
    limit: float
    """Broken from here on, in the rule's unit."""
    back: float
    """A raised alarm ends only when this is reached again, so that a value at the limit does not ring all day."""
    hold_s: int = 0
    """So long without a break before it is raised."""
    clear_s: int = 10
    """So long well without a break before it ends."""
    enabled: bool = True
    webhook: bool = True
    sms: bool = False
    """A short message to the site's `alarm_numbers`, too."""
    quiet_from: time | None = None
    """China's time. Within quiet hours a warning is recorded and shown, without sound and webhook."""
    quiet_to: time | None = None

    def quiet_at(self, now: datetime) -> bool:
        if self.severity is Severity.SEVERE or self.quiet_from is None or self.quiet_to is None:
            return False
        local = now.astimezone(CHINA).time()
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= local < self.quiet_to
        return local >= self.quiet_from or local < self.quiet_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a rule measures. `low_is_bad`: broken below the limit, otherwise above it."""

    unit: Unit
    low_is_bad: bool = False
    least: float = 0
    most: float = 86_400
    """The limit may be set between these."""
    default: Setting


def _flag(severity: Severity, hold_s: int) -> Spec:
    """1 is bad, 0 is well; there is nothing to set a limit for."""
    default = Setting(severity=severity, limit=0, back=0, hold_s=hold_s)
    return Spec(unit=Unit.YES_NO, most=0, default=default)


W, S = Severity.WARNING, Severity.SEVERE
SPECS: dict[Rule, Spec] = {
    Rule.RATE_LOW: Spec(
        unit=Unit.PERCENT,
        low_is_bad=True,
        least=1,
        most=100,
        default=Setting(severity=W, limit=95, back=95.5, hold_s=300, clear_s=300),
    ),
    Rule.LONG_WAIT: Spec(unit=Unit.SECONDS, least=5, most=3600, default=Setting(severity=W, limit=60, back=30)),
    Rule.NO_SEAT: Spec(
        unit=Unit.COUNT, low_is_bad=True, least=1, most=500, default=Setting(severity=S, limit=1, back=1, hold_s=120)
    ),
    Rule.SEAT_UNREACHABLE: Spec(unit=Unit.SECONDS, most=3600, default=Setting(severity=W, limit=30, back=0)),
    Rule.ENGINE_SILENT: Spec(
        unit=Unit.SECONDS, least=2, most=600, default=Setting(severity=S, limit=5, back=3, clear_s=5)
    ),
    Rule.ASTERISK_AWAY: _flag(S, hold_s=10),
    Rule.TRUNK_DOWN: _flag(S, hold_s=30),
    Rule.RECORDS_WAIT: _flag(S, hold_s=10),
    Rule.REDIS_DOWN: _flag(S, hold_s=5),
    Rule.WORKER_DOWN: _flag(W, hold_s=30),
    Rule.DISK_LOW: Spec(
        unit=Unit.GIGABYTES, low_is_bad=True, most=100_000, default=Setting(severity=S, limit=5, back=6, hold_s=30)
    ),
    Rule.RECORDING_LOST: Spec(unit=Unit.COUNT, most=10_000, default=Setting(severity=W, limit=0, back=0)),
    Rule.DIFFERENCES: Spec(unit=Unit.COUNT, most=10_000, default=Setting(severity=W, limit=0, back=0)),
    Rule.CALLBACK_OVERDUE: Spec(unit=Unit.HOURS, most=720, default=Setting(severity=W, limit=4, back=4)),
    Rule.VOICEMAIL_OVERDUE: Spec(unit=Unit.HOURS, most=720, default=Setting(severity=W, limit=24, back=24)),
    Rule.APPOINTMENT_LATE: Spec(unit=Unit.COUNT, most=10_000, default=Setting(severity=W, limit=0, back=0)),
    Rule.VISIT_OVERDUE: Spec(unit=Unit.COUNT, most=10_000, default=Setting(severity=W, limit=0, back=0)),
    Rule.SPEECH_DOWN: _flag(W, hold_s=30),
    Rule.SMS_DOWN: Spec(
        unit=Unit.SECONDS, least=30, most=86_400, default=Setting(severity=W, limit=300, back=60, hold_s=30)
    ),
    Rule.ROSTER_GAP: Spec(unit=Unit.HOURS, most=24, default=Setting(severity=W, limit=0, back=0)),
}
"""A message asks for an answer within 24 hours, as the guide of the Ministry's website has it."""


def defaults(target: float) -> dict[Rule, Setting]:
    """What a site starts from; `target`: its own for the connection rate, as a fraction."""
    found = {rule: spec.default for rule, spec in SPECS.items()}
    limit = max(round(100 * target, 6), SPECS[Rule.RATE_LOW].least)
    found[Rule.RATE_LOW] = replace(found[Rule.RATE_LOW], limit=limit, back=min(limit + 0.5, 100))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of one rule. None: its source is silent, which is neither good nor bad."""

    rule: Rule
    subject: str = ""
    """Line, seat; empty: the whole site. Never a caller."""
    value: float | None
    detail: dict[str, Any] = field(default_factory=dict)

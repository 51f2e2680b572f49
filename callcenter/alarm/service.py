"""Who may acknowledge an alarm or change a rule, and what is noted of it."""

from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.alarm.model import SPECS, Rule, Setting, Spec, Unit
from callcenter.alarm.repository import Alarms, Wanted
from callcenter.alarm.schemas import AlarmOut, AlarmsOut, RuleOut, RulesOut, iso
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.message.rules import read_message_rules
from callcenter.report.intervals import in_order
from callcenter.storage.database import Database


class AlarmIsOver(Conflict):
    code = "alarm-is-over"


class AlarmService:
    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock

    def page(self, wanted: Wanted) -> AlarmsOut:
        in_order(wanted.start, wanted.end)
        with self._database.read() as session:
            rows, total = Alarms(session).page(wanted)
            return AlarmsOut(items=[AlarmOut.of(row) for row in rows if row.rule in SPECS], total=total)

    def acknowledge(self, person: Person, alarm: int, note: str) -> AlarmOut:
        """The first who takes it keeps it; a later one may add a note of his own under his name."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = Alarms(session).get(alarm)
            if row is None:
                raise NotFound(f"there is no alarm {alarm}")
            if row.cleared_at is not None:
                raise AlarmIsOver(f"alarm {alarm} ended by itself meanwhile; nothing is left to acknowledge")
            row.acknowledged_at = row.acknowledged_at or now
            row.acknowledged_by = row.acknowledged_by or person.id
            row.note = note or row.note
            Audit(session).add(now, person.id, "alarm-acknowledged", str(alarm), rule=row.rule, note=note)
            return AlarmOut.of(row)

    def rules(self) -> RulesOut:
        with self._database.read() as session:
            alarms = Alarms(session)
            settings, watch = alarms.settings(self._settings.target_connection), alarms.watch()
        rules, _ = read_message_rules(self._settings.flows_dir)
        return RulesOut(
            rules=[RuleOut.of(rule, SPECS[rule], setting) for rule, setting in settings.items()],
            webhook=bool(self._settings.alarm_webhook),
            sms=len(rules.alarm_numbers) if rules.gateway != "none" else 0,
            looked_at=iso(watch.looked_at) if watch else None,
        )

    def change(self, person: Person, rule: Rule, setting: Setting) -> RuleOut:
        """Raises BadInput with the field at fault; nothing is changed then."""
        check(rule, SPECS[rule], setting)
        with self._database.begin() as session:
            alarms = Alarms(session)
            before = alarms.settings(self._settings.target_connection)[rule]
            alarms.set(rule, setting)
            changed = {
                name: [str(getattr(before, name)), str(getattr(setting, name))]
                for name in Setting.__slots__
                if getattr(before, name) != getattr(setting, name)
            }
            Audit(session).add(self._clock.now(), person.id, "alarm-rule-changed", rule.value, **changed)
        return RuleOut.of(rule, SPECS[rule], setting)


def check(rule: Rule, spec: Spec, setting: Setting) -> None:
    if spec.unit is Unit.YES_NO and (setting.limit, setting.back) != (spec.default.limit, spec.default.back):
        raise BadInput(f"limit: {rule} is either so or not, it has no limit to set", field="limit")
    if not spec.least <= setting.limit <= spec.most:
        raise BadInput(f"limit: {setting.limit:g} is not between {spec.least:g} and {spec.most:g}", field="limit")
    if spec.low_is_bad and setting.back < setting.limit:
        raise BadInput(f"back: must not be below the limit {setting.limit:g}", field="back")
    if not spec.low_is_bad and not 0 <= setting.back <= setting.limit:
        raise BadInput(f"back: must be between 0 and the limit {setting.limit:g}", field="back")
    if spec.low_is_bad and setting.back > spec.most:
        raise BadInput(f"back: must not be above {spec.most:g}, or the alarm would never end", field="back")
    if (setting.quiet_from is None) != (setting.quiet_to is None):
        raise BadInput("quiet_from, quiet_to: give both, or neither", field="quiet_to")

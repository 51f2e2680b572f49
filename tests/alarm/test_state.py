"""What becomes of an alarm, second by second."""

from dataclasses import replace
from datetime import datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from callcenter.alarm.model import SPECS, Rule, Setting, Severity, defaults
from callcenter.alarm.state import UP, Alarm, AlarmState, Change, is_broken, observe, withdrawn
from tests.site import START

WAIT = SPECS[Rule.LONG_WAIT]
RATE = SPECS[Rule.RATE_LOW]
HELD = replace(WAIT.default, limit=60, back=30, hold_s=10, clear_s=5)

VALUES = st.one_of(st.none(), st.floats(0, 200, allow_nan=False))


class Line:
    """One alarm, told values."""

    def __init__(self, setting: Setting = HELD, at: datetime = START) -> None:
        self.alarm, self.setting, self.now = Alarm(), setting, at
        self.seen: list[Change] = []

    def says(self, value: float | None, seconds: float = 0) -> "Line":
        self.now += timedelta(seconds=seconds)
        self.alarm, changes = observe(self.alarm, WAIT, self.setting, value, self.now)
        self.seen += changes
        return self

    def acknowledged(self) -> "Line":
        self.alarm = replace(self.alarm, state=AlarmState.ACKNOWLEDGED)
        return self


def test_it_is_raised_only_after_its_hold_time() -> None:
    line = Line().says(61).says(61, 9)
    assert (line.alarm.state, line.seen) == (AlarmState.PENDING, [])
    assert line.says(61, 1).seen == [Change.RAISED, Change.ANNOUNCED]


def test_a_short_breach_is_forgotten() -> None:
    assert Line().says(61).says(10, 5).says(61, 1).says(61, 9).seen == []


def test_it_ends_only_when_the_value_is_back_past_the_second_limit_for_long_enough() -> None:
    line = Line().says(61).says(80, 10).says(45, 60)
    assert line.alarm.state is AlarmState.RAISED
    assert Change.CLEARED not in line.says(30, 1).says(30, 4).seen
    assert line.says(30, 1).seen[-1] is Change.CLEARED
    assert line.alarm == Alarm(value=30)


def test_a_relapse_starts_the_way_back_anew() -> None:
    line = Line().says(61).says(61, 10).says(10, 1).says(31, 4).says(10, 4).says(10, 4)
    assert line.alarm.state is AlarmState.RAISED


def test_a_silent_source_neither_raises_nor_clears_and_both_waits_begin_anew() -> None:
    assert Line().says(61).says(None, 60).says(61, 1).says(61, 9).seen == []
    line = Line().says(61).says(61, 10).says(10, 1).says(None, 60).says(10, 1).says(10, 4)
    assert line.alarm.state is AlarmState.RAISED


def test_the_worst_value_is_kept() -> None:
    assert Line().says(61).says(300, 10).says(70, 1).alarm.worst == 300
    assert is_broken(RATE, RATE.default, 94.9, up=False)
    assert not is_broken(RATE, RATE.default, 95, up=False), "95 % reaches the target of 95 %"
    assert is_broken(RATE, RATE.default, 95.2, up=True), "it must come back to 95.5 %"


NIGHT = replace(HELD, quiet_from=time(22), quiet_to=time(6, 30))


def test_in_quiet_hours_it_is_raised_and_heard_when_they_are_over() -> None:
    late = START.replace(hour=15)  # 23:00 in China
    line = Line(NIGHT, late).says(61).says(61, 10)
    assert line.seen == [Change.RAISED]
    assert line.says(61, 7 * 3600).seen == [Change.RAISED]
    assert line.says(61, 1800).seen == [Change.RAISED, Change.ANNOUNCED]


def test_one_that_was_acknowledged_in_quiet_hours_is_not_heard_afterwards() -> None:
    line = Line(NIGHT, START.replace(hour=15)).says(61).says(61, 10).acknowledged()
    assert line.says(61, 10 * 3600).seen == [Change.RAISED]


def test_a_severe_one_knows_no_quiet_hours() -> None:
    severe = replace(NIGHT, severity=Severity.SEVERE)
    assert Line(severe, START.replace(hour=15)).says(61).says(61, 10).seen == [Change.RAISED, Change.ANNOUNCED]


def test_quiet_hours_within_a_day_and_across_midnight() -> None:
    noon, midnight = START.replace(hour=4), START.replace(hour=16)
    assert not NIGHT.quiet_at(noon)
    assert NIGHT.quiet_at(midnight)
    assert replace(HELD, quiet_from=time(11), quiet_to=time(13)).quiet_at(noon)
    assert not HELD.quiet_at(midnight)


def test_a_rule_that_is_switched_off_ends_its_alarm() -> None:
    assert withdrawn(Line().says(61).says(61, 10).alarm) == (Alarm(), (Change.CLEARED,))
    assert withdrawn(Line().says(61).alarm) == (Alarm(), ())


@given(
    st.lists(st.tuples(VALUES, st.floats(0, 30), st.booleans()), max_size=60), st.integers(0, 20), st.integers(0, 20)
)
def test_whatever_it_is_told_raised_and_cleared_take_turns(
    told: list[tuple[float | None, float, bool]], hold: int, clear: int
) -> None:
    line = Line(replace(HELD, hold_s=hold, clear_s=clear))
    for value, seconds, taken in told:
        before, count = line.alarm, len(line.seen)
        line.says(value, seconds)
        changes = line.seen[count:]
        if value is None:
            assert not {Change.RAISED, Change.CLEARED} & set(changes)
            assert (line.alarm.state in UP) == (before.state in UP)
        if taken and line.alarm.state is AlarmState.RAISED:
            line.acknowledged()
    turns = [change for change in line.seen if change is not Change.ANNOUNCED]
    assert turns == [Change.RAISED, Change.CLEARED] * (len(turns) // 2) + [Change.RAISED] * (len(turns) % 2)
    assert (line.alarm.state in UP) == (len(turns) % 2 == 1)
    announced = [n for n, change in enumerate(line.seen) if change is Change.ANNOUNCED]
    assert all(line.seen[n - 1] is Change.RAISED for n in announced), "heard once for each raising"


def test_the_rate_rule_starts_from_the_target_of_the_site() -> None:
    starts = [defaults(target)[Rule.RATE_LOW] for target in (0.9, 0.57, 1, 0)]
    assert [(start.limit, start.back) for start in starts] == [(90, 90.5), (57, 57.5), (100, 100), (1, 1.5)]
    assert defaults(0.9)[Rule.LONG_WAIT] == defaults(0.95)[Rule.LONG_WAIT]

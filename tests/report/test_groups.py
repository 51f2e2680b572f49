"""Splits by the clock of China."""

import pytest

from callcenter.instants import DAY, HOUR, SECOND, parse_instant
from callcenter.report.definitions import CallFacts, Question, TooManyGroups, kpi
from callcenter.report.definitions.kpi import GROUPS_MAX


def keys(by: str, *starts: str) -> list[str | None]:
    calls = [CallFacts(parse_instant(start), outcome="blocked") for start in starts]
    question = Question(min(c.started for c in calls), max(c.started for c in calls) + 1, 0, 0, (by,))
    return [group.key[0] for group in kpi(calls, question, None).groups]


@pytest.mark.parametrize(
    ("by", "expected"),
    [
        ("quarter", ["2025-12-31T23:45:00+08:00", "2026-01-01T00:00:00+08:00"]),
        ("hour", ["2025-12-31T23:00:00+08:00", "2026-01-01T00:00:00+08:00"]),
        ("day", ["2025-12-31", "2026-01-01"]),
        ("week", ["2026-W01"]),
        ("month", ["2025-12", "2026-01"]),
    ],
)
def test_spans_begin_on_the_local_clock(by, expected):
    assert keys(by, "2025-12-31T15:59:59.9999999Z", "2025-12-31T16:00:00Z") == expected


def test_a_call_belongs_to_the_span_it_started_in_and_only_asked_spans_are_there():
    start = parse_instant("2026-01-05T10:00:00+08:00")
    calls = [CallFacts(start + n * HOUR, outcome="blocked") for n in (-1, 0, 1, 2)]
    answer = kpi(calls, Question(start, start + 2 * HOUR, 0, 0, ("hour",)), calls[0].started)
    assert [(group.key[0], group.tally.calls) for group in answer.groups] == [
        ("2026-01-05T10:00:00+08:00", 1),
        ("2026-01-05T11:00:00+08:00", 1),
    ]
    assert all("rolling" not in result.figure.variant for result in answer.groups[0].results)


def test_a_group_has_its_own_rolling_windows_within_all_data():
    def call(day: float, language: str, answered: bool) -> CallFacts:
        at = round(day * DAY)
        return CallFacts(at, at, None, at + SECOND if answered else None, at + 2 * SECOND, language=language)

    calls = [call(0, "zh", True), call(0.5, "bo", False), call(0.9, "bo", True), call(1.6, "zh", True)]
    answer = kpi(calls, Question(0, 2 * DAY, 0, 0, ("language",)), 0)
    worst = {group.key[0]: group.results[3] for group in answer.groups}
    # bo began at 0.5, but the data at 0: its window ends when its first call leaves it
    assert (worst["bo"].numerator, worst["bo"].denominator, worst["bo"].at) == (1, 1, 1.5 * DAY)
    assert (worst["zh"].numerator, worst["zh"].denominator, worst["zh"].at) == (1, 1, 1.6 * DAY)


def test_too_many_groups_are_refused_not_printed():
    calls = [CallFacts(n, language=str(n)) for n in range(GROUPS_MAX + 1)]
    with pytest.raises(TooManyGroups, match="longer step"):
        kpi(calls, Question(0, DAY, 0, 0, ("language",)), 0)

"""One day's figures from four sides: the report, the records by a plain second writing, the event log folded once more,
and the database asked in another way. All are equal, before and after the roll-ups are built anew."""

import json
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import select, text

from callcenter.call.events import CallEvent
from callcenter.call.model import CallRecord
from callcenter.call.state import evolve
from callcenter.call.table import EventRow
from callcenter.storage.event_log import from_row
from tests.asterisk.api import Record
from tests.asterisk.desk import Desk
from tests.report import naive

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
CLOCKS = ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "wrap_up_ended_at")

# asked in another way than the report does: by subtraction, by joins with itself, by the order of waits
OTHERWISE = """
SELECT (SELECT count(*) FROM call WHERE started_at >= :since),
 (SELECT count(*) FROM call WHERE started_at >= :since) -
  (SELECT count(*) FROM call WHERE started_at >= :since AND queued_at IS NULL),
 (SELECT count(DISTINCT a.id) FROM call a JOIN call b ON a.id = b.id AND b.answered_at >= a.started_at
  WHERE a.started_at >= :since),
 (SELECT sum(answered_at) - sum(queued_at) FROM call WHERE started_at >= :since AND answered_at IS NOT NULL),
 (SELECT w FROM (SELECT coalesce(answered_at, ended_at) - queued_at AS w FROM call WHERE started_at >= :since
  AND (answered_at IS NOT NULL OR outcome = 'abandoned_queue')) AS waits ORDER BY w DESC LIMIT 1)
"""


def assert_the_same_from_every_side(story: Desk, records: list[Record]) -> None:
    until = datetime.now(UTC) + timedelta(seconds=1)
    shown = _report(story, until)
    limits = (_seconds(story.since), _seconds(until), Fraction(15), Fraction(5))
    _assert_equal(shown, naive.report([_of_record(record) for record in records], *limits))
    _assert_equal(shown, naive.report([_of_fold(record) for record in _folded(story)], *limits))
    with story.system.database.read() as session:
        since = (story.since - EPOCH) // timedelta(microseconds=1)
        calls, queued, answered, waited, longest = session.execute(text(OTHERWISE), {"since": since}).one()
    figures = _by_name(shown)
    assert (calls, queued, answered) == tuple(shown["counts"][name] for name in ("in", "to_seat", "answered"))
    assert float(waited) / 10**6 == pytest.approx(figures["asa_s", "all"]["numerator"])
    assert float(longest) / 10**6 == pytest.approx(figures["longest_wait_s", "all"]["value"])
    rebuilt = story.system.command("rollup", "rebuild")
    assert rebuilt.returncode == 0, rebuilt.stderr
    assert _report(story, until) == shown
    assert story.system.command("rollup", "check").returncode == 0


def _report(story: Desk, until: datetime) -> dict[str, Any]:
    window = ("--from", story.since.isoformat(), "--to", until.isoformat())
    return dict(json.loads(story.system.command("report", "kpi", *window, "--json").stdout))


def _by_name(report: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(figure["name"], figure["variant"]): figure for figure in report["figures"]}


def _assert_equal(shown: dict[str, Any], expected: dict[tuple[str, str], tuple[Any, ...]]) -> None:
    figures = _by_name(shown)
    for name, (numerator, denominator, *_) in expected.items():
        assert figures[name]["numerator"] == pytest.approx(float(numerator), abs=1e-9), name
        assert figures[name]["denominator"] == denominator, name


def _folded(story: Desk) -> list[CallRecord]:
    """The records once more, from what the engine said in the order in which it said it."""
    found: dict[str, CallRecord] = {}
    with story.system.database.read() as session:
        rows = session.scalars(select(EventRow).where(EventRow.call.is_not(None)).order_by(EventRow.seq)).all()
        events = [from_row(row) for row in rows]
    for event in events:
        if isinstance(event, CallEvent):
            found[event.call] = evolve(found.get(event.call), event)
    return [record for record in found.values() if record.started_at >= story.since]


def _seconds(at: datetime | None) -> Fraction | None:
    return None if at is None else Fraction((at - EPOCH) // timedelta(microseconds=1), 10**6)


def _of_record(record: Record) -> naive.Row:
    clocks = {name: record[name] and _seconds(datetime.fromisoformat(record[name])) for name in CLOCKS}
    same = {name: record[name] for name in ("outcome", "grade", "survey_offered")}
    return clocks | same | {"hold_seconds": Fraction(round(record["hold_seconds"] * 10**6), 10**6)}


def _of_fold(record: CallRecord) -> naive.Row:
    clocks = {name: _seconds(getattr(record, name)) for name in CLOCKS}
    hold = Fraction(record.hold // timedelta(microseconds=1), 10**6)
    same = {"outcome": record.outcome, "grade": record.grade, "survey_offered": record.survey_offered}
    return clocks | same | {"hold_seconds": hold}

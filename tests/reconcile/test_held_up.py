"""Asterisk is held up between two steps of one moment: which clocks are excused, and which never."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.asterisk import queue_log
from callcenter.asterisk.cel_line import parse_line
from callcenter.asterisk.cel_story import CelStory
from callcenter.asterisk.events import SeatCompleted
from callcenter.asterisk.queue_log import QueueLine
from callcenter.call.model import CallRecord
from callcenter.call.table import CallRow
from callcenter.ids import Linkedid
from callcenter.reconcile.clocks import HELD_UP_MAX, held_up
from callcenter.reconcile.model import Kind, Reason, Witness
from tests.reconcile.given import ANSWERED, TRACES, RecordedDay

CEL, LOG = Kind.CEL_DIFFERS, Kind.QUEUE_LOG_DIFFERS
MAX_S = HELD_UP_MAX.total_seconds()


def shift(file: Path, having: tuple[str, ...], separator: str, column: int, by_s: float) -> None:
    """Move the clock of the one line that has all these words."""
    lines = file.read_text().splitlines(keepends=True)
    (number,) = [number for number, line in enumerate(lines) if all(word in line for word in having)]
    at = lines[number].split(separator)[column]
    moved = str(int(at) + int(by_s)) if at.isdecimal() else f"{float(at) + by_s:.6f}"
    lines[number] = lines[number].replace(at, moved, 1)
    file.write_text("".join(lines))


def noted(day: RecordedDay, event: str, by_s: float) -> None:
    shift(day.queue_log, (f"|{ANSWERED}|", f"|{event}|"), "|", 0, by_s)


def told(day: RecordedDay, line: str, by_s: float) -> None:
    shift(day.cel, (f'"{line}"', f'"{ANSWERED}","{ANSWERED}"', '"Queue"'), '"', 3, by_s)


def reasons(day: RecordedDay) -> dict[tuple[Kind, str], Reason]:
    return {(found.kind, found.field): found.reason for found in day.compare().differences}


@pytest.mark.parametrize(
    ("event", "clock"), [("ENTERQUEUE", "queued_at"), ("CONNECT", "answered_at"), ("COMPLETEAGENT", "ended_at")]
)
@pytest.mark.parametrize(
    ("by_s", "reason"),
    [(3, Reason.HELD_UP), (MAX_S, Reason.HELD_UP), (MAX_S + 1, Reason.UNKNOWN), (-2, Reason.UNKNOWN)],
)
def test_the_queue_log_may_be_late_where_record_and_cel_file_agree(
    day: RecordedDay, event: str, clock: str, by_s: float, reason: Reason
) -> None:
    noted(day, event, by_s)
    assert reasons(day) == {(LOG, clock): reason}


def test_queue_may_be_begun_before_the_caller_is_in_line_where_record_and_queue_log_agree(day: RecordedDay) -> None:
    told(day, "APP_START", -1.6)
    assert reasons(day) == {(CEL, "queued_at"): Reason.HELD_UP}


@pytest.mark.parametrize(("by_s", "excused"), [(-MAX_S, True), (-0.001, True), (-MAX_S - 0.001, False), (0.001, False)])
def test_the_cel_file_may_be_early_and_never_late(by_s: float, excused: bool) -> None:
    at = datetime(2026, 11, 22, 6, 0, 1, 500_000, tzinfo=UTC)
    record = CallRecord(linkedid=Linkedid(ANSWERED), started_at=at, queued_at=at)
    cel = replace(record, queued_at=at + timedelta(seconds=by_s))
    line = QueueLine(int(at.timestamp()), ANSWERED, "zh", "NONE", queue_log.ENTERED)
    assert ((Witness.CEL, "queued_at") in held_up(record, cel, [line])) is excused


@pytest.mark.parametrize("clock", ["queued_at", "answered_at", "ended_at"])
@pytest.mark.parametrize("by_s", [-4, -2.5, 2.5, 4])
def test_a_record_that_stands_alone_is_never_excused(day: RecordedDay, clock: str, by_s: float) -> None:
    with day.database.begin() as session:
        row = session.get(CallRow, ANSWERED)
        assert row is not None
        setattr(row, clock, getattr(row, clock) + timedelta(seconds=by_s))
    found = reasons(day)
    assert set(found) == {(Kind.EVENTS_DIFFER, clock), (CEL, clock), (LOG, clock)}
    assert set(found.values()) == {Reason.UNKNOWN}


def test_three_who_all_tell_another_time_are_not_excused(day: RecordedDay) -> None:
    told(day, "APP_START", -1.6)
    noted(day, "ENTERQUEUE", 3)
    assert set(reasons(day).values()) == {Reason.UNKNOWN}


def test_a_talk_is_over_when_the_seat_leaves_the_bridge_for_good() -> None:
    at, left = end_of_talk(lambda line: line), end_of_talk(late)
    assert left == at


def test_a_talk_is_over_when_the_caller_who_hangs_up_leaves_it() -> None:
    talk = "answered-caller-hangs-up"
    at, left = end_of_talk(lambda line: line, talk), end_of_talk(late, talk)
    assert left == at


def test_a_seat_that_went_elsewhere_from_the_bridge_ends_with_its_hangup() -> None:
    at, left = end_of_talk(lambda line: line), end_of_talk(lambda line: elsewhere(late(line)))
    assert timedelta(seconds=1) <= left - at < timedelta(seconds=1.1)


def late(line: str) -> str:
    """The HANGUPs that end a talk, and what follows them, a second later; every other line as it is."""
    if line.split('"')[1] not in ("HANGUP", "CHAN_END", "LINKEDID_END") or '"after-talk"' in line:
        return line
    at = line.split('"')[3]
    return line.replace(at, f"{float(at) + 1:.6f}", 1)


def elsewhere(line: str) -> str:
    return line.replace('"AppQueue"', '"Dial"') if '"HANGUP"' in line else line


def end_of_talk(changed: Callable[[str], str], talk: str = "answered-survey") -> datetime:
    """As the CEL file's story tells it; the caller stays for the survey, if nothing else is said."""
    trace = next(trace for trace in TRACES if trace.stem == talk).with_suffix(".cel.csv")
    lines = [parse_line(text) for text in map(changed, trace.read_text().splitlines())]
    story = CelStory({})
    told = [event for line in sorted(lines, key=lambda line: line.at) for event in story.tell(line)]
    (end,) = [event.at for event in told if isinstance(event, SeatCompleted)]
    return end

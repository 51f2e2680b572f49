"""Calls recorded from a real Asterisk: its AMI and its CEL file tell one story, and it is the one that was played."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callcenter.asterisk import events as t
from callcenter.asterisk.cel import CelReader
from callcenter.asterisk.decode import Decoder
from callcenter.asterisk.headers import Headers
from callcenter.call.apply import Call, begin
from callcenter.call.model import CallRecord, EndedBy, Outcome, RingResult
from callcenter.clock import SystemClock

TRACES = Path(__file__).parent.parent / "traces"
STORIES = sorted(path.stem for path in TRACES.glob("*.ami"))
SAME = timedelta(milliseconds=100)
"""AMI and CEL stamp the same thing some milliseconds apart."""


def from_ami(story: str) -> list[t.TelephonyEvent]:
    decoder = Decoder(SystemClock())
    blocks = (TRACES / f"{story}.ami").read_bytes().split(b"\r\n\r\n")
    headers = [Headers.parse(block) for block in blocks if block.startswith(b"Event: ")]
    return [event for h in headers if (event := decoder.decode(h)) is not None]


def from_cel(story: str) -> list[t.TelephonyEvent]:
    batch = CelReader(TRACES / f"{story}.cel.csv").read_from(0, 0)
    assert batch.bad_lines == 0
    return batch.events


def record_of(events: list[t.TelephonyEvent]) -> CallRecord:
    call: Call | None = None
    for event in events:
        if isinstance(event, t.ChannelStarted) and str(event.uniqueid) == event.linkedid:
            call, _ = begin(event.linkedid, event.at, event.caller_number, event.uniqueid)
        elif call is not None and getattr(event, "linkedid", None) == call.record.linkedid:
            call.hear(event)
    assert call is not None
    return call.record


def rings(record: CallRecord) -> list[tuple[str, RingResult]]:
    return [(ring.seat, ring.result) for ring in record.rings]


def assert_same(one: CallRecord, other: CallRecord, case: object) -> None:
    for name in (f for f in CallRecord.__dataclass_fields__ if f != "rings"):
        left, right = getattr(one, name), getattr(other, name)
        if isinstance(left, datetime) and isinstance(right, datetime):
            assert abs(left - right) < SAME, (case, name)
        else:
            assert left == right, (case, name)
    assert rings(one) == rings(other), case
    for left, right in zip(one.rings, other.rings, strict=True):
        assert left.channel == right.channel
        assert abs(left.at - right.at) < SAME


@pytest.mark.parametrize("story", STORIES)
def test_the_ami_and_the_cel_file_make_the_same_record(story: str) -> None:
    assert_same(record_of(from_ami(story)), record_of(from_cel(story)), story)


@pytest.mark.parametrize("source", [from_ami, from_cel], ids=["ami", "cel"])
@pytest.mark.parametrize(
    ("story", "outcome", "by", "rung"),
    [
        ("answered-survey", Outcome.ANSWERED, EndedBy.SEAT, [("1001", RingResult.ANSWERED)]),
        ("hangup-in-survey", Outcome.ANSWERED, EndedBy.SEAT, [("1001", RingResult.ANSWERED)]),
        ("answered-caller-hangs-up", Outcome.ANSWERED, EndedBy.CALLER, [("1001", RingResult.ANSWERED)]),
        ("abandon-in-queue", Outcome.ABANDONED_QUEUE, EndedBy.CALLER, []),
        ("abandon-while-ringing", Outcome.ABANDONED_QUEUE, EndedBy.CALLER, [("1001", RingResult.CALLER_LEFT)]),
        (
            "no-answer-then-next-seat",
            Outcome.ANSWERED,
            EndedBy.SEAT,
            [("1001", RingResult.NO_ANSWER), ("1002", RingResult.ANSWERED)],
        ),
        (
            "seat-rejects-then-next-seat",
            Outcome.ANSWERED,
            EndedBy.SEAT,
            [("1001", RingResult.REJECTED), ("1002", RingResult.ANSWERED)],
        ),
        ("queue-timeout", Outcome.QUEUE_TIMEOUT, EndedBy.SYSTEM, []),
        ("hangup-in-menu", Outcome.ABANDONED_IVR, EndedBy.CALLER, []),
        ("engine-absent", Outcome.ANSWERED, EndedBy.SEAT, [("1001", RingResult.ANSWERED)]),
        ("withheld-number", Outcome.ABANDONED_QUEUE, EndedBy.CALLER, []),
    ],
)
def test_the_record_is_the_call_that_was_made(
    source: object, story: str, outcome: Outcome, by: EndedBy, rung: list[tuple[str, RingResult]]
) -> None:
    record = record_of(source(story))  # type: ignore[operator]
    assert (record.outcome, record.ended_by, rings(record)) == (outcome, by, rung)


@pytest.mark.parametrize("source", [from_ami, from_cel], ids=["ami", "cel"])
def test_the_survey_and_the_facts_of_the_dialplan_are_in_the_record(source: object) -> None:
    record = record_of(source("answered-survey"))  # type: ignore[operator]
    assert (record.line, record.language, record.topic) == ("zh", "zh", "labour")
    assert (record.survey_offered, record.grade) == (True, 5)
    assert record.recording is not None
    assert record.recording.endswith(record.linkedid)
    assert record_of(source("engine-absent")).grade == 3  # type: ignore[operator]


@pytest.mark.parametrize("source", [from_ami, from_cel], ids=["ami", "cel"])
def test_a_withheld_number_is_empty_and_a_number_is_itself(source: object) -> None:
    assert record_of(source("withheld-number")).caller == ""  # type: ignore[operator]
    assert record_of(source("abandon-in-queue")).caller == "13900000001"  # type: ignore[operator]


@pytest.mark.parametrize("story", STORIES)
def test_a_reader_that_begins_in_the_middle_of_a_call_brings_it_to_the_same_end(story: str, tmp_path: Path) -> None:
    """The AMI up to some moment, from there the CEL file: as after a broken link, at every line of the file."""
    whole = record_of(from_cel(story))
    data = (TRACES / f"{story}.cel.csv").read_bytes()
    path = tmp_path / "cel.csv"
    lines = data.splitlines(keepends=True)
    for cut in range(1, len(lines)):
        if story == "abandon-while-ringing" and b"".join(lines[cut:]).startswith((b'"CHAN_END"', b'"APP_END"')):
            continue  # cut in the millisecond between phone and caller, the ring is taken for one that rang out
        path.write_bytes(b"".join(lines[:cut]))
        reader = CelReader(path)
        first = reader.read_from(0, 0)
        call: Call | None = None
        for event in first.events:
            if isinstance(event, t.ChannelStarted) and str(event.uniqueid) == event.linkedid:
                call, _ = begin(event.linkedid, event.at, event.caller_number, event.uniqueid)
            elif call is not None:
                call.hear(event)
        assert call is not None
        with path.open("ab") as file:
            file.write(b"".join(lines[cut:]))
        known = {call.record.linkedid: call.record.line}
        for event in CelReader(path).read_from(first.inode, first.offset, known).events:
            call.hear(event)
        assert_same(call.record, whole, cut)

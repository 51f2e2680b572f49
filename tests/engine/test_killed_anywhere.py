"""Kill the engine after any event of a recorded call: with Asterisk's own CEL file the record becomes the same.

Pure: the memory is thrown away, the record comes back as the database had it, the CEL file is read, nothing else.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from callcenter.asterisk.cel import CelReader
from callcenter.asterisk.events import TelephonyEvent
from callcenter.call.apply import Call
from callcenter.call.model import CallRecord
from callcenter.engine.registry import Registry
from callcenter.ids import Linkedid, Uniqueid
from callcenter.replay.service import AnyCaller, telephony_events

TRACES = sorted(Path(__file__).parent.parent.joinpath("traces").glob("*.ami"))
CLOSE = timedelta(milliseconds=50)
"""AMI and CEL stamp the same moment of a call some milliseconds apart."""


def live(trace: Path) -> list[TelephonyEvent]:
    return [event for event in telephony_events(trace.read_bytes()) if event is not None]


def cel(trace: Path) -> list[TelephonyEvent]:
    return list(CelReader(trace.with_suffix(".cel.csv")).read_from(0, 0).events)


def fold(registry: Registry, events: list[TelephonyEvent], records: dict[Linkedid, CallRecord]) -> None:
    for event in events:
        registry.hear(event)
        linkedid = Linkedid(getattr(event, "linkedid", ""))
        if (record := registry.record(linkedid)) is not None:
            records[linkedid] = record
        registry.settle()


def whole(events: list[TelephonyEvent]) -> dict[Linkedid, CallRecord]:
    records: dict[Linkedid, CallRecord] = {}
    fold(Registry(inbound=AnyCaller()), events, records)
    return records


def killed_after(events: list[TelephonyEvent], told_again: list[TelephonyEvent]) -> dict[Linkedid, CallRecord]:
    records = whole(events)
    registry = Registry(inbound=AnyCaller())
    for linkedid, record in records.items():
        if record.live:
            registry.calls[linkedid] = Call(record, Uniqueid(linkedid))
        else:
            registry.remember_ended([linkedid])
    fold(registry, told_again, records)
    return records


def same(one: CallRecord, other: CallRecord) -> bool:
    def near(a: datetime | None, b: datetime | None) -> bool:
        return (a is None) == (b is None) and (a is None or b is None or abs(a - b) <= CLOSE)

    clocks = ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "left_at")
    if not all(near(getattr(one, name), getattr(other, name)) for name in clocks):
        return False
    unclocked = dict.fromkeys(clocks) | {"rings": ()}
    rings = [[(r.seat, r.channel, r.result) for r in record.rings] for record in (one, other)]
    return replace(one, **unclocked) == replace(other, **unclocked) and rings[0] == rings[1]  # type: ignore[arg-type]


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.stem)
def test_the_cel_file_alone_tells_the_same_call(trace: Path) -> None:
    told, rebuilt = whole(live(trace)), whole(cel(trace))
    assert set(told) == set(rebuilt)
    for linkedid, record in told.items():
        assert same(record, rebuilt[linkedid]), f"live {record}\nfile {rebuilt[linkedid]}"


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.stem)
def test_an_engine_killed_after_any_event_leaves_the_same_record(trace: Path) -> None:
    events, file = live(trace), cel(trace)
    told = whole(events)
    for cut in range(len(events)):
        rebuilt = killed_after(events[:cut], file)
        assert set(rebuilt) == set(told), f"killed after event {cut}"
        for linkedid, record in told.items():
            assert same(record, rebuilt[linkedid]), (
                f"killed after event {cut} ({events[cut - 1]})\nlive {record}\nthen {rebuilt[linkedid]}"
            )


@pytest.mark.parametrize("trace", TRACES, ids=lambda trace: trace.stem)
def test_events_told_twice_or_with_one_missing_never_double_a_call(trace: Path) -> None:
    events = live(trace)
    calls = set(whole(events))
    assert whole([event for event in events for _ in range(2)]) == whole(events)
    for missing in range(len(events)):
        assert len(whole(events[:missing] + events[missing + 1 :])) <= len(calls)

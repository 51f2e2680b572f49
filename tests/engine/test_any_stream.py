"""Whatever order, doubling or gaps Asterisk's events come with: no exception, no call twice, and the record stays the
fold of what was said of it. Recorded calls, and rooms told at random."""

import random
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.asterisk import events as t
from callcenter.asterisk.events import TelephonyEvent
from callcenter.call import events as e
from callcenter.call.model import CallRecord
from callcenter.call.state import evolve
from callcenter.engine.registry import Registry
from callcenter.ids import Linkedid, SeatId, Uniqueid
from callcenter.replay.service import AnyCaller, telephony_events
from tests.engine.test_rooms import OWN, Room
from tests.given import examples
from tests.story import at, ready_seat

TRACES = sorted(Path(__file__).parent.parent.joinpath("traces").glob("*.ami"))
STREAMS = [[event for event in telephony_events(trace.read_bytes()) if event] for trace in TRACES]
ONCE = ("CallStarted", "CallEnded", "TalkEnded", "WrapUpEnded")

TURNS = ("wait", "talk", "left", "comes", "back", "goes", "away", "nobody", "done")

chances = st.randoms(use_true_random=False)


@st.composite
def rooms(draw) -> list[TelephonyEvent]:
    """A talk of which anything may become: parties come and go, the caller waits, somebody is not reached."""
    room = Room()
    second = 10.0
    for what in draw(st.lists(st.sampled_from(TURNS), max_size=14)):
        second += draw(st.sampled_from((0, 0.5, 3)))
        match what:
            case "wait" | "talk" | "left":
                room.fact_room(second, what)
            case "comes":
                room.comes(second, "1002", f"p-{draw(st.integers(1, 3))}")
            case "back":
                room.comes(second, "1001", OWN)
            case "goes":
                room.goes(second, f"p-{draw(st.integers(1, 3))}")
            case "away":
                room.goes(second, OWN)
            case "nobody":
                room.hear(t.PartyUnreached(at=at(second), linkedid=room.call, reason=3))
            case "done":
                room.first_seat_completes(second)
    room.gone(second + 1)
    return room.told


def any_registry() -> Registry:
    return Registry(inbound=AnyCaller(), seats={SeatId(s): ready_seat(s) for s in ("1001", "1002", "1003")})


def told(events: Iterable[TelephonyEvent]) -> tuple[dict[Linkedid, CallRecord], dict[Linkedid, list[e.CallEvent]]]:
    registry = any_registry()
    records: dict[Linkedid, CallRecord] = {}
    happened: dict[Linkedid, list[e.CallEvent]] = {}
    for event in events:
        for domain in registry.hear(event):
            if isinstance(domain, e.CallEvent):
                happened.setdefault(domain.call, []).append(domain)
        for linkedid in happened:
            record = registry.record(linkedid)
            if record is not None:
                records[linkedid] = record
        registry.settle()
    return records, happened


def assert_one_record_each(events: Iterable[TelephonyEvent]) -> None:
    records, happened = told(events)
    assert set(records) == set(happened)
    for linkedid, said in happened.items():
        folded = None
        for event in said:
            if not isinstance(event, e.WrapUpEnded):  # also after the caller left: it is no longer in memory then
                folded = evolve(folded, event)
        assert folded == replace(records[linkedid], wrap_up_ended_at=None)
        kinds = [type(event).__name__ for event in said]
        assert [kind for kind in ONCE if kinds.count(kind) > 1] == []


def merged(rng: random.Random, streams: list[list[TelephonyEvent]]) -> list[TelephonyEvent]:
    """In one stream, each in its own order."""
    turns = [number for number, stream in enumerate(streams) for _ in stream]
    rng.shuffle(turns)
    waiting = [iter(stream) for stream in streams]
    return [next(waiting[number]) for number in turns]


def damaged(rng: random.Random, events: list[TelephonyEvent]) -> list[TelephonyEvent]:
    """Some of: cut at either end, thinned out, doubled, moved a few places, shuffled altogether."""
    found = list(events)
    if rng.random() < 0.4:
        low, high = sorted(rng.randrange(len(found) + 1) for _ in range(2))
        found = found[low:high]
    if rng.random() < 0.4:
        found = [event for event in found if rng.random() < 0.8]
    if rng.random() < 0.6:
        found = [event for event in found for _ in range(rng.choice((1, 1, 2, 3)))]
    if rng.random() < 0.5:
        places = {id(event): number + rng.random() * 6 for number, event in enumerate(found)}
        found.sort(key=lambda event: places[id(event)])
    elif rng.random() < 0.3:
        rng.shuffle(found)
    return found


def without_wrap_up(records: dict[Linkedid, CallRecord]) -> dict[Linkedid, CallRecord]:
    """The recorded calls have one and the same seat, which goes on to the next while it would still be writing."""
    return {linkedid: replace(record, wrap_up_ended_at=None) for linkedid, record in records.items()}


@settings(max_examples=examples(40), deadline=None)
@given(st.lists(st.sampled_from(range(len(STREAMS))), unique=True, min_size=2, max_size=6), chances)
def test_any_interleaving_of_calls_folds_each_to_its_one_record(numbers, rng):
    streams = [STREAMS[number] for number in numbers]
    together, _ = told(merged(rng, streams))
    alone: dict[Linkedid, CallRecord] = {}
    for stream in streams:
        alone |= told(stream)[0]
    assert without_wrap_up(together) == without_wrap_up(alone)


@settings(max_examples=examples(80), deadline=None)
@given(st.sampled_from(STREAMS), chances)
def test_shuffled_doubled_and_cut_calls_never_raise_and_never_double(stream, rng):
    assert_one_record_each(damaged(rng, stream))


@settings(max_examples=examples(60), deadline=None)
@given(rooms())
def test_any_talk_of_several_folds_to_one_record(stream):
    assert_one_record_each(stream)
    records, happened = told(stream)
    assert len(records) == 1
    (record,) = records.values()
    assert not record.live
    assert type(happened[record.linkedid][-1]).__name__ != "CallStarted"


@settings(max_examples=examples(80), deadline=None)
@given(rooms(), st.sampled_from(STREAMS), chances)
def test_damaged_talks_of_several_beside_other_calls(room, stream, rng):
    assert_one_record_each(merged(rng, [damaged(rng, room), damaged(rng, stream)]))


@settings(max_examples=examples(40), deadline=None)
@given(rooms())
def test_a_talk_of_several_told_twice_is_told_once(room):
    twice = [event for event in room for _ in range(2)]
    once, doubled = told(room)[0], told(twice)[0]
    for linkedid, record in once.items():
        assert [party.channel for party in doubled[linkedid].parties] == [party.channel for party in record.parties]
        assert doubled[linkedid].outcome == record.outcome
        assert doubled[linkedid].answered_at == record.answered_at


def test_events_of_a_room_nobody_knows_make_no_call():
    registry = any_registry()
    joined = t.RoomJoined(at=at(0), linkedid=Linkedid("b-9.9"), channel="PJSIP/w1001-01", uniqueid=Uniqueid("b-9.9"))
    left = t.RoomLeft(at=at(1), linkedid=Linkedid("b-9.9"), channel="PJSIP/w1001-01", uniqueid=Uniqueid("b-9.9"))
    missed = t.PartyUnreached(at=at(2), linkedid=Linkedid("b-9.9"), reason=0)
    assert [event for told_ in (joined, left, missed) for event in registry.hear(told_)] == []
    assert registry.calls == {}


@pytest.mark.parametrize("number", range(len(STREAMS)), ids=[trace.stem for trace in TRACES])
def test_each_recorded_call_cut_after_any_event_is_one_record_of_what_was_heard(number):
    for length in range(len(STREAMS[number]) + 1):
        assert_one_record_each(STREAMS[number][:length])

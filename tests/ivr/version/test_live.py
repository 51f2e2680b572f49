"""Where callers are, were, and gave up: a fold of what happened to calls."""

from datetime import UTC, date, datetime, timedelta

import pytest

from callcenter.call.events import CallEnded, CallEvent, CallQueued, CallStarted, FlowBegan, IvrNodeEntered
from callcenter.call.model import EndedBy, Outcome, Source
from callcenter.call.table import EventRow
from callcenter.ids import Linkedid, Uniqueid
from callcenter.ivr.version.counting import Counting
from callcenter.ivr.version.live import FlowCounts
from callcenter.ivr.version.model import FlowSet
from callcenter.storage.database import Database
from callcenter.storage.event_log import to_values
from tests.site import START, HandClock

NIGHT = datetime(2026, 11, 22, 15, 59, tzinfo=UTC)
"""23:59 in China."""
A, B = Linkedid("a-1.1"), Linkedid("a-1.2")

MAIN = "id: main\nstart: ask\nnodes:\n  ask: {subflow: topics, next: person}\n  person: {queue: by-language}\n"
TOPICS = """\
id: topics
purpose: part
start: which
nodes:
  which: {menu: topic-menu, keys: {"0": back}, otherwise: back}
  back: {return: done}
"""
SET = FlowSet(1, {"main": MAIN, "topics": TOPICS}, {"main": 1, "topics": 1})


def counts_of(*events: CallEvent) -> FlowCounts:
    counts = FlowCounts(date(2026, 11, 22))
    for event in events:
        counts.apply(event)
    return counts


def began(call: Linkedid = A, at: datetime = START, version: int = 3) -> FlowBegan:
    return FlowBegan(at=at, call=call, flow="main", version=version)


def entered(node: str, call: Linkedid = A, at: datetime = START) -> IvrNodeEntered:
    return IvrNodeEntered(at=at, call=call, node=node)


def ended(call: Linkedid = A, by: EndedBy = EndedBy.CALLER, outcome: Outcome = Outcome.ABANDONED_IVR) -> CallEnded:
    return CallEnded(at=START, call=call, outcome=outcome, by=by)


def test_a_caller_is_in_the_node_he_entered_last() -> None:
    counts = counts_of(began(), entered("welcome"), entered("language"), began(B), entered("welcome", B))
    assert counts.now() == {("main", "language"): 1, ("main", "welcome"): 1}
    assert counts.entered == {("main", "welcome"): 2, ("main", "language"): 1}


def test_who_hangs_up_in_a_node_is_lost_there() -> None:
    counts = counts_of(began(), entered("language"), ended())
    assert (counts.lost, counts.now()) == ({("main", "language"): 1}, {})


def test_who_waits_for_a_person_is_in_no_node_and_not_lost_in_one() -> None:
    queued = CallQueued(at=START, call=A, line="zh", channel=Uniqueid(A))
    assert counts_of(began(), entered("person"), queued).now() == {}
    assert counts_of(began(), entered("person"), queued, ended(outcome=Outcome.ABANDONED_QUEUE)).lost == {}


@pytest.mark.parametrize("outcome", [Outcome.VOICEMAIL, Outcome.CALLBACK_REQUESTED, Outcome.TRANSFERRED_OUT])
def test_who_got_what_he_wanted_may_hang_up(outcome: Outcome) -> None:
    assert counts_of(began(), entered("message"), ended(outcome=outcome)).lost == {}


def test_a_flow_that_ends_by_itself_loses_nobody() -> None:
    assert counts_of(began(), entered("bye"), ended(by=EndedBy.SYSTEM)).lost == {}


def test_calls_of_the_test_number_are_in_no_count() -> None:
    counts = counts_of(began(version=0), entered("welcome"), ended())
    assert (counts.entered, counts.lost, counts.now()) == ({}, {}, {})


def test_at_midnight_the_counts_begin_anew_and_callers_stay() -> None:
    counts = counts_of(began(at=NIGHT), entered("welcome", at=NIGHT))
    counts.apply(entered("language", at=NIGHT + timedelta(minutes=2)))
    assert counts.entered == {("main", "language"): 1}
    assert counts.now() == {("main", "language"): 1}


def stored(database: Database, *events: CallEvent) -> None:
    with database.begin() as session:
        seq = session.query(EventRow).count()
        for number, event in enumerate(events, seq + 1):
            session.add(EventRow(node="a", seq=number, **to_values(event)))


def test_the_counts_of_a_process_take_in_only_what_is_new(database: Database) -> None:
    counting = Counting(database, "a", HandClock(), fresh_s=0)
    started = CallStarted(at=START, call=A, caller="", source=Source.DIRECT)
    stored(database, started, began(), entered("ask--which"))
    assert counting.of("main", SET)["ask"].now == 1
    with database.begin() as session:
        session.query(EventRow).delete()
    assert counting.of("main", SET)["ask"].entered == 1
    with database.begin() as session:
        session.add(EventRow(node="a", seq=4, **to_values(ended())))
    found = counting.of("main", SET)["ask"]
    assert (found.now, found.entered, found.lost) == (0, 1, 1)


def test_a_node_of_a_part_counts_in_the_part_and_in_the_node_that_calls_it(database: Database) -> None:
    counting = Counting(database, "a", HandClock(), fresh_s=0)
    stored(database, began(), entered("ask--which"))
    assert counting.of("main", SET)["ask"].now == 1
    assert counting.of("topics", SET)["which"].now == 1
    assert counting.of("topics", SET)["back"].now == 0


def test_yesterdays_events_are_not_counted_today(database: Database) -> None:
    counting = Counting(database, "a", HandClock(), fresh_s=0)
    yesterday = START - timedelta(days=1)
    stored(database, began(at=yesterday), entered("person", at=yesterday), began(B), entered("person", B))
    assert counting.of("main", SET)["person"].entered == 1

"""A caller who waits and the phone that rings for him, both ended from outside in the same moment: who went first?"""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from callcenter.call.model import CallRecord, CallState, EndedBy, Outcome, Ring, RingResult
from callcenter.ids import Linkedid, SeatId, Uniqueid
from callcenter.reconcile.compare import Context, record_and_cel
from callcenter.reconcile.model import Kind, Reason
from callcenter.reconcile.service import RESTART_S
from tests.reconcile.given import HUNG_UP_BY_CALLER, RecordedDay

START = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def ring(number: int, result: RingResult) -> Ring:
    at = START + timedelta(seconds=6 * number)
    return Ring(SeatId("1001"), Uniqueid(f"a-1.{number}"), at, result, at + timedelta(seconds=5))


RECORD = CallRecord(
    linkedid=Linkedid("a-1795351975.0"),
    state=CallState.ENDED,
    started_at=START,
    queued_at=START,
    ended_at=START + timedelta(seconds=17),
    left_at=START + timedelta(seconds=17),
    ended_by=EndedBy.CALLER,
    outcome=Outcome.ABANDONED_QUEUE,
    rings=(ring(1, RingResult.NO_ANSWER), ring(2, RingResult.CALLER_LEFT)),
)
BY_CEL = replace(
    RECORD,
    ended_by=EndedBy.SYSTEM,
    outcome=Outcome.QUEUE_TIMEOUT,
    rings=(ring(1, RingResult.NO_ANSWER), ring(2, RingResult.NO_ANSWER)),
)


def reasons(record: CallRecord, cel: CallRecord, *, no_party: bool = True) -> dict[str, Reason]:
    return {found.field: found.reason for found in record_and_cel(record, cel, Context(no_party=no_party))}


def test_where_nobody_hung_up_the_order_is_a_guess() -> None:
    assert reasons(RECORD, BY_CEL) == dict.fromkeys(("ended_by", "outcome", "rings"), Reason.NO_PARTY)


def test_where_somebody_hung_up_it_is_not() -> None:
    assert set(reasons(RECORD, BY_CEL, no_party=False).values()) == {Reason.UNKNOWN}


@pytest.mark.parametrize(
    "rings",
    [
        (ring(1, RingResult.CALLER_LEFT), ring(2, RingResult.CALLER_LEFT)),
        (ring(1, RingResult.NO_ANSWER), ring(2, RingResult.REJECTED)),
        (ring(1, RingResult.NO_ANSWER), ring(3, RingResult.NO_ANSWER)),
        (ring(1, RingResult.NO_ANSWER),),
        (),
    ],
    ids=["the ring before", "rejected", "another phone", "one ring less", "no ring"],
)
def test_anything_else_of_the_rings_stays_unexplained(rings: tuple[Ring, ...]) -> None:
    assert reasons(RECORD, replace(RECORD, rings=rings)) == {"rings": Reason.UNKNOWN}


def test_of_a_talk_the_order_is_known() -> None:
    talked = replace(RECORD, answered_at=START + timedelta(seconds=13), outcome=Outcome.ANSWERED)
    assert reasons(talked, replace(talked, ended_by=EndedBy.SYSTEM)) == {"ended_by": Reason.UNKNOWN}


def test_asterisk_that_is_stopped_names_one_of_the_two_by_chance() -> None:
    talked = replace(RECORD, answered_at=START + timedelta(seconds=13), outcome=Outcome.ANSWERED)
    stopped = Context(no_party=True, ended_by_stop=True)
    found = list(record_and_cel(talked, replace(talked, ended_by=EndedBy.SEAT, seat=SeatId("1002")), stopped))
    assert {one.field: one.reason for one in found} == {"ended_by": Reason.ENDED_BY_STOP, "seat": Reason.UNKNOWN}
    assert [one.reason for one in record_and_cel(talked, replace(talked, ended_by=None), stopped)] == [Reason.UNKNOWN]


SOURCE = re.compile(r'(""hangupsource"":"")[^"]+')


@pytest.mark.parametrize(
    ("started_after_s", "reason"),
    [
        (2, Reason.ENDED_BY_STOP),
        (RESTART_S, Reason.ENDED_BY_STOP),
        (RESTART_S + 1, Reason.UNKNOWN),
        (-1, Reason.UNKNOWN),
    ],
)
def test_a_stop_is_what_the_queue_log_tells_of_right_after_the_end(
    day: RecordedDay, started_after_s: int, reason: Reason
) -> None:
    """The caller's talk of the recorded day, whose ends nobody made and of which the seat's came first."""
    lines = day.cel.read_text().splitlines(keepends=True)
    own = [number for number, line in enumerate(lines) if f'"{HUNG_UP_BY_CALLER}"' in line]
    exits = [number for number in own if line_type(lines[number]) == "BRIDGE_EXIT"]
    end = next(number for number in own if line_type(lines[number]) == "LINKEDID_END")
    for number in own:
        lines[number] = SOURCE.sub(r"\1", lines[number])
    first, second = exits
    times = [lines[number].split('"')[3] for number in exits]
    lines[first], lines[second] = lines[second].replace(times[1], times[0]), lines[first].replace(times[0], times[1])
    day.cel.write_text("".join(lines))
    at = int(float(lines[end].split('"')[3])) + started_after_s
    day.add_line(day.queue_log, f"{at}|NONE|NONE|NONE|QUEUESTART|")
    found = day.only(Kind.CEL_DIFFERS)
    assert (found.call, found.field, found.reason) == (HUNG_UP_BY_CALLER, "ended_by", reason)


def line_type(line: str) -> str:
    return line.split('"')[1]

"""Clocks of one moment, as several witnesses tell it: are they the same, and if not, what held Asterisk up.

Three moments of a call are known to three witnesses: he came to the queue, a seat answered, the talk was over. They are
not quite the same steps of Asterisk: the CEL file tells when Queue() was begun, app_queue itself (the record, by its
events, and the queue_log) when the caller had his place in the line; the CEL file and the dialplan tell of the end when
it is there, the queue_log when app_queue comes to write it. Between the two lie locks, of which one waits for the disk
(docs/decisions/0046-held-up.md). In a good second that is a millisecond; 1.6 s were seen.
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from callcenter.asterisk import queue_log as q
from callcenter.call.model import CallRecord, RingResult
from callcenter.reconcile.model import CLOSE, WHOLE_SECOND, Witness

HELD_UP_MAX = timedelta(seconds=5)
"""Longer than that is no mere delay."""
LEFT_UNSERVED = (q.ABANDONED, q.TIMED_OUT, q.BY_KEY)


def near(one: datetime | None, other: datetime | None, limit: timedelta) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= limit


def same_second(one: datetime | None, second: int | None) -> bool:
    """`second` is a whole one that holds the moment; the other's clock may be `WHOLE_SECOND` off on either side."""
    if one is None or second is None:
        return one is None and second is None
    begin = moment(second)
    return begin - WHOLE_SECOND <= one < begin + 2 * WHOLE_SECOND


def moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def answered_outside(record: CallRecord) -> bool:
    """By a place outside, after the queue: its log knows nothing of that."""
    return next((ring.outside for ring in record.rings if ring.result is RingResult.ANSWERED), False)


def end_line(lines: Sequence[q.QueueLine]) -> q.QueueLine | None:
    """The one that tells the end of the talk, or of the wait where there was none."""
    connected = any(line.event == q.CONNECTED for line in lines)
    ends = (*q.ENDS,) if connected else LEFT_UNSERVED
    return next((line for line in reversed(lines) if line.event in ends), None)


def held_up(record: CallRecord, cel: CallRecord, lines: Sequence[q.QueueLine]) -> frozenset[tuple[Witness, str]]:
    """(witness, clock) of those who differ from the record while the third one bears it out.

    The CEL file may be early, the queue_log late, by `HELD_UP_MAX` at most. A record that stands alone is never
    excused.
    """
    end = end_line(lines)
    noted = {
        "queued_at": next((line.at for line in lines if line.event == q.ENTERED), None),
        "answered_at": next((line.at for line in lines if line.event == q.CONNECTED), None),
        "ended_at": end.at if end else None,
    }
    excused = set()
    for name, second in noted.items():
        one, other = getattr(record, name), getattr(cel, name)
        if second is None or one is None or other is None:
            continue
        begin = moment(second)
        if begin - CLOSE <= one < begin + timedelta(seconds=1) + CLOSE and timedelta(0) < one - other <= HELD_UP_MAX:
            excused.add((Witness.CEL, name))
        if near(one, other, CLOSE) and timedelta(0) < begin - one <= HELD_UP_MAX:
            excused.add((Witness.QUEUE_LOG, name))
    return frozenset(excused)

"""One call, as the record and app_queue's own log tell it: the differences."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from callcenter.asterisk import queue_log as q
from callcenter.call.model import CallRecord, EndedBy, Outcome, RingResult
from callcenter.reconcile.clocks import answered_outside, end_line, moment, same_second
from callcenter.reconcile.compare import Context, differs, said
from callcenter.reconcile.model import CLOSE, WHOLE_SECOND, Difference, Kind, Witness
from callcenter.reconcile.sources import Hangup
from callcenter.routing.first_seat import is_of_one_seat

RANG_SHORTLY = timedelta(seconds=1)
"""app_queue does not note a ring of half a second or less."""
MISSED = frozenset({RingResult.NO_ANSWER, RingResult.REJECTED, RingResult.UNREACHABLE})


def record_and_queue_log(record: CallRecord, lines: Sequence[q.QueueLine], context: Context) -> Iterator[Difference]:
    call = record.linkedid
    entered = [line for line in lines if line.event == q.ENTERED]
    if not entered:
        if record.queued_at is not None:
            yield Difference(
                call=call,
                kind=Kind.NO_QUEUE_LOG,
                said={Witness.RECORD: f"in queue {record.line} at {said(record.queued_at)}", Witness.QUEUE_LOG: ""},
                reason=context.reason(of_asterisk=True),
            )
        return

    def differ(name: str, one: Any, other: Any, clock: bool = False) -> Difference:
        why = context.of_clock(Witness.QUEUE_LOG, name) if clock else context.reason()
        return differs(call, Kind.QUEUE_LOG_DIFFERS, name, one, other, why, WHOLE_SECOND if clock else timedelta(0))

    if not same_second(record.queued_at, entered[0].at):
        yield differ("queued_at", record.queued_at, moment(entered[0].at), clock=True)
    if record.line != entered[-1].queue and not is_of_one_seat(entered[-1].queue):
        yield differ("line", record.line, entered[-1].queue)
    connected = next((line for line in lines if line.event == q.CONNECTED), None)
    answered = None if answered_outside(record) else record.answered_at
    if not same_second(answered, connected.at if connected else None):
        yield differ("answered_at", answered, moment(connected.at) if connected else None, clock=True)
    elif connected is not None and connected.agent != record.seat:
        yield differ("seat", record.seat, connected.agent)
    yield from _missed(record, lines, differ)
    if not record.live:
        yield from _end(record, lines, connected is not None, differ, context)


def both_hung_up(
    record: CallRecord, cel: CallRecord, hangups: Mapping[str, Hangup], lines: Sequence[q.QueueLine]
) -> bool:
    """Asterisk's own two logs name different ones of the two who talked: each of them put the phone down by himself.

    For each end Asterisk first sets the source of the hang-up, which the CEL file tells, and then publishes the wish to
    hang up, by whose order app_queue names one (`ast_set_hangupsource`, `ast_queue_hangup`; `handle_hangup` in
    `apps/app_queue.c`). Of two ends in the same moment one may be first with the one and the other with the other.
    Asked for besides: that whom the CEL file names did so on his own channel, and that both channels ended together.
    The record must say what one of the two logs says.
    """
    end = next((line for line in reversed(lines) if line.event in q.ENDS), None)
    if end is None or {cel.ended_by, q.ENDS[end.event]} != {EndedBy.CALLER, EndedBy.SEAT}:
        return False
    seats = [ring.channel for ring in cel.rings if ring.result is RingResult.ANSWERED and ring.seat == end.agent]
    caller, seat = hangups.get(end.call), hangups.get(seats[-1]) if seats else None
    if caller is None or seat is None or record.ended_by not in (EndedBy.CALLER, EndedBy.SEAT):
        return False
    named = caller if cel.ended_by is EndedBy.CALLER else seat
    return named.by_party and abs(caller.at - seat.at) <= CLOSE


def _end(
    record: CallRecord, lines: Sequence[q.QueueLine], connected: bool, differ: Any, context: Context
) -> Iterator[Difference]:
    end = end_line(lines)
    if end is None:
        if not connected and record.outcome is Outcome.SYSTEM_FAILURE and not context.asterisk_stopped:
            return  # the dialplan took the caller out of the queue in another way
        yield Difference(
            call=record.linkedid,
            kind=Kind.NO_END_IN_QUEUE_LOG,
            said={Witness.RECORD: f"{said(record.outcome)} at {said(record.ended_at)}", Witness.QUEUE_LOG: ""},
            reason=context.reason(of_asterisk=True),
        )
    elif connected:
        if not same_second(record.ended_at, end.at):
            yield differ("ended_at", record.ended_at, moment(end.at), clock=True)
        if said(record.ended_by) != q.ENDS[end.event]:
            one, other, why = record.ended_by, q.ENDS[end.event], context.of_end()
            yield differs(record.linkedid, Kind.QUEUE_LOG_DIFFERS, "ended_by", one, other, why)
    elif end.event == q.ABANDONED:
        if record.outcome is not Outcome.ABANDONED_QUEUE:
            yield differ("outcome", record.outcome, Outcome.ABANDONED_QUEUE)
        elif not same_second(record.ended_at, end.at):
            yield differ("ended_at", record.ended_at, moment(end.at), clock=True)
    elif end.event == q.TIMED_OUT and record.outcome is Outcome.ABANDONED_QUEUE:
        yield differ("outcome", record.outcome, Outcome.QUEUE_TIMEOUT)


def _missed(record: CallRecord, lines: Sequence[q.QueueLine], differ: Any) -> Iterator[Difference]:
    noted = [line.agent for line in lines if line.event == q.RANG_OUT]
    in_queue = [ring for ring in record.rings if not ring.outside]
    for seat in sorted({*noted, *(ring.seat for ring in in_queue)}):
        rings = [ring for ring in in_queue if ring.seat == seat and ring.result in MISSED]
        sure = [ring for ring in rings if ring.ended_at and ring.ended_at - ring.at > RANG_SHORTLY]
        if not len(sure) <= noted.count(seat) <= len(rings):
            yield differ(f"rings missed by {seat}", len(rings), noted.count(seat))

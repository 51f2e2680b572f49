"""One call, as two witnesses tell it: the differences. No file and no database is touched here."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from callcenter.asterisk import queue_log as q
from callcenter.call.model import CallRecord, EndedBy, Outcome, RingResult, Source
from callcenter.instants import CHINA
from callcenter.reconcile.model import CLOSE, WHOLE_SECOND, Difference, Kind, Reason, Witness
from callcenter.reconcile.sources import Hangup
from callcenter.routing.first_seat import is_of_one_seat
from callcenter.storage.numbers import mask

CLOCKS = ("started_at", "queued_at", "first_ring_at", "answered_at", "ended_at", "left_at")
VALUES = (
    *("source", "line", "language", "topic", "state", "ended_by", "outcome", "seat"),
    *("survey_offered", "grade", "recording"),
)
"""What the CEL file can know of a call; wrap-up and hold are not in it."""
CHOICES = frozenset({"language", "topic", "source"})
OF_THE_END = frozenset({"ended_at", "left_at", "state", "ended_by", "outcome"})
LATER = frozenset({"survey_offered", "grade"})
"""What may come by a message and a page, when Asterisk has long forgotten the call."""
RANG_SHORTLY = timedelta(seconds=1)
"""app_queue does not note a ring of half a second or less."""
WHO_WENT_FIRST: Mapping[str, frozenset[Any]] = {
    "ended_by": frozenset({EndedBy.CALLER, EndedBy.SYSTEM}),
    "outcome": frozenset({Outcome.ABANDONED_QUEUE, Outcome.QUEUE_TIMEOUT}),
    "rings": frozenset({RingResult.NO_ANSWER, RingResult.CALLER_LEFT}),
}
"""Of a caller who was never answered the CEL file tells these by the order of the ends alone."""
MISSED = frozenset({RingResult.NO_ANSWER, RingResult.REJECTED, RingResult.UNREACHABLE})


@dataclass(frozen=True, slots=True)
class Context:
    """What explains a difference of this call."""

    in_progress: bool = False
    asterisk_stopped: bool = False
    engine_behind: bool = False
    no_party: bool = False
    """Asterisk names nobody who hung up."""
    both_hung_up: bool = False
    """`both_hung_up` below."""
    ended_by_stop: bool = False
    """Asterisk names nobody who hung up, and was started anew right after the end."""

    def of_end(self) -> Reason:
        """Why two witnesses name different ones who went first."""
        holds = {
            Reason.BOTH_HUNG_UP: self.both_hung_up,
            Reason.ENDED_BY_STOP: self.ended_by_stop,
            Reason.NO_PARTY: self.no_party,
        }
        known = next((reason for reason, held in holds.items() if held), Reason.UNKNOWN)
        return self.reason() or known

    def reason(self, *, of_asterisk: bool = False) -> Reason:
        """`of_asterisk`: it is Asterisk's files that lack something, not the record."""
        if self.in_progress:
            return Reason.IN_PROGRESS
        if of_asterisk:
            return Reason.ASTERISK_STOPPED if self.asterisk_stopped else Reason.UNKNOWN
        return Reason.ENGINE_BEHIND if self.engine_behind else Reason.UNKNOWN


def record_and_events(record: CallRecord, folded: CallRecord, context: Context) -> Iterator[Difference]:
    """The two must be equal to the microsecond. A caller's number is in the events masked only."""
    stored = replace(record, caller=mask(record.caller))
    for name in (f.name for f in fields(CallRecord)):
        one, other = getattr(stored, name), getattr(folded, name)
        if one != other:
            yield Difference(
                call=record.linkedid,
                kind=Kind.EVENTS_DIFFER,
                field=name,
                said={Witness.RECORD: said(one), Witness.EVENTS: said(other)},
                reason=context.reason(),
            )


def record_and_cel(record: CallRecord, cel: CallRecord, context: Context) -> Iterator[Difference]:
    call = record.linkedid
    unended = record.live != cel.live
    if unended:
        ended, kind = (cel, Kind.NO_END_ON_RECORD) if record.live else (record, Kind.NO_END_IN_CEL)
        teller, silent = (Witness.CEL, Witness.RECORD) if record.live else (Witness.RECORD, Witness.CEL)
        told = f"{said(ended.outcome)}, ended by {said(ended.ended_by)} at {said(ended.left_at)}"
        open_one = record if record.live else cel
        yield Difference(
            call=call,
            kind=kind,
            said={teller: told, silent: f"still {said(open_one.state)}"},
            reason=context.reason(of_asterisk=not record.live),
        )
        if record.live:
            return  # the record is behind altogether
    untold = OF_THE_END if unended or record.live else frozenset()
    untold |= LATER if record.survey_via else frozenset()
    names = [name for name in (*CLOCKS, *VALUES) if name not in untold]
    for name in names:
        one, other = getattr(record, name), getattr(cel, name)
        clock = name in CLOCKS
        if not (_near(one, other, CLOSE) if clock else one == other):
            yield Difference(
                call=call,
                kind=Kind.CEL_DIFFERS,
                field=name,
                said={Witness.RECORD: said(one), Witness.CEL: said(other)},
                tolerance=CLOSE if clock else timedelta(0),
                reason=_why(record, name, one, other, context),
            )
    known_to_asterisk = record.source is not Source.CALLBACK  # whom we call, the CEL file does not name
    if known_to_asterisk and mask(record.caller) != mask(cel.caller):
        yield _differs(call, "caller", mask(record.caller), mask(cel.caller), context)
    rings, others = _rings(record, unended), _rings(cel, unended)
    if rings != others:
        found = _differs(call, "rings", rings, others, context)
        same = bool(rings and others) and rings[:-1] == others[:-1] and rings[-1][:2] == others[-1][:2]
        last = same and _by_order_alone(record, "rings", record.rings[-1].result, cel.rings[-1].result)
        yield replace(found, reason=context.of_end()) if last else found


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

    def differs(name: str, one: Any, other: Any, clock: bool = False) -> Difference:
        return Difference(
            call=call,
            kind=Kind.QUEUE_LOG_DIFFERS,
            field=name,
            said={Witness.RECORD: said(one), Witness.QUEUE_LOG: said(other)},
            tolerance=WHOLE_SECOND if clock else timedelta(0),
            reason=context.reason(),
        )

    if not _same_second(record.queued_at, entered[0].at):
        yield differs("queued_at", record.queued_at, _moment(entered[0].at), clock=True)
    if record.line != entered[-1].queue and not is_of_one_seat(entered[-1].queue):
        yield differs("line", record.line, entered[-1].queue)
    connected = next((line for line in lines if line.event == q.CONNECTED), None)
    answered = None if _answered_outside(record) else record.answered_at
    if not _same_second(answered, connected.at if connected else None):
        yield differs("answered_at", answered, _moment(connected.at) if connected else None, clock=True)
    elif connected is not None and connected.agent != record.seat:
        yield differs("seat", record.seat, connected.agent)
    yield from _missed(record, lines, differs)
    if not record.live:
        yield from _end(record, lines, connected is not None, differs, context)


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
    record: CallRecord, lines: Sequence[q.QueueLine], connected: bool, differs: Any, context: Context
) -> Iterator[Difference]:
    ends = (*q.ENDS,) if connected else (q.ABANDONED, q.TIMED_OUT, q.BY_KEY)
    end = next((line for line in reversed(lines) if line.event in ends), None)
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
        if not _same_second(record.ended_at, end.at):
            yield differs("ended_at", record.ended_at, _moment(end.at), clock=True)
        if said(record.ended_by) != q.ENDS[end.event]:
            found = differs("ended_by", record.ended_by, q.ENDS[end.event])
            yield replace(found, reason=context.of_end())
    elif end.event == q.ABANDONED:
        if record.outcome is not Outcome.ABANDONED_QUEUE:
            yield differs("outcome", record.outcome, Outcome.ABANDONED_QUEUE)
        elif not _same_second(record.ended_at, end.at):
            yield differs("ended_at", record.ended_at, _moment(end.at), clock=True)
    elif end.event == q.TIMED_OUT and record.outcome is Outcome.ABANDONED_QUEUE:
        yield differs("outcome", record.outcome, Outcome.QUEUE_TIMEOUT)


def _missed(record: CallRecord, lines: Sequence[q.QueueLine], differs: Any) -> Iterator[Difference]:
    noted = [line.agent for line in lines if line.event == q.RANG_OUT]
    in_queue = [ring for ring in record.rings if not ring.outside]
    for seat in sorted({*noted, *(ring.seat for ring in in_queue)}):
        rings = [ring for ring in in_queue if ring.seat == seat and ring.result in MISSED]
        sure = [ring for ring in rings if ring.ended_at and ring.ended_at - ring.at > RANG_SHORTLY]
        if not len(sure) <= noted.count(seat) <= len(rings):
            yield differs(f"rings missed by {seat}", len(rings), noted.count(seat))


def _answered_outside(record: CallRecord) -> bool:
    """By a place outside, after the queue: its log knows nothing of that."""
    return next((ring.outside for ring in record.rings if ring.result is RingResult.ANSWERED), False)


def _why(record: CallRecord, name: str, by_record: Any, by_cel: Any, context: Context) -> Reason:
    if _left_menu(record, name, by_cel):
        return Reason.LEFT_MENU
    of_talk = name == "ended_by" and (context.both_hung_up or context.ended_by_stop) and None not in (by_record, by_cel)
    of_end = of_talk or _by_order_alone(record, name, by_record, by_cel)
    return context.of_end() if of_end else context.reason()


def _by_order_alone(record: CallRecord, name: str, *told: Any) -> bool:
    return record.answered_at is None and set(told) <= WHO_WENT_FIRST.get(name, frozenset())


def _left_menu(record: CallRecord, name: str, by_cel: Any) -> bool:
    """Choices reach the CEL file when the menu hands the caller on."""
    return name in CHOICES and record.queued_at is None and by_cel in (None, Source.DIRECT)


def _rings(record: CallRecord, unended: bool) -> list[tuple[str, ...]]:
    """An open ring of a call without end has no result yet."""
    return [
        (ring.seat, ring.channel, "" if unended and _open(ring.result) else ring.result.value) for ring in record.rings
    ]


def _open(result: RingResult) -> bool:
    return result in (RingResult.RINGING, RingResult.CALLER_LEFT)


def _differs(call: str, name: str, one: Any, other: Any, context: Context) -> Difference:
    return Difference(
        call=call,
        kind=Kind.CEL_DIFFERS,
        field=name,
        said={Witness.RECORD: said(one), Witness.CEL: said(other)},
        reason=context.reason(),
    )


def _near(one: datetime | None, other: datetime | None, limit: timedelta) -> bool:
    return one is other if one is None or other is None else abs(one - other) <= limit


def _same_second(one: datetime | None, second: int | None) -> bool:
    """`second` is a whole one that holds the moment; the other's clock may be `WHOLE_SECOND` off on either side."""
    if one is None or second is None:
        return one is None and second is None
    begin = _moment(second)
    return begin - WHOLE_SECOND <= one < begin + 2 * WHOLE_SECOND


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    return str(getattr(value, "value", value))

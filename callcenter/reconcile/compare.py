"""One call, as two witnesses tell it: the differences. No file and no database is touched here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

from callcenter.call.model import CallRecord, EndedBy, Outcome, RingResult, Source
from callcenter.instants import CHINA
from callcenter.reconcile.clocks import near
from callcenter.reconcile.model import CLOSE, Difference, Kind, Reason, Witness
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
WHO_WENT_FIRST: Mapping[str, frozenset[Any]] = {
    "ended_by": frozenset({EndedBy.CALLER, EndedBy.SYSTEM}),
    "outcome": frozenset({Outcome.ABANDONED_QUEUE, Outcome.QUEUE_TIMEOUT}),
    "rings": frozenset({RingResult.NO_ANSWER, RingResult.CALLER_LEFT}),
}
"""Of a caller who was never answered the CEL file tells these by the order of the ends alone."""


TELLER = {
    Kind.EVENTS_DIFFER: Witness.EVENTS,
    Kind.CEL_DIFFERS: Witness.CEL,
    Kind.QUEUE_LOG_DIFFERS: Witness.QUEUE_LOG,
}
"""Who differs from the record."""


@dataclass(frozen=True, slots=True)
class Context:
    """What explains a difference of this call."""

    in_progress: bool = False
    asterisk_stopped: bool = False
    engine_behind: bool = False
    no_party: bool = False
    """Asterisk names nobody who hung up."""
    both_hung_up: bool = False
    """`callcenter.reconcile.compare_queue_log`."""
    ended_by_stop: bool = False
    """Asterisk names nobody who hung up, and was started anew right after the end."""
    held_up: frozenset[tuple[Witness, str]] = frozenset()
    """`callcenter.reconcile.clocks`."""

    def of_clock(self, witness: Witness, name: str) -> Reason:
        """Why this witness tells another time than the record."""
        return self.reason() or (Reason.HELD_UP if (witness, name) in self.held_up else Reason.UNKNOWN)

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
            yield differs(record.linkedid, Kind.EVENTS_DIFFER, name, one, other, context.reason())


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
        if not (near(one, other, CLOSE) if clock else one == other):
            why = context.of_clock(Witness.CEL, name) if clock else _why(record, name, one, other, context)
            yield differs(call, Kind.CEL_DIFFERS, name, one, other, why, CLOSE if clock else timedelta(0))
    known_to_asterisk = record.source is not Source.CALLBACK  # whom we call, the CEL file does not name
    if known_to_asterisk and mask(record.caller) != mask(cel.caller):
        yield differs(call, Kind.CEL_DIFFERS, "caller", mask(record.caller), mask(cel.caller), context.reason())
    rings, others = _rings(record, unended), _rings(cel, unended)
    if rings != others:
        same = bool(rings and others) and rings[:-1] == others[:-1] and rings[-1][:2] == others[-1][:2]
        last = same and _by_order_alone(record, "rings", record.rings[-1].result, cel.rings[-1].result)
        why = context.of_end() if last else context.reason()
        yield differs(call, Kind.CEL_DIFFERS, "rings", rings, others, why)


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


def differs(
    call: str, kind: Kind, name: str, one: Any, other: Any, reason: Reason, tolerance: timedelta = timedelta(0)
) -> Difference:
    """The record says `one` of the field `name`, the witness of this kind `other`."""
    return Difference(
        call=call,
        kind=kind,
        field=name,
        said={Witness.RECORD: said(one), TELLER[kind]: said(other)},
        tolerance=tolerance,
        reason=reason,
    )


def said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(CHINA).isoformat()
    return str(getattr(value, "value", value))

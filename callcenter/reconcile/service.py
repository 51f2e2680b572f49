"""Brings the witnesses of one day together: reads each, compares call by call, says why where it is known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from callcenter.asterisk import queue_log as q
from callcenter.call.events import CallEvent, CallQueued
from callcenter.call.model import CallRecord
from callcenter.call.rows import from_row
from callcenter.call.state import evolve
from callcenter.call.table import EventRow
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.engine.registry import DomainEvent, Inbound, Registry
from callcenter.errors import BadInput, CallCenterError, IllegalTransition
from callcenter.ids import NodeName
from callcenter.instants import CHINA
from callcenter.reconcile import compare, compare_queue_log, repository, sounds
from callcenter.reconcile.clocks import held_up
from callcenter.reconcile.compare import Context
from callcenter.reconcile.model import SETTLING, Difference, Kind, Reason, Report, Witness
from callcenter.reconcile.sources import CelCall, CelDay, Fold, Hangup, QueueDay, began, cel_day, queue_day
from callcenter.storage.database import Database
from callcenter.storage.event_log import from_row as event_from_row
from callcenter.storage.numbers import NumberVault

DAY = timedelta(days=1)
RESTART_S = 30
"""So soon after an end by its own stop Asterisk has been started anew, on a busy machine, too."""


def limits(day: date) -> tuple[datetime, datetime]:
    """First instant of the day in China, and of the next one."""
    start = datetime.combine(day, time(), CHINA)
    return start, start + DAY


def fold_cel(call: CelCall, registry: Registry) -> tuple[CallRecord | None, list[DomainEvent]]:
    """The record as the CEL file alone tells it, and the events that make it; None: no citizen's call."""
    happened: list[DomainEvent] = []
    for event in call.events():
        try:
            happened += registry.hear(event)
        except IllegalTransition:
            continue  # as the engine does: one odd line must not cost the rest
    return registry.record(call.linkedid), happened


class Reconciliation:
    def __init__(self, settings: Settings, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._vault = vault
        self._clock = clock
        self._node = NodeName(settings.node)

    def read_cel(self, day: date, fold: Fold | None = None) -> CelDay:
        return cel_day(self._settings.asterisk_dir / "log" / "cel-custom" / "cel.csv", *limits(day), fold)

    def compare(self, day: date, *, deep: bool = False) -> Report:
        """`deep`: also read every sound file and compare its checksum. Raises BadInput for a day to come."""
        now = self._clock.now()
        start, end = limits(day)
        if start > now:
            raise BadInput(f"day: {day} has not begun yet")
        cel = self.read_cel(day, lambda call: fold_cel(call, self.registry())[0])
        queue = queue_day(self._settings.asterisk_dir / "log" / "queue_log", start, end)
        folded = {linkedid: call.record for linkedid, call in cel.calls.items() if call.record is not None}
        ofday = {call for call, record in folded.items() if start <= record.started_at < end}
        found: list[Difference] = []
        compared = dict.fromkeys(Witness, 0)
        with self._database.read() as session:
            inode, offset, seen_at = repository.cursor(session, self._node)
            known = _Day(now, cel, queue, (inode, offset), seen_at)
            sound = sounds.Sounds(self._settings.recordings_dir, start, end, now, deep)
            rows = repository.calls(session, self._node, start, end)
            logged = repository.begun(session, self._node, start, end)
            elsewhere = repository.calls_named(session, [call for call in {*folded, *logged} if call not in rows])
            rows |= {call: row for call, row in elsewhere.items() if call in ofday}
            names = sorted({*rows, *logged, *ofday})
            for chunk in repository.chunks(names):
                events = repository.events(session, chunk)
                recordings = repository.recordings(session, chunk)
                records = {call: from_row(rows[call], self._vault) for call in chunk if call in rows}
                for call in chunk:
                    cel_record = folded.get(call)
                    context = known.context(call)
                    if call in records:
                        found += self._call(records[call], events.get(call, []), cel_record, known, context)
                    elif call not in elsewhere:
                        found += _no_record(call, cel_record, context)
                found += sound.compare(records, recordings, known.stopped)
                compared[Witness.RECORD] += len(records)
                compared[Witness.EVENTS] += len(events)
                compared[Witness.RECORDING] += len(recordings)
            uncounted = repository.without_witness(session, self._node, start, end)
            timeless = [call for call in {*queue.calls, *sound.left_over()} if began(call) is None]
            of_other_days = set(repository.calls_named(session, timeless)) - set(names)
        found += _unknown_to_record(queue, {*names, *elsewhere, *of_other_days}, start, end, now)
        found += sound.orphans(of_other_days)
        found += known.unreadable()
        compared[Witness.CEL] = len(ofday)
        compared[Witness.QUEUE_LOG] = sum(1 for call in names if call in queue.calls)
        compared[Witness.FILE] = sound.files
        return Report(day=day, node=self._node, at=now, compared=compared, not_compared=uncounted, differences=found)

    def registry(self) -> Registry:
        return Registry(inbound=Inbound(number=self._settings.hotline_number, test=self._settings.draft_number))

    def _call(
        self,
        record: CallRecord,
        rows: Sequence[EventRow],
        cel: CallRecord | None,
        day: "_Day",
        context: Context,
    ) -> Iterator[Difference]:
        call = record.linkedid
        names = {call, *(str(r.data.get("channel")) for r in rows if r.type == CallQueued.__name__)}
        lines = sorted((line for name in names for line in day.queue.calls.get(name, [])), key=lambda line: line.at)
        if cel is not None:
            both = compare_queue_log.both_hung_up(record, cel, day.hangups(call), lines)
            context = replace(context, both_hung_up=both, held_up=held_up(record, cel, lines))
        yield from _events(record, rows, context)
        if cel is None:
            yield Difference(
                call=call,
                kind=Kind.NO_CEL,
                said={Witness.RECORD: f"{record.state}, begun {compare.said(record.started_at)}", Witness.CEL: ""},
                reason=context.reason(of_asterisk=True),
            )
        else:
            yield from compare.record_and_cel(record, cel, context)
            if record.live and cel.live and day.stopped(call):
                yield Difference(
                    call=call,
                    kind=Kind.NO_END,
                    said={Witness.RECORD: f"still {record.state}", Witness.QUEUE_LOG: "Asterisk was started since"},
                    reason=Reason.ENGINE_BEHIND if day.engine_was_away(call) else context.reason(),
                )
        if cel is None or record.live == cel.live or not record.live:
            yield from compare_queue_log.record_and_queue_log(record, lines, context)


class _Day:
    """What is known of the day as a whole; from it each call's context."""

    def __init__(
        self, now: datetime, cel: CelDay, queue: QueueDay, cursor: tuple[int, int], seen_at: datetime | None
    ) -> None:
        self.queue = queue
        self._now = now
        self._cel = cel
        self._cursor = cursor
        self._seen_at = seen_at

    def context(self, call: str) -> Context:
        lines = self._cel.calls.get(call)
        newest = lines.newest if lines else began(call)
        return Context(
            in_progress=newest is not None and self._now - newest < SETTLING,
            asterisk_stopped=self.stopped(call),
            no_party=lines is not None and not lines.party,
            ended_by_stop=lines is not None and self._ended_by_stop(lines),
            engine_behind=lines is not None and lines.record is not None and self._cel.unread(lines, *self._cursor),
        )

    def hangups(self, call: str) -> Mapping[str, Hangup]:
        return self._cel.calls[call].hangups

    def stopped(self, call: str) -> bool:
        """Asterisk was started anew after this call's last line, and that line is not its end."""
        lines = self._cel.calls.get(call)
        if lines is None:
            noted = self.queue.calls.get(call)
            return bool(noted) and any(at >= noted[-1].at for at in self.queue.starts) if noted else False
        if lines.ended:
            return False
        return bool(self._starts_after(lines))

    def _starts_after(self, lines: CelCall) -> list[int]:
        """Asterisk's starts since the call's last line; the queue log tells them in whole seconds."""
        return [at for at in self.queue.starts if at >= int(lines.newest.timestamp())]

    def _ended_by_stop(self, lines: CelCall) -> bool:
        """Nobody hung up, and Asterisk was started anew right after the call's end."""
        latest = int(lines.newest.timestamp()) + RESTART_S
        return lines.ended and not lines.party and any(at <= latest for at in self._starts_after(lines))

    def engine_was_away(self, call: str) -> bool:
        """Since before Asterisk's start that ended this call."""
        lines = self._cel.calls[call]
        starts = self._starts_after(lines)
        return bool(starts) and (self._seen_at is None or self._seen_at.timestamp() < starts[0])

    def unreadable(self) -> Iterator[Difference]:
        for kind, witness, lines in (
            (Kind.CEL_UNREADABLE, Witness.CEL, self._cel.bad_lines),
            (Kind.QUEUE_LOG_UNREADABLE, Witness.QUEUE_LOG, self.queue.bad_lines),
        ):
            for line in lines:
                torn = any(line.since - 1 <= at <= line.until + 1 for at in self.queue.starts)
                yield Difference(
                    call="",
                    kind=kind,
                    said={witness: f"no line of ours at {line.place}"},
                    reason=Reason.TORN_LINE if torn else Reason.UNKNOWN,
                )


def _events(record: CallRecord, rows: Sequence[EventRow], context: Context) -> Iterator[Difference]:
    call = record.linkedid
    if not rows:
        yield Difference(
            call=call,
            kind=Kind.NO_EVENTS,
            said={Witness.RECORD: f"{record.state}, begun {compare.said(record.started_at)}", Witness.EVENTS: ""},
        )
        return
    folded: CallRecord | None = None
    try:
        for event in map(event_from_row, rows):
            if isinstance(event, CallEvent):  # a seat's events may name its call
                folded = evolve(folded, event)
    except (CallCenterError, KeyError, TypeError, ValueError) as error:
        why = error.message if isinstance(error, CallCenterError) else f"{type(error).__name__} in the events"
        yield Difference(call=call, kind=Kind.EVENTS_UNREADABLE, said={Witness.EVENTS: why})
        return
    if folded is not None:
        yield from compare.record_and_events(record, folded, context)


def _no_record(call: str, cel: CallRecord | None, context: Context) -> Iterable[Difference]:
    if cel is None:
        return [Difference(call=call, kind=Kind.NO_RECORD, said={Witness.RECORD: "", Witness.EVENTS: "begun"})]
    told = f"begun {compare.said(cel.started_at)}, {compare.said(cel.outcome) or cel.state.value}"
    return [
        Difference(
            call=call, kind=Kind.NO_RECORD, said={Witness.RECORD: "", Witness.CEL: told}, reason=context.reason()
        )
    ]


def _unknown_to_record(
    queue: QueueDay, known: set[str], start: datetime, end: datetime, now: datetime
) -> Iterator[Difference]:
    for call, lines in sorted(queue.calls.items()):
        first = lines[0]
        at = began(call) or datetime.fromtimestamp(first.at, UTC)
        if call in known or first.event != q.ENTERED or not start <= at < end:
            continue
        yield Difference(
            call=call,
            kind=Kind.NO_RECORD,
            said={Witness.RECORD: "", Witness.QUEUE_LOG: f"entered queue {first.queue}"},
            reason=Reason.IN_PROGRESS if now - at < SETTLING else Reason.UNKNOWN,
        )

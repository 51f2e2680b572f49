"""Caller and seat hang up in the same moment: Asterisk's CEL file names one, its queue_log the other.

`both_hang_up/` holds the two logs of two calls on a real Asterisk 22, both ended by two BYEs within 0.2 ms of each
other: in the first the CEL file says the seat and the queue_log the caller, in the second it is the other way round.
The running engine hears what the queue_log notes (`AgentComplete`); who rebuilds the call has the CEL file alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.asterisk import queue_log
from callcenter.asterisk.cel_line import parse_line
from callcenter.call.model import CallRecord, EndedBy
from callcenter.engine.registry import Registry
from callcenter.ids import Linkedid
from callcenter.reconcile.compare import Context, record_and_cel
from callcenter.reconcile.compare_queue_log import both_hung_up, record_and_queue_log
from callcenter.reconcile.model import CLOSE, Kind, Reason
from callcenter.reconcile.service import fold_cel
from callcenter.reconcile.sources import CelCall, Hangup
from tests.reconcile.given import ANSWERED, HUNG_UP_BY_CALLER, RecordedDay

LOGS = Path(__file__).parent / "both_hang_up"
CALLER, SEAT = EndedBy.CALLER, EndedBy.SEAT
SEAT_BY_CEL, CALLER_BY_CEL = "a-1795415764.112", "a-1795415779.128"


@dataclass(frozen=True)
class Moment:
    """What the witnesses say of a call that both ended."""

    by_cel: CallRecord
    hangups: Mapping[str, Hangup]
    noted: list[queue_log.QueueLine]

    @property
    def engine(self) -> CallRecord:
        return replace(self.by_cel, ended_by=EndedBy(queue_log.ENDS[self.noted[-1].event]))

    def reasons(self, record: CallRecord) -> dict[tuple[Kind, str], Reason]:
        both = both_hung_up(record, self.by_cel, self.hangups, self.noted)
        context = Context(both_hung_up=both)
        differences = [
            *record_and_cel(record, self.by_cel, context),
            *record_and_queue_log(record, self.noted, context),
        ]
        return {(found.kind, found.field): found.reason for found in differences}

    def ended(self, channel: str, **otherwise: object) -> "Moment":
        changed = {**self.hangups, channel: replace(self.hangups[channel], **otherwise)}  # type: ignore[arg-type]
        return replace(self, hangups=changed)


def told(call: str) -> Moment:
    cel = CelCall(Linkedid(call))
    for number, line in enumerate(map(parse_line, (LOGS / "cel.csv").read_text().splitlines())):
        if line.linkedid == call:
            cel.take(line, (0, number))
    record, _ = fold_cel(cel, Registry())
    assert record is not None
    noted = [line for line in map(queue_log.parse, (LOGS / "queue_log").read_text().splitlines()) if line.call == call]
    return Moment(record, cel.hangups, noted)


@pytest.fixture(params=[SEAT_BY_CEL, CALLER_BY_CEL])
def moment(request: pytest.FixtureRequest) -> Moment:
    return told(request.param)


def test_the_two_logs_of_asterisk_contradict_each_other() -> None:
    assert [(told(call).by_cel.ended_by, told(call).engine.ended_by) for call in (SEAT_BY_CEL, CALLER_BY_CEL)] == [
        (SEAT, CALLER),
        (CALLER, SEAT),
    ]


def test_what_the_engine_heard_differs_from_the_cel_file_alone_and_it_is_said_why(moment: Moment) -> None:
    assert moment.reasons(moment.engine) == {(Kind.CEL_DIFFERS, "ended_by"): Reason.BOTH_HUNG_UP}


def test_what_was_rebuilt_from_the_cel_file_differs_from_the_queue_log_alone(moment: Moment) -> None:
    assert moment.reasons(moment.by_cel) == {(Kind.QUEUE_LOG_DIFFERS, "ended_by"): Reason.BOTH_HUNG_UP}


def test_a_record_that_names_neither_stays_unexplained(moment: Moment) -> None:
    record = replace(moment.engine, ended_by=EndedBy.SYSTEM)
    assert set(moment.reasons(record).values()) == {Reason.UNKNOWN}


def test_where_both_logs_agree_another_record_stays_unexplained(moment: Moment) -> None:
    agreed = replace(moment, by_cel=moment.engine)
    other = CALLER if moment.engine.ended_by is SEAT else SEAT
    reasons = agreed.reasons(replace(moment.engine, ended_by=other))
    assert reasons == dict.fromkeys(
        ((Kind.CEL_DIFFERS, "ended_by"), (Kind.QUEUE_LOG_DIFFERS, "ended_by")), Reason.UNKNOWN
    )


def test_without_the_end_in_the_queue_log_nobody_contradicts_the_cel_file(moment: Moment) -> None:
    silent = replace(moment, noted=moment.noted[:-1])
    assert silent.reasons(moment.engine)[Kind.CEL_DIFFERS, "ended_by"] is Reason.UNKNOWN


def test_whom_the_cel_file_names_only_on_the_others_channel_has_not_hung_up_for_certain(moment: Moment) -> None:
    for channel in moment.hangups:
        moment = moment.ended(channel, by_party=False)
    assert moment.reasons(moment.engine) == {(Kind.CEL_DIFFERS, "ended_by"): Reason.UNKNOWN}


def test_two_ends_that_are_not_in_the_same_moment_stay_unexplained(moment: Moment) -> None:
    caller = moment.by_cel.linkedid
    seat = next(end.at for channel, end in moment.hangups.items() if channel != caller)
    within, later = (moment.ended(caller, at=seat + CLOSE + timedelta(microseconds=more)) for more in (0, 1))
    assert within.reasons(moment.engine) == {(Kind.CEL_DIFFERS, "ended_by"): Reason.BOTH_HUNG_UP}
    assert later.reasons(moment.engine) == {(Kind.CEL_DIFFERS, "ended_by"): Reason.UNKNOWN}


def test_any_other_field_of_such_a_call_stays_unexplained(moment: Moment) -> None:
    record = replace(moment.engine, language="bo", ended_at=moment.engine.ended_at - timedelta(seconds=5))  # type: ignore[operator]
    unexplained = {name for (_, name), reason in moment.reasons(record).items() if reason is Reason.UNKNOWN}
    assert unexplained == {"language", "ended_at"}


@pytest.mark.parametrize(
    ("call", "reason"),
    [(HUNG_UP_BY_CALLER, Reason.BOTH_HUNG_UP), (ANSWERED, Reason.UNKNOWN)],
    ids=["both channels ended together", "the caller went on to the survey"],
)
def test_the_comparison_of_a_day_looks_for_it(day: RecordedDay, call: str, reason: Reason) -> None:
    noted = day.queue_log.read_text()
    end = next(line for line in noted.splitlines() if call in line and "|COMPLETE" in line)
    names = {"COMPLETEAGENT": "COMPLETECALLER", "COMPLETECALLER": "COMPLETEAGENT"}
    name = end.split("|")[4]
    day.queue_log.write_text(noted.replace(end, end.replace(name, names[name])))
    found = day.only(Kind.QUEUE_LOG_DIFFERS)
    assert (found.call, found.field, found.reason) == (call, "ended_by", reason)

"""A call's record as JSON. Field names are relied on by other programs."""

from datetime import datetime, timedelta

from pydantic import BaseModel

from callcenter.call.model import Party
from callcenter.call.rows import party_from, ring_from
from callcenter.call.table import CallRow
from callcenter.call.way import ivr_seconds, way_out
from callcenter.instants import exact, format_instant
from callcenter.recording.table import RecordingRow
from callcenter.storage.columns import to_micros


class RingOut(BaseModel):
    seat: str
    at: str
    result: str


class RecordingOut(BaseModel):
    """`state`: due (being finished) | sealed (can be heard) | missing | broken."""

    state: str
    seconds: float | None
    sha256: str | None
    bytes: int | None
    caller_rms: float | None
    seat_rms: float | None
    problem: str


class PartyOut(BaseModel):
    """Who was called into the talk: a seat, or a place of `site/destinations.yaml`."""

    seat: str | None
    place: str
    called_at: str
    joined_at: str | None
    left_at: str | None


class CallOut(BaseModel):
    """Times are ISO 8601 with China's offset, exact; null: did not happen (yet). The caller's number is masked."""

    id: str
    linkedid: str
    caller: str
    source: str
    line: str | None
    language: str | None
    topic: str | None
    priority: str | None
    """Why the caller goes first."""
    place: str | None
    law_firm: str | None
    state: str
    started_at: str
    queued_at: str | None
    first_ring_at: str | None
    answered_at: str | None
    ended_at: str | None
    wrap_up_ended_at: str | None
    outcome: str | None
    ended_by: str | None
    end_reason: str | None
    """Why the seat ended the talk after warnings."""
    seat: str | None
    rings: list[RingOut]
    parties: list[PartyOut]
    ivr_s: float | None
    """In the menu before the queue or, without one, to the end."""
    way_out: str | None
    """Of the menu: queue, voicemail, callback, transfer, blocked, failure, goodbye, hung_up."""
    wait_s: float | None
    """From the queue to the answer or, without one, to the end."""
    talk_s: float | None
    """Of the finished talk, without the time on hold."""
    hold_seconds: float
    survey_offered: bool
    survey_via: str | None
    """`web`: invited by a message after the call. null: on the telephone, or not at all."""
    grade: int | None
    """A seat learns it some days later."""
    recording: RecordingOut | None
    flow: str | None
    """`main@3`: the flow the call began with, and its version."""
    order_no: str | None
    """Of its case record: by it the caller asks how his matter stands."""


class CallsOut(BaseModel):
    items: list[CallOut]
    total: int
    """At most 10,000."""
    more: bool = False
    """There are more than `total`."""


class CallerOut(BaseModel):
    caller: str


def call_out(row: CallRow, caller: str, recording: RecordingRow | None, order_no: str | None) -> CallOut:
    """`caller` is masked already."""
    finer = dict(part.split("=", 1) for part in (row.finer or "").split())

    def time(name: str) -> str | None:
        at = getattr(row, name)
        return None if at is None else format_instant(exact(to_micros(at), finer.get(name, "")))

    rings = [ring_from(values) for values in row.rings]
    id_ = row.long_id or row.id
    return CallOut(
        id=id_,
        linkedid=id_,
        caller=caller,
        source=row.source,
        line=row.line,
        language=row.language,
        topic=row.topic,
        priority=row.priority,
        place=row.place,
        law_firm=row.law_firm,
        state=row.state,
        started_at=time("started_at") or "",
        queued_at=time("queued_at"),
        first_ring_at=time("first_ring_at"),
        answered_at=time("answered_at"),
        ended_at=time("ended_at"),
        wrap_up_ended_at=time("wrap_up_ended_at"),
        outcome=row.outcome,
        ended_by=row.ended_by,
        end_reason=row.end_reason,
        seat=row.seat,
        rings=[RingOut(seat=r.seat, at=format_instant(to_micros(r.at)), result=r.result.value) for r in rings],
        parties=[_party(party_from(values)) for values in row.parties],
        ivr_s=ivr_seconds(row),
        way_out=way_out(row),
        wait_s=_wait(row),
        talk_s=_talk(row),
        hold_seconds=row.hold_micros / 1_000_000,
        survey_offered=row.survey_offered,
        survey_via=row.survey_via,
        grade=row.grade,
        recording=_recording(recording) if recording else None,
        flow=row.flow,
        order_no=order_no,
    )


def _party(party: Party) -> PartyOut:
    def time(at: datetime | None) -> str | None:
        return format_instant(to_micros(at)) if at else None

    return PartyOut(
        seat=party.seat,
        place=party.place,
        called_at=format_instant(to_micros(party.called_at)),
        joined_at=time(party.joined_at),
        left_at=time(party.left_at),
    )


def _wait(row: CallRow) -> float | None:
    until = row.answered_at or row.ended_at
    return None if row.queued_at is None or until is None else (until - row.queued_at).total_seconds()


def _talk(row: CallRow) -> float | None:
    if row.answered_at is None or row.ended_at is None:
        return None
    return (row.ended_at - row.answered_at - timedelta(microseconds=row.hold_micros)).total_seconds()


def _recording(row: RecordingRow) -> RecordingOut:
    return RecordingOut(
        state=row.state,
        seconds=row.seconds,
        sha256=row.sha256,
        bytes=row.bytes,
        caller_rms=row.caller_rms,
        seat_rms=row.seat_rms,
        problem=row.problem,
    )

"""A replayed record as JSON; the fields are relied on by other programs."""

from datetime import datetime
from typing import Any

from callcenter.call.model import CallRecord
from callcenter.instants import CHINA
from callcenter.storage.numbers import mask


def record_out(record: CallRecord) -> dict[str, Any]:
    """Times ISO 8601 with China's offset, null where it did not happen; the caller's number masked."""
    wait = (record.answered_at or record.ended_at, record.queued_at)
    talk = None
    if record.answered_at and record.ended_at:
        talk = (record.ended_at - record.answered_at - record.hold).total_seconds()
    return {
        "linkedid": record.linkedid,
        "caller": mask(record.caller),
        "line": record.line,
        "language": record.language,
        "started_at": _iso(record.started_at),
        "queued_at": _iso(record.queued_at),
        "first_ring_at": _iso(record.first_ring_at),
        "answered_at": _iso(record.answered_at),
        "ended_at": _iso(record.ended_at),
        "outcome": record.outcome and record.outcome.value,
        "seat": record.seat,
        "ended_by": record.ended_by and record.ended_by.value,
        "rings": [{"seat": r.seat, "at": _iso(r.at), "result": r.result.value} for r in record.rings],
        "wait_s": (wait[0] - wait[1]).total_seconds() if wait[0] and wait[1] else None,
        "talk_s": talk,
        "grade": record.grade,
    }


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(CHINA).isoformat() if at else None

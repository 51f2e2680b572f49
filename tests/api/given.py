"""Rows that stories about reading start from."""

from datetime import datetime, timedelta
from typing import Any

from callcenter.call.table import CallRow
from callcenter.consultation.table import ConsultationRow
from callcenter.recording.table import RecordingRow
from callcenter.storage.columns import to_micros
from tests.site import START, Site

CALLER = "13912345678"


def call_row(site: Site, id_: str = "a-1.1", **changes: Any) -> CallRow:
    """A call of a minute and a half, answered by 1001 after 12.5 s, rated 2."""
    began = changes.pop("started_at", START - timedelta(hours=1))
    vault = site.api.vault
    caller = changes.pop("caller", CALLER)
    values: dict[str, Any] = {
        "id": id_,
        "node": "a",
        "caller": vault.seal(caller),
        "caller_hash": vault.search_hash(caller),
        "source": "direct",
        "line": "zh",
        "language": "zh",
        "topic": "labour",
        "state": "ended",
        "started_at": began,
        "queued_at": began + timedelta(seconds=10),
        "first_ring_at": began + timedelta(seconds=11),
        "answered_at": began + timedelta(seconds=22.5),
        "ended_at": began + timedelta(seconds=90),
        "left_at": began + timedelta(seconds=99),
        "wrap_up_ended_at": began + timedelta(seconds=120),
        "hold_micros": 7_500_000,
        "ended_by": "caller",
        "outcome": "answered",
        "seat": "1001",
        "survey_offered": True,
        "grade": 2,
        "rings": [ring(began + timedelta(seconds=11), "1001")],
    }
    return CallRow(**values | changes)


def ring(at: datetime, seat: str, result: str = "answered") -> dict[str, Any]:
    return {"seat": seat, "channel": "a-1.2", "at": to_micros(at), "result": result, "ended_at": to_micros(at)}


def recording_row(call: str = "a-1.1", **changes: Any) -> RecordingRow:
    values: dict[str, Any] = {"call": call, "file": "2026/11/22/a-1.1", "state": "due", "due_at": START, "problem": ""}
    return RecordingRow(**values | changes)


def record_row(call: str = "a-1.1", seat: str = "1001", **changes: Any) -> ConsultationRow:
    values: dict[str, Any] = {"call": call, "seat": seat, "opened_at": START, "version": 0, "groups": []}
    return ConsultationRow(**values | changes)

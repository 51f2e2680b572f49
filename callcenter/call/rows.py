"""A call's record as column values, and back."""

from datetime import timedelta
from typing import Any

from callcenter.call.model import (
    CallRecord,
    CallState,
    EndedBy,
    Listener,
    ListenMode,
    Outcome,
    Party,
    Ring,
    RingResult,
    Source,
)
from callcenter.call.table import CallRow
from callcenter.ids import Linkedid, NodeName, PersonId, SeatId, Uniqueid
from callcenter.storage.columns import MICROSECOND, from_micros, to_micros
from callcenter.storage.numbers import NumberVault

SAME = (
    *("line", "language", "topic", "priority", "started_at", "queued_at", "first_ring_at", "answered_at", "ended_at"),
    *("left_at", "wrap_up_ended_at", "hold_since", "seat", "survey_offered", "grade", "recording", "flow"),
    *("end_reason", "survey_via"),
)
"""Columns that hold the record's field as it is."""


def to_values(record: CallRecord, node: NodeName, vault: NumberVault) -> dict[str, Any]:
    return {name: getattr(record, name) for name in SAME} | {
        "id": record.linkedid,
        "node": node,
        "caller": vault.seal(record.caller),
        "caller_hash": vault.search_hash(record.caller),
        "source": record.source.value,
        "state": record.state.value,
        "hold_micros": record.hold // MICROSECOND,
        "ended_by": record.ended_by and record.ended_by.value,
        "outcome": record.outcome and record.outcome.value,
        "rings": [_ring_values(ring) for ring in record.rings],
        "parties": [_party_values(party) for party in record.parties],
        "listener": record.listener and _listener_values(record.listener),
    }


def from_row(row: CallRow, vault: NumberVault) -> CallRecord:
    return CallRecord(
        linkedid=Linkedid(row.id),
        caller=vault.open(row.caller),
        source=Source(row.source),
        state=CallState(row.state),
        hold=timedelta(microseconds=row.hold_micros),
        ended_by=EndedBy(row.ended_by) if row.ended_by else None,
        outcome=Outcome(row.outcome) if row.outcome else None,
        rings=tuple(ring_from(values) for values in row.rings),
        parties=tuple(party_from(values) for values in row.parties),
        listener=_listener_from(row.listener) if row.listener else None,
        **{name: getattr(row, name) for name in SAME},
    )


def _ring_values(ring: Ring) -> dict[str, Any]:
    return {
        "seat": ring.seat,
        "channel": ring.channel,
        "at": to_micros(ring.at),
        "result": ring.result.value,
        "ended_at": to_micros(ring.ended_at) if ring.ended_at else None,
    }


def ring_from(values: dict[str, Any]) -> Ring:
    return Ring(
        seat=SeatId(values["seat"]),
        channel=values["channel"],
        at=from_micros(values["at"]),
        result=RingResult(values["result"]),
        ended_at=from_micros(values["ended_at"]) if values["ended_at"] else None,
    )


def _party_values(party: Party) -> dict[str, Any]:
    return {
        "channel": party.channel,
        "seat": party.seat,
        "place": party.place,
        "called_at": to_micros(party.called_at),
        "joined_at": to_micros(party.joined_at) if party.joined_at else None,
        "left_at": to_micros(party.left_at) if party.left_at else None,
    }


def party_from(values: dict[str, Any]) -> Party:
    return Party(
        channel=values["channel"],
        seat=SeatId(values["seat"]) if values["seat"] else None,
        place=values["place"],
        called_at=from_micros(values["called_at"]),
        joined_at=from_micros(values["joined_at"]) if values["joined_at"] else None,
        left_at=from_micros(values["left_at"]) if values["left_at"] else None,
    )


def _listener_values(listener: Listener) -> dict[str, Any]:
    return {
        "person": listener.person,
        "mode": listener.mode.value,
        "seat": listener.seat,
        "channel": listener.channel,
    }


def _listener_from(values: dict[str, Any]) -> Listener:
    return Listener(
        person=PersonId(values["person"]),
        mode=ListenMode(values["mode"]),
        seat=SeatId(values["seat"]) if values["seat"] else None,
        channel=Uniqueid(values["channel"]),
    )

"""What the engine writes and reads back. Writing a step twice leaves what writing it once does."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from callcenter.account.table import PersonRow
from callcenter.bus.envelope import Envelope
from callcenter.call.model import CallRecord
from callcenter.call.rows import from_row
from callcenter.call.table import CallRow, EventRow
from callcenter.consultation.table import ConsultationRow
from callcenter.engine.step import Step, Values
from callcenter.engine.table import NodeRow
from callcenter.ids import Linkedid, NodeName, SeatId
from callcenter.recording.table import RecordingRow
from callcenter.seat.model import Desired, PhoneKind, SeatState, SeatView
from callcenter.seat.table import SeatRow
from callcenter.storage.numbers import NumberVault


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAccount:
    seat: SeatId
    languages: tuple[str, ...]


class EngineRepository:
    def __init__(self, session: Session, node: NodeName) -> None:
        self._session = session
        self._node = node
        self._insert: Any = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert

    def node(self, now: datetime) -> NodeRow:
        row = self._session.get(NodeRow, self._node)
        if row is None:
            row = NodeRow(id=self._node, cel_inode=0, cel_offset=0, seq=0, step=0, seen_at=now)
            self._session.add(row)
            self._session.flush()
        return row

    def write(self, step: Step, now: datetime) -> list[Envelope]:
        """Returns the events as numbered now; none when this step had been written before."""
        node = self.node(now)
        if step.number <= node.step:
            return []
        node.step = step.number
        if step.cel is not None:
            node.cel_inode, node.cel_offset = step.cel
            node.seen_at = now
        envelopes = []
        for values in step.events:
            node.seq += 1
            envelopes.append(_envelope(node.seq, self._node, values))
        if envelopes:
            rows = [v | {"node": self._node, "seq": e.seq} for v, e in zip(step.events, envelopes, strict=True)]
            self._session.execute(self._insert(EventRow), rows)
        for values in step.calls:
            self._upsert(CallRow, values)
        for values in step.seats:
            self._upsert(SeatRow, values)
        for values in step.consultations:
            self._session.execute(self._insert(ConsultationRow).values(values).on_conflict_do_nothing())
        for values in step.recordings:
            self._session.execute(self._insert(RecordingRow).values(values).on_conflict_do_nothing())
        return envelopes

    def _upsert(self, table: Any, values: Values) -> None:
        insert = self._insert(table).values(values)
        changes = {name: insert.excluded[name] for name in values if name != "id"}
        self._session.execute(insert.on_conflict_do_update(index_elements=["id"], set_=changes))

    def events_after(self, seq: int, limit: int) -> list[Envelope]:
        rows = self._session.scalars(
            select(EventRow).where(EventRow.node == self._node, EventRow.seq > seq).order_by(EventRow.seq).limit(limit)
        )
        return [
            _envelope(r.seq, self._node, {"at": r.at, "type": r.type, "call": r.call, "seat": r.seat, "data": r.data})
            for r in rows
        ]

    def open_calls(self, vault: NumberVault) -> list[CallRecord]:
        """Calls whose caller is still there, and those whose seat is still in wrap-up."""
        in_wrap_up = select(SeatRow.call).where(SeatRow.state == SeatState.WRAP_UP.value)
        rows = self._session.scalars(
            select(CallRow).where(CallRow.node == self._node, CallRow.left_at.is_(None) | CallRow.id.in_(in_wrap_up))
        )
        return [from_row(row, vault) for row in rows]

    def ended_among(self, calls: set[Linkedid]) -> set[Linkedid]:
        if not calls:
            return set()
        found = self._session.scalars(select(CallRow.id).where(CallRow.id.in_(calls), CallRow.left_at.is_not(None)))
        return {Linkedid(call) for call in found}

    def seat_views(self) -> dict[SeatId, SeatView]:
        return {SeatId(row.id): _view(row) for row in self._session.scalars(select(SeatRow))}

    def seat_accounts(self) -> list[SeatAccount]:
        people = self._session.scalars(
            select(PersonRow).where(PersonRow.seat.is_not(None), PersonRow.active).order_by(PersonRow.seat)
        )
        return [SeatAccount(seat=SeatId(str(p.seat)), languages=tuple(p.languages)) for p in people]


def _envelope(seq: int, node: NodeName, values: Values) -> Envelope:
    return Envelope(
        seq=seq,
        node=node,
        at=values["at"].isoformat(),
        type=values["type"],
        call=values["call"],
        seat=values["seat"],
        data=values["data"],
    )


def _view(row: SeatRow) -> SeatView:
    return SeatView(
        seat=SeatId(row.id),
        state=SeatState(row.state),
        since=row.since,
        desired=Desired(row.desired),
        reason=row.reason,
        call=Linkedid(row.call) if row.call else None,
        phone=PhoneKind(row.phone) if row.phone else None,
        missed=row.missed,
        wrap_up_ends=row.wrap_up_ends,
    )

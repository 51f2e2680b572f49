"""What the engine writes and reads back. Writing a step twice leaves what writing it once does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.account.repository import People
from callcenter.account.skills import Skills, skills_of
from callcenter.bus.envelope import Envelope
from callcenter.call.events import CallStarted, IvrNodeEntered, KeyPressed, OutcomeDecided
from callcenter.call.model import CallRecord, Outcome
from callcenter.call.rows import from_row
from callcenter.call.table import CallRow, EventRow
from callcenter.engine.statements import Target, advance, name_law_firm, numbers, put
from callcenter.engine.step import Step, Values
from callcenter.engine.table import NodeRow
from callcenter.ids import Linkedid, NodeName, SeatId, Uniqueid
from callcenter.ivr.orders import free_order_no
from callcenter.seat.model import SeatState, SeatView
from callcenter.seat.rows import view_of
from callcenter.seat.table import SeatRow
from callcenter.storage.numbers import NumberVault

MOST_IN_A_QUERY = 5_000
"""SQLite takes 32,766 values in one question, PostgreSQL 65,535."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAccount:
    seat: SeatId
    skills: Skills
    has_mobile: bool = False


class EngineRepository:
    def __init__(self, session: Session, node: NodeName) -> None:
        self._session = session
        self._node = node
        self._dialect = session.get_bind().dialect.name

    def node(self, now: datetime) -> NodeRow:
        row = self._session.get(NodeRow, self._node)
        if row is None:
            row = NodeRow(id=self._node, cel_inode=0, cel_offset=0, seq=0, step=0, seen_at=now)
            self._session.add(row)
            self._session.flush()
        return row

    def write(self, steps: Sequence[Step], now: datetime) -> list[Envelope]:
        """Several steps in their order. Returns their events as numbered now; a step that was written before has none.

        Of a row that several of them changed only the last form is written: they share a transaction.
        """
        connection = self._session.connection()  # what the session does beside, for each statement, costs as much
        last = connection.execute(numbers(), {"node": self._node}).first() or self._begun(now)
        (seq, before), cel = last, None
        newest = before
        rows: dict[Target, list[Values]] = {"event": [], "consultation": [], "recording": [], "audit": [], "visit": []}
        replaced: dict[Target, dict[str, Values]] = {"call": {}, "seat": {}}
        envelopes: list[Envelope] = []
        for step in steps:
            if step.number <= newest:
                continue
            newest, cel = step.number, step.cel or cel
            for values in step.events:
                seq += 1
                envelopes.append(_envelope(seq, self._node, values))
                rows["event"].append(values | {"node": self._node, "seq": seq})
            rows["consultation"] += [it | {"order_no": free_order_no(self._session)} for it in step.consultations]
            rows["recording"] += step.recordings
            rows["audit"] += step.audits
            rows["visit"] += step.visits
            replaced["call"] |= {values["id"]: values for values in step.calls}
            replaced["seat"] |= {values["id"]: values for values in step.seats}
        for target, values_of in (rows | {target: [*by_id.values()] for target, by_id in replaced.items()}).items():
            if values_of:
                connection.execute(put(self._dialect, target, tuple(values_of[0])), values_of)
        if rows["consultation"]:
            connection.execute(name_law_firm(), [{"answered": it["call"]} for it in rows["consultation"]])
        if newest != before:
            moved = {"node": self._node, "new_seq": seq, "new_step": newest}
            if cel is not None:
                moved |= {"new_cel_inode": cel[0], "new_cel_offset": cel[1], "new_seen_at": now}
            connection.execute(advance(cel is not None), moved)
        return envelopes

    def _begun(self, now: datetime) -> tuple[int, int]:
        row = self.node(now)
        return row.seq, row.step

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

    def wrapped_up_since(self, since: datetime, limit: int, vault: NumberVault) -> list[CallRecord]:
        """Calls whose wrap-up has ended, the oldest first."""
        rows = self._session.scalars(
            select(CallRow)
            .where(CallRow.node == self._node, CallRow.started_at >= since, CallRow.wrap_up_ended_at.is_not(None))
            .order_by(CallRow.started_at.desc())
            .limit(limit)
        )
        return [from_row(row, vault) for row in reversed(rows.all())]

    def decided(self, calls: Sequence[Linkedid]) -> dict[Linkedid, Outcome]:
        """How these live calls will end, as far as it was said."""
        rows = self._session.execute(
            select(EventRow.call, EventRow.data).where(
                EventRow.call.in_(calls), EventRow.type == OutcomeDecided.__name__
            )
        )
        return {Linkedid(str(call)): Outcome(data["outcome"]) for call, data in rows}

    def caller_channels(self, calls: Sequence[Linkedid]) -> dict[Linkedid, Uniqueid]:
        """Of these live calls, where it is not the one that names the call."""
        rows = self._session.execute(
            select(EventRow.call, EventRow.data).where(EventRow.call.in_(calls), EventRow.type == CallStarted.__name__)
        )
        return {Linkedid(str(call)): Uniqueid(data["channel"]) for call, data in rows if data.get("channel")}

    def menu_told(self, calls: Sequence[Linkedid]) -> dict[Linkedid, datetime]:
        """The last step through the menu that is on record, of each call that has one."""
        rows = self._session.execute(
            select(EventRow.call, func.max(EventRow.at))
            .where(EventRow.call.in_(calls), EventRow.type.in_((IvrNodeEntered.__name__, KeyPressed.__name__)))
            .group_by(EventRow.call)
        )
        return {Linkedid(str(call)): at for call, at in rows}

    def ended_among(self, calls: set[Linkedid]) -> set[Linkedid]:
        """Asked in pieces: after a long absence the CEL file names more calls than one question takes."""
        names = sorted(calls)
        ended: set[Linkedid] = set()
        for start in range(0, len(names), MOST_IN_A_QUERY):
            some = names[start : start + MOST_IN_A_QUERY]
            found = self._session.scalars(select(CallRow.id).where(CallRow.id.in_(some), CallRow.left_at.is_not(None)))
            ended.update(Linkedid(call) for call in found)
        return ended

    def seat_views(self) -> dict[SeatId, SeatView]:
        return {SeatId(row.id): view_of(row) for row in self._session.scalars(select(SeatRow))}

    def seat_accounts(self) -> list[SeatAccount]:
        people = People(self._session).at_seats()
        return [
            SeatAccount(seat=SeatId(str(p.seat)), skills=skills_of(p), has_mobile=p.mobile is not None) for p in people
        ]


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

"""A caller's way through the menu: how long, to where, and every step of it."""

from typing import Literal

from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.call.events import FlowBegan, IvrNodeEntered, KeyPressed
from callcenter.call.model import CallState, EndedBy, Outcome
from callcenter.call.table import CallRow, EventRow
from callcenter.instants import format_instant
from callcenter.storage.columns import to_micros

STEPS = (FlowBegan, IvrNodeEntered, KeyPressed)
LEFT_BY: dict[str, "WayOut"] = {
    Outcome.VOICEMAIL: "voicemail",
    Outcome.CALLBACK_REQUESTED: "callback",
    Outcome.TRANSFERRED_OUT: "transfer",
    Outcome.BLOCKED: "blocked",
    Outcome.SYSTEM_FAILURE: "failure",
}
WayOut = Literal["queue", "voicemail", "callback", "transfer", "blocked", "failure", "goodbye", "hung_up"]


class StepOut(BaseModel):
    """`kind` flow: `value` is its name and version (`main@3`); node: its name; key: the key, pressed at `node`."""

    at: str
    kind: Literal["flow", "node", "key"]
    node: str
    value: str


class WayThroughOut(BaseModel):
    flow: str | None
    ivr_s: float | None
    way_out: WayOut | None
    steps: list[StepOut]


def ivr_seconds(row: CallRow) -> float | None:
    """From the call's beginning to the queue or, without one, to its end; None: still there. What a caller spends in a
    menu after a queue that timed out is not in it."""
    until = row.queued_at or row.first_ring_at or row.answered_at or row.left_at or row.ended_at
    return None if until is None else (until - row.started_at).total_seconds()


def way_out(row: CallRow) -> WayOut | None:
    """How the caller left the menu that he came into first; None: not yet."""
    if row.queued_at or row.answered_at:
        return "queue"
    if row.outcome in LEFT_BY:
        return LEFT_BY[row.outcome]
    if row.state != CallState.ENDED and row.left_at is None:
        return None
    return "goodbye" if row.ended_by == EndedBy.SYSTEM else "hung_up"


def steps_of(session: Session, call: str) -> list[StepOut]:
    """In the order in which they happened; an engine that was away has written its part later."""
    kinds = [kind.__name__ for kind in STEPS]
    rows = session.scalars(
        select(EventRow).where(EventRow.call == call, EventRow.type.in_(kinds)).order_by(EventRow.at, EventRow.id)
    )
    return [_step(row) for row in rows]


def _step(row: EventRow) -> StepOut:
    at, data = format_instant(to_micros(row.at)), row.data
    if row.type == FlowBegan.__name__:
        return StepOut(at=at, kind="flow", node="", value=f"{data['flow']}@{data['version'] or 'draft'}")
    if row.type == IvrNodeEntered.__name__:
        return StepOut(at=at, kind="node", node=data["node"], value=data["node"])
    return StepOut(at=at, kind="key", node=data["node"], value=data["key"])

"""What happened, as rows to be written."""

from collections.abc import Mapping, Sequence

from callcenter.account.actions import Action
from callcenter.call import events as e
from callcenter.call.rows import to_values
from callcenter.engine.registry import DomainEvent, Registry
from callcenter.engine.step import Step, Values
from callcenter.ids import NodeName, SeatId
from callcenter.seat.model import SeatView
from callcenter.storage.event_log import to_values as event_values
from callcenter.storage.numbers import NumberVault
from callcenter.visit.model import VisitRules
from callcenter.visit.opening import of_grade

NOTES = (e.IvrNodeEntered, e.KeyPressed)
"""Events that stand in the log and leave the record as it is: a menu of five questions makes ten of them."""


def step_of(
    number: int,
    happened: Sequence[DomainEvent],
    registry: Registry,
    node: NodeName,
    vault: NumberVault,
    visits: VisitRules,
) -> Step:
    """The events, and every row that they changed as the registry has it now. Before `registry.settle()`."""
    calls = {event.call: None for event in happened if isinstance(event, e.CallEvent) and not isinstance(event, NOTES)}
    seats = {SeatId(getattr(event, "seat", None) or ""): None for event in happened}
    step = Step(number=number, events=[event_values(event) for event in happened])
    for linkedid in calls:
        record = registry.record(linkedid)
        if record is not None:
            step.calls.append(to_values(record, node, vault))
    step.seats = [_seat_values(registry.seats[seat].view) for seat in seats if seat in registry.seats]
    step.audits = [_audit(event) for event in happened if isinstance(event, e.SupervisorEvent)]
    for event in happened:
        if isinstance(event, e.CallAnswered):
            step.consultations.append(_consultation(event))
        elif isinstance(event, e.TalkEnded):
            step.recordings += _recording(event, registry)
        elif isinstance(event, e.SurveyAnswered):
            step.visits += of_grade(visits, event)
    return step


def _recording(event: e.TalkEnded, registry: Registry) -> list[Values]:
    record = registry.record(event.call)
    if record is None or record.recording is None:
        return []
    return [{"call": event.call, "file": record.recording, "state": "due", "due_at": event.at, "problem": ""}]


def _consultation(event: e.CallAnswered) -> Values:
    return {
        "call": event.call,
        "seat": event.seat,
        "opened_at": event.at,
        "version": 0,
        **dict.fromkeys(("topic", "identity", "request", "reply", "outcome"), ""),
        "groups": [],
    }


AUDITED: Mapping[type[e.SupervisorEvent], Action] = {
    e.SupervisorListened: "talk-listened",
    e.SupervisorWhispered: "talk-whispered",
    e.SupervisorJoined: "talk-joined",
    e.SupervisorTookOver: "talk-taken-over",
    e.SupervisorLeft: "talk-left",
}


def _audit(event: e.SupervisorEvent) -> Values:
    """What a supervisor really did, not what was asked: who, when, at whose talk, at which call."""
    action = AUDITED[type(event)]
    object_, detail = event.seat or "", {"call": event.call}
    return {"at": event.at, "person": event.person, "action": action, "object": object_, "detail": detail}


def _seat_values(view: SeatView) -> Values:
    return {
        "id": view.seat,
        "state": view.state.value,
        "since": view.since,
        "desired": view.desired.value,
        "reason": view.reason,
        "call": view.call,
        "phone": view.phone and view.phone.value,
        "wished_phone": view.wished_phone and view.wished_phone.value,
        "microphone_tried": view.microphone_tried,
        "missed": view.missed,
        "wrap_up_ends": view.wrap_up_ends,
    }

"""In which line a caller is, whatever queue Asterisk names. A part of `callcenter.call.apply`."""

from callcenter.asterisk import events as t
from callcenter.call.live import LiveCall
from callcenter.call.model import CallState, RingResult
from callcenter.routing.first_seat import is_of_one_seat

HANDED_ON = frozenset({CallState.TALKING, CallState.HOLDING, CallState.SURVEY})


def line_of(call: LiveCall, joined: t.QueueJoined) -> str:
    """A seat's own queue is none: the dialplan has said to which line the caller goes."""
    if not is_of_one_seat(joined.queue):
        return joined.queue
    told = next((fact.value for fact in reversed(call.told) if fact.name == "line"), "")
    return told or call.record.line or call.record.language or joined.queue


def handed_on(call: LiveCall, joined: t.QueueJoined) -> bool:
    """Into a queue from a talk; not the entry before the talk, told once more by the CEL file."""
    answers = [ring.ended_at for ring in call.record.rings if ring.result is RingResult.ANSWERED and ring.ended_at]
    return call.record.state in HANDED_ON and bool(answers) and joined.at > max(answers)

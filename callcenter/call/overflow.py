"""What the dialplan tells of the places that a caller is offered to when no seat of his line came in time
(`asterisk_conf/extensions.d/overflow.conf`). On record each is a ring like a seat's, and its talk a talk.

A part of `callcenter.call.apply`. Hops are numbered by the dialplan, so the same one told twice is one.
"""

from collections.abc import Iterator

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call.live import LiveCall
from callcenter.call.model import HOP, CallState, RingResult
from callcenter.ids import SeatId, Uniqueid

FACTS = frozenset({"hop", "hop_answered", "hop_over"})
"""`<n>=<place>`, `<n>`, `<n>=<result>`."""

RESULTS = {
    "BUSY": RingResult.REJECTED,
    "NOANSWER": RingResult.NO_ANSWER,
    "UNCONFIRMED": RingResult.UNCONFIRMED,
    "CANCEL": RingResult.CALLER_LEFT,
}
"""Of Dial; every other one: the place could not be reached."""


def on_hop(call: LiveCall, fact: t.Fact) -> Iterator[e.CallEvent]:
    number, _, value = fact.value.partition("=")
    channel, linkedid = Uniqueid(HOP + number), call.record.linkedid
    ring = next((ring for ring in call.record.rings if ring.channel == channel), None)
    waiting = call.record.state in (CallState.QUEUED, CallState.RINGING)
    if fact.name == "hop":
        call.left_queue = False  # who hangs up now gives up waiting
        if ring is None and waiting:
            yield e.SeatRang(at=fact.at, call=linkedid, seat=SeatId(value), channel=channel)
    elif ring is None or ring.result is not RingResult.RINGING:
        return
    elif fact.name == "hop_answered" and waiting:
        yield e.CallAnswered(at=fact.at, call=linkedid, seat=ring.seat, channel=channel)
    elif fact.name == "hop_over":
        result = RESULTS.get(value, RingResult.UNREACHABLE)
        yield e.RingEnded(at=fact.at, call=linkedid, seat=ring.seat, channel=channel, result=result)

"""Whether the call a seat seems to be busy with is really there."""

from collections.abc import Container

from callcenter.call.apply import Call
from callcenter.call.model import CallState, RingResult
from callcenter.seat.state import Phase, Seat


def keeps_busy(seat: Seat, call: Call | None, dialled: Container[str | None]) -> bool:
    """`call`: the one the seat names; None: not on record. `dialled`: calls that we make, which are on record as soon
    as somebody answers."""
    if call is None:
        return seat.phase is Phase.RINGING and seat.view.call in dialled
    if not call.record.live:
        return False
    if seat.view.seat in call.parties.values() or seat.view.seat in (call.returning, call.called and call.called[1]):
        return True
    if seat.phase is Phase.RINGING:
        return any(r.seat == seat.view.seat and r.result is RingResult.RINGING for r in call.record.rings)
    return call.record.seat == seat.view.seat and call.record.state in (CallState.TALKING, CallState.HOLDING)

"""What follows from how an attempt ended. Pure; the database decides who may apply it."""

from dataclasses import replace
from datetime import datetime

from callcenter.callback.model import Policy, Request, RequestState, Result
from callcenter.errors import IllegalTransition

S = RequestState

NEXT: dict[RequestState, frozenset[RequestState]] = {
    S.OPEN: frozenset({S.DIALLING, S.TAKEN, S.CANCELLED, S.MERGED, S.GIVEN_UP}),
    S.DIALLING: frozenset({S.OPEN, S.TAKEN, S.SERVED, S.GIVEN_UP, S.CANCELLED}),
    S.TAKEN: frozenset({S.OPEN, S.DIALLING, S.DONE, S.CANCELLED}),
    S.GIVEN_UP: frozenset({S.OPEN, S.TAKEN, S.DIALLING}),
    **dict.fromkeys((S.SERVED, S.DONE, S.CANCELLED, S.MERGED, S.REFUSED), frozenset()),
}
"""A person may take up again what was given up; everything else that is over stays over."""

UNCOUNTED = frozenset({Result.NOT_SENT, Result.NO_SEAT})


def is_due(request: Request, now: datetime) -> bool:
    return request.state is S.OPEN and (request.due_at is None or request.due_at <= now)


def to(request: Request, state: RequestState, now: datetime, reason: str = "") -> Request:
    """Raises IllegalTransition."""
    if state not in NEXT[request.state]:
        raise IllegalTransition(f"request of call {request.call}: {request.state} -> {state}")
    return replace(request, state=state, reason=reason, ended_at=now if state.over else None)


def dialling(request: Request, now: datetime) -> Request:
    return to(request, S.DIALLING, now)


def after(request: Request, result: Result, policy: Policy, now: datetime) -> Request:
    """The request after an attempt that ended so at `now`."""
    if result is Result.SERVED:
        return to(replace(request, tries=request.tries + 1), S.SERVED, now)
    if result is Result.DECLINED:
        return to(replace(request, tries=request.tries + 1), S.CANCELLED, now, "declined")
    tries = request.tries + (result not in UNCOUNTED)
    if tries >= policy.attempts:
        return to(replace(request, tries=tries), S.GIVEN_UP, now, result.value)
    pause = policy.pauses[min(max(tries, 1), len(policy.pauses)) - 1]
    due_at = now if result is Result.NO_SEAT else now + pause  # the next seat may have it at once
    return replace(to(request, S.OPEN, now, result.value), tries=tries, due_at=due_at)


def result_of_cause(cause: int) -> Result:
    """Q.850 cause of a telephone that did not answer."""
    if cause == 17:
        return Result.BUSY
    if cause in (16, 18, 19, 21, 0, 26, 127):
        return Result.NO_ANSWER
    return Result.UNREACHABLE

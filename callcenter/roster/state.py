"""A swap's life. Pure.

asked -> accepted -> approved
  |  \\        |  \\
  |  declined  |  refused
  withdrawn <--
"""

from enum import StrEnum

from callcenter.errors import IllegalTransition


class SwapState(StrEnum):
    ASKED = "asked"
    ACCEPTED = "accepted"
    """By the colleague; a supervisor has still to approve it."""
    APPROVED = "approved"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class SwapIsOver(IllegalTransition):
    code = "swap-is-over"
    status = 409


ALLOWED: dict[SwapState, frozenset[SwapState]] = {
    SwapState.ASKED: frozenset({SwapState.ACCEPTED, SwapState.DECLINED, SwapState.WITHDRAWN}),
    SwapState.ACCEPTED: frozenset({SwapState.APPROVED, SwapState.REFUSED, SwapState.WITHDRAWN}),
}
OPEN = tuple(state.value for state in ALLOWED)


def moved(before: SwapState, after: SwapState) -> SwapState:
    """Raises SwapIsOver."""
    if after not in ALLOWED.get(before, frozenset()):
        raise SwapIsOver(f"this swap is {before}; it cannot become {after}")
    return after

"""States of a draft, who may do what, and the acts of an entry's life."""

from collections.abc import Mapping
from enum import StrEnum

from callcenter.account.model import Role


class DraftState(StrEnum):
    """writing -> in-review -> (published: the draft is gone)
                  in-review -> returned -> in-review
    Typing in a draft that lies with the reviewer takes it back.
    """

    WRITING = "writing"
    IN_REVIEW = "in-review"
    RETURNED = "returned"


class Act(StrEnum):
    SEND = "send"
    """To the reviewers."""
    RETURN = "return"
    """With words on what to change."""
    PUBLISH = "publish"
    DISCARD = "discard"
    CONFIRM = "confirm"
    """The published text was read again and still holds."""
    RETIRE = "retire"


WRITERS = frozenset({Role.SEAT, Role.SUPERVISOR, Role.MANAGER})
REVIEWERS = frozenset({Role.SUPERVISOR, Role.MANAGER})
"""DB32/T 3837 lets those who lead the shift answer for what it tells callers."""

FROM: Mapping[Act, frozenset[DraftState | None]] = {
    Act.SEND: frozenset({DraftState.WRITING, DraftState.RETURNED}),
    Act.RETURN: frozenset({DraftState.IN_REVIEW}),
    Act.PUBLISH: frozenset({DraftState.IN_REVIEW}),
    Act.DISCARD: frozenset(DraftState),
    Act.CONFIRM: frozenset({None}),
    Act.RETIRE: frozenset({None}),
}
"""State of the draft from which an act is possible; None: there is no draft."""
ONLY_REVIEWERS = frozenset({Act.RETURN, Act.PUBLISH, Act.CONFIRM, Act.RETIRE})
NEEDS_WORDS = frozenset({Act.RETURN, Act.RETIRE})
REVIEW_EVERY_DAYS = 365
"""The next review of a published text, unless its writer set an earlier or later day."""
LANGUAGES = ("zh", "bo", "mn")


def possible(state: DraftState | None, exists: bool, role: Role, *, own: bool) -> list[Act]:
    """What somebody may do now. `own`: he wrote in the draft."""
    acts = []
    for act, states in FROM.items():
        if state not in states or role not in (REVIEWERS if act in ONLY_REVIEWERS else WRITERS):
            continue
        if (act is Act.PUBLISH and own) or (state is None and not exists):
            continue
        if act is Act.DISCARD and not own and role not in REVIEWERS:
            continue
        acts.append(act)
    return acts

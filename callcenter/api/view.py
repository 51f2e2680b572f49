"""What each role may see of the live feed. Numbers are masked for everybody before they get here."""

from typing import Any

from callcenter.account.model import Role
from callcenter.board.model import Entity

WITHOUT_CALLERS = frozenset({Role.ADMIN})
"""Runs the machines, has no business with the people who call (three-admin split)."""


def sees_callers(role: Role) -> bool:
    return role not in WITHOUT_CALLERS


def without_callers(parts: dict[str, Any]) -> dict[str, Any]:
    """The same state or patch, calls without even the masked number and the topic."""
    calls: dict[str, Entity | None] = parts.get("calls", {})
    if not calls:
        return parts
    bare = {id_: call and call | {"caller": "", "topic": None} for id_, call in calls.items()}
    return parts | {"calls": bare}

"""What each role may see of the live feed. Numbers are masked for everybody before they get here."""

from enum import Enum
from typing import Any

from callcenter.account.model import Role
from callcenter.board.model import Entity
from callcenter.call.model import ListenMode


class View(Enum):
    WHOLE = "whole"
    DESK = "desk"
    """A seat: that a supervisor is at a talk, not who he is; and that only if the site says so."""
    MACHINES = "machines"
    """An administrator runs the machines and has no business with the people who call (three-admin split)."""


def view_of(role: Role) -> View:
    return {Role.ADMIN: View.MACHINES, Role.SEAT: View.DESK}.get(role, View.WHOLE)


def seen(view: View, parts: dict[str, Any], listening_shown: bool) -> dict[str, Any]:
    """The same state or patch as this view has it; `parts` itself when nothing is left out."""
    calls: dict[str, Entity | None] = parts.get("calls", {})
    match view:
        case View.DESK if any(call and call["listener"] for call in calls.values()):
            listeners = {
                id_: call and call | {"listener": _at_desk(call, listening_shown)} for id_, call in calls.items()
            }
            return parts | {"calls": listeners}
        case View.MACHINES if calls:
            bare = {"caller": "", "topic": None, "listener": None}
            return parts | {"calls": {id_: call and call | bare for id_, call in calls.items()}}
    return parts


def _at_desk(call: Entity, listening_shown: bool) -> Entity | None:
    listener: Entity | None = call["listener"]
    if listener is None or (listener["mode"] == ListenMode.LISTEN and not listening_shown):
        return None
    return listener | {"person": ""}

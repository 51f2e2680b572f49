"""Who sees that a supervisor is at a talk."""

import pytest

from callcenter.account.model import Role
from callcenter.api.view import seen, view_of

LISTENER = {"person": "chen", "mode": "listen", "seat": "1001"}


def shown(role: Role, mode: str = "listen", *, listening_shown: bool = True) -> object:
    call = {"id": "a-1.1", "caller": "138****5678", "topic": None, "listener": LISTENER | {"mode": mode}}
    calls = seen(view_of(role), {"calls": {"a-1.1": call, "a-1.2": None}}, listening_shown)["calls"]
    assert calls["a-1.2"] is None
    return calls["a-1.1"]["listener"]


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR])
def test_overseers_see_who_it_is(role: Role) -> None:
    assert shown(role) == LISTENER


def test_a_seat_sees_that_somebody_listens_but_not_who() -> None:
    assert shown(Role.SEAT) == LISTENER | {"person": ""}


def test_a_site_may_hide_listening_but_not_who_speaks() -> None:
    assert shown(Role.SEAT, listening_shown=False) is None
    for mode in ("whisper", "barge", "take_over"):
        assert shown(Role.SEAT, mode, listening_shown=False) == {"person": "", "mode": mode, "seat": "1001"}


def test_an_administrator_sees_none_of_it() -> None:
    assert shown(Role.ADMIN) is None

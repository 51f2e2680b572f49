"""A phone that registers anew from another place, as a reloaded browser does."""

from callcenter.asterisk import events as t
from callcenter.engine.registry import Registry
from callcenter.ids import SeatId
from callcenter.seat.model import SeatState
from tests.story import at


def told(registry: Registry, second: int, uri: str, registered: bool) -> SeatState:
    registry.hear(t.ContactChanged(at=at(second), endpoint="w1001", registered=registered, uri=uri))
    return registry.seats[SeatId("1001")].view.state


def test_the_old_registration_that_goes_after_the_new_one_came_changes_nothing(registry: Registry) -> None:
    told(registry, 1, "sip:w1001@127.0.0.1:4001", True)
    told(registry, 2, "sip:w1001@127.0.0.1:4002", True)
    assert told(registry, 2, "sip:w1001@127.0.0.1:4001", False) is SeatState.READY
    assert told(registry, 3, "sip:w1001@127.0.0.1:4002", False) is SeatState.UNREACHABLE


def test_a_phone_that_moved_unheard_is_believed_when_it_goes(registry: Registry) -> None:
    told(registry, 1, "sip:w1001@127.0.0.1:4001", True)
    registry.forget_contacts()  # a resync: it registered from port 4002 meanwhile
    assert told(registry, 9, "sip:w1001@127.0.0.1:4002", False) is SeatState.UNREACHABLE


def test_the_carrier_that_is_asked_for_a_sign_of_life_is_no_phone(registry: Registry) -> None:
    def gateway(registered: bool) -> bool | None:
        told = t.ContactChanged(at=at(1), endpoint=t.TRUNK, registered=registered, uri="sip:192.0.2.7")
        assert registry.hear(told) == []
        return registry.trunk_up

    assert registry.trunk_up is None, "nobody asks it"
    assert [gateway(True), gateway(False), gateway(True)] == [True, False, True]

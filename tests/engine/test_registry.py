"""Calls and seats together: what a call does shows on the seat, and what Asterisk shows counts."""

from callcenter.asterisk import events as t
from callcenter.engine.memberships import differences
from callcenter.engine.registry import Registry
from callcenter.ids import Interface, QueueName, SeatId
from callcenter.seat.model import Desired, SeatState, phone_of
from callcenter.seat.state import Phase
from tests.story import Story, at

BO, ZH = QueueName("bo"), QueueName("zh")


def state_of(registry: Registry, seat: str) -> SeatState:
    return registry.seats[SeatId(seat)].view.state


def test_a_seat_follows_its_call_from_ring_to_wrap_up(registry: Registry) -> None:
    story = Story(registry).dials(0).joins(1).rings(2, "1001")
    assert state_of(registry, "1001") is SeatState.RINGING
    story.answered(4, "1001").hold(10, True)
    assert state_of(registry, "1001") is SeatState.HOLDING
    story.hold(20, False).completed(60, "1001", "caller")
    assert state_of(registry, "1001") is SeatState.WRAP_UP
    assert state_of(registry, "1002") is SeatState.READY


def test_an_ended_call_stays_until_its_wrap_up_is_over(registry: Registry) -> None:
    story = Story(registry).dials(0).joins(1).rings(2, "1001").answered(4, "1001").completed(60, "1001", "caller")
    story.hangs_up(60)
    assert story.call in registry.calls
    registry.end_wrap_up(registry.seats[SeatId("1001")], at(70))
    assert story.call not in registry.calls
    record = registry.record(story.call)
    assert record is not None
    assert record.wrap_up_ended_at == at(70)


def test_a_seat_rung_again_while_no_engine_kept_it_paused_has_ended_its_wrap_up(registry: Registry) -> None:
    first = Story(registry, "a-1.1").dials(0).joins(1).rings(2, "1001").answered(4, "1001")
    first.completed(60, "1001", "seat").hangs_up(61)
    second = Story(registry, "a-1.2").dials(50).joins(51).rings(66, "1001")
    assert "WrapUpEnded" in second.kinds()
    assert state_of(registry, "1001") is SeatState.RINGING
    assert first.call not in registry.calls


def test_signing_out_in_wrap_up_ends_it_on_the_record(registry: Registry) -> None:
    story = Story(registry).dials(0).joins(1).rings(2, "1001").answered(4, "1001").completed(60, "1001", "caller")
    seat = registry.seats[SeatId("1001")]
    events = registry.want(seat, Desired.SIGNED_OUT, "", "1001", at(65))
    names = [type(e).__name__ for e in events]
    assert (names[0], names[-1]) == ("WrapUpEnded", "SeatDesired")
    assert story.record.seat == "1001"
    assert seat.wished_members() == {}


def test_memberships_are_brought_about_by_their_differences_only(registry: Registry) -> None:
    seat = registry.seats[SeatId("1002")]
    assert list(differences(seat)) == []
    registry.want(seat, Desired.PAUSED, "lunch", "1002", at(1))
    assert [(a.name, a.fields()["Queue"]) for a in differences(seat)] == [("QueuePause", "")], "in all queues at once"
    registry.hear(_member(ZH, paused=True))
    assert [(a.name, a.fields()["Queue"]) for a in differences(seat)] == [("QueuePause", "bo")]
    registry.hear(_member(BO, paused=True))
    assert list(differences(seat)) == []
    assert state_of(registry, "1002") is SeatState.PAUSED


def test_a_member_that_was_removed_behind_our_back_is_added_again(registry: Registry) -> None:
    registry.hear(t.MemberRemoved(at=at(1), queue=BO, interface=Interface("PJSIP/w1002"), seat=SeatId("1002")))
    assert [(a.name, a.fields()["Queue"]) for a in differences(registry.seats[SeatId("1002")])] == [("QueueAdd", "bo")]


def test_the_removal_of_an_old_phone_does_not_hide_the_new_one(registry: Registry) -> None:
    registry.hear(_member(ZH, paused=False, interface="PJSIP/d1002"))
    registry.hear(t.MemberRemoved(at=at(1), queue=ZH, interface=Interface("PJSIP/w1002"), seat=SeatId("1002")))
    assert registry.seats[SeatId("1002")].members[ZH].interface == "PJSIP/d1002"


def test_a_phone_that_goes_makes_the_seat_unreachable_and_comes_back(registry: Registry) -> None:
    registry.hear(t.ContactChanged(at=at(1), endpoint="w1001", registered=False))
    assert state_of(registry, "1001") is SeatState.UNREACHABLE
    registry.hear(t.ContactChanged(at=at(2), endpoint="w1001", registered=True))
    assert state_of(registry, "1001") is SeatState.READY


def test_seats_whose_call_is_gone_are_found(registry: Registry) -> None:
    story = Story(registry).dials(0).joins(1).rings(2, "1001").answered(4, "1001")
    assert list(registry.busy_without_call()) == []
    seat = registry.seats[SeatId("1002")]
    seat.talking(story.call, at(5))  # says so, but the call is 1001's
    assert [s.view.seat for s in registry.busy_without_call()] == ["1002"]
    seat.free(at(6))
    assert seat.phase is Phase.IDLE


def test_only_phones_of_seats_are_seats_phones() -> None:
    assert [phone_of(e) is not None for e in ("w1001", "d1001", "trunk", "wx", "w", "1001")] == [
        True, True, False, False, False, False,
    ]  # fmt: skip


def _member(queue: QueueName, paused: bool, interface: str = "PJSIP/w1002") -> t.MemberChanged:
    return t.MemberChanged(
        at=at(1), queue=queue, interface=Interface(interface), seat=SeatId("1002"), device=1, paused=paused,
        reason="", penalty=0,
    )  # fmt: skip


def test_what_the_menu_tells_before_asterisk_tells_of_the_call_is_kept(registry: Registry) -> None:
    story = Story(registry).fact(0.2, "node", "language").fact(0.4, "key", "2").dials(0)
    assert story.kinds() == ["CallStarted", "IvrNodeEntered", "KeyPressed"]


def test_a_fact_of_a_call_that_is_over_is_not_kept(registry: Registry) -> None:
    story = Story(registry).dials(0).hangs_up(5).fact(6, "node", "language").dials(7)
    assert "IvrNodeEntered" not in story.kinds()

"""A seat's state follows from what is wanted, what calls do with it, and what Asterisk shows."""

from datetime import timedelta

import pytest

from callcenter.ids import Linkedid, QueueName, SeatId
from callcenter.seat.events import SeatPhoneChanged, SeatPhoneWished, SeatStateChanged
from callcenter.seat.model import Desired, PhoneKind, SeatState, SeatView, interface_of, phone_of
from callcenter.seat.state import UNTRIED_REASON, Membership, NoMobile, Phase, Seat
from tests.story import NOON, at, ready_seat

S = SeatState
CALL = Linkedid("a-1.1")
BO, ZH = QueueName("bo"), QueueName("zh")


def fresh(*queues: QueueName) -> Seat:
    view = SeatView(seat=SeatId("1002"), since=NOON)
    return Seat(view=view, queues=queues or (ZH, BO), wrap_up_cap=timedelta(seconds=60))


def shown(seat: Seat, paused: bool, reason: str = "") -> dict[QueueName, Membership]:
    return dict.fromkeys(seat.queues, Membership(interface_of("1002", PhoneKind.WEBRTC), paused, reason))


def states(events: object) -> list[SeatState]:
    return [event.after for event in events if isinstance(event, SeatStateChanged)]  # type: ignore[attr-defined]


def test_ready_needs_the_wish_a_registered_phone_and_asterisks_word() -> None:
    seat = fresh()
    seat.want(Desired.READY, "", "1002", at(0))
    assert seat.view.state is S.UNREACHABLE, "no phone yet"
    assert seat.wished_members() == {}
    seat.phone(PhoneKind.WEBRTC, True, at(1))
    assert seat.wished_members() == shown(seat, False)
    assert seat.view.state is S.UNREACHABLE, "app_queue does not have it yet"
    seat.member(ZH, shown(seat, False)[ZH], at(2))
    seat.member(BO, shown(seat, False)[BO], at(2))
    assert seat.view.state is S.READY


def test_signing_in_shows_ready_only_when_asterisk_has_the_member() -> None:
    seat = fresh()
    seat.phone(PhoneKind.WEBRTC, True, at(0))
    assert states(seat.want(Desired.READY, "", "1002", at(1))) == []
    assert seat.view.state is S.SIGNED_OUT
    assert states(seat.member(ZH, shown(seat, False)[ZH], at(1))) == []
    assert states(seat.member(BO, shown(seat, False)[BO], at(1))) == [S.READY]


def test_the_wished_phone_rings_as_soon_as_it_is_there_and_another_one_while_it_is_not() -> None:
    seat = fresh()
    seat.phone(PhoneKind.SIP, True, at(0))
    assert [type(event) for event in seat.wish_phone(PhoneKind.WEBRTC, "1002", at(1))] == [SeatPhoneWished]
    assert (seat.view.phone, seat.view.wished_phone) == (PhoneKind.SIP, PhoneKind.WEBRTC)
    seat.phone(PhoneKind.WEBRTC, True, at(2))
    assert seat.view.phone is PhoneKind.WEBRTC
    seat.phone(PhoneKind.WEBRTC, False, at(3))
    assert seat.view.phone is PhoneKind.SIP, "the page is closed"
    seat.phone(PhoneKind.WEBRTC, True, at(4))
    assert seat.view.phone is PhoneKind.WEBRTC
    assert seat.wish_phone(PhoneKind.WEBRTC, "1002", at(5)) == []


def test_a_mobile_rings_only_by_wish_and_while_its_number_is_on_file() -> None:
    seat = fresh()
    seat.phone(PhoneKind.SIP, True, at(0))
    with pytest.raises(NoMobile):
        seat.wish_phone(PhoneKind.MOBILE, "1002", at(1))
    seat.mobile(True, at(2))
    assert seat.view.phone == PhoneKind.SIP, "nobody wished it"
    seat.wish_phone(PhoneKind.MOBILE, "1002", at(3))
    seat.want(Desired.READY, "", "1002", at(4))
    assert seat.wished_members()[ZH].interface == "Local/1002@mobile-seat/n"
    assert phone_of("1002@mobile-seat") == ("1002", PhoneKind.MOBILE)
    seat.phone(PhoneKind.SIP, False, at(5))
    assert seat.view.phone == PhoneKind.MOBILE
    seat.mobile(False, at(6))
    assert seat.view.phone is None


def test_another_phone_wished_in_a_talk_rings_after_it() -> None:
    seat = ready_seat("1002")
    seat.phone(PhoneKind.SIP, True, at(0))
    seat.talking(CALL, at(1))
    seat.wish_phone(PhoneKind.SIP, "1002", at(2))
    assert seat.view.phone is PhoneKind.WEBRTC
    assert seat.wished_members()[ZH].interface == interface_of("1002", PhoneKind.WEBRTC)
    told = seat.talk_over(CALL, at(3))
    assert [event.phone for event in told if isinstance(event, SeatPhoneChanged)] == [PhoneKind.SIP]
    assert states(told) == [S.WRAP_UP]
    assert seat.wished_members()[ZH].interface == interface_of("1002", PhoneKind.SIP)


def test_a_page_loaded_anew_in_a_talk_gets_it_back_though_a_desk_phone_is_there() -> None:
    seat = ready_seat("1002")
    seat.phone(PhoneKind.SIP, True, at(0))
    seat.talking(CALL, at(1))
    seat.phone(PhoneKind.WEBRTC, False, at(2))
    assert seat.view.phone is None
    seat.phone(PhoneKind.WEBRTC, True, at(4))
    assert seat.view.phone is PhoneKind.WEBRTC


def test_a_phone_that_is_gone_after_the_talk_gives_way_to_the_other_one() -> None:
    seat = ready_seat("1002")
    seat.phone(PhoneKind.SIP, True, at(0))
    seat.talking(CALL, at(1))
    seat.phone(PhoneKind.WEBRTC, False, at(2))
    seat.talk_over(CALL, at(3))
    assert seat.view.phone is PhoneKind.SIP


def test_a_pause_is_shown_when_every_queue_has_it() -> None:
    seat = ready_seat("1002", "zh", "bo")
    assert states(seat.want(Desired.PAUSED, "lunch", "1002", at(1))) == []
    assert seat.wished_members()[ZH] == Membership(interface_of("1002", PhoneKind.WEBRTC), True, "lunch")
    assert states(seat.members_are(shown(seat, True, "lunch"), at(2))) == [S.PAUSED]
    assert seat.view.reason == "lunch"


def test_after_the_talk_comes_wrap_up_until_the_record_is_saved() -> None:
    seat = ready_seat("1001")
    assert states(seat.ringing(CALL, at(0))) == [S.RINGING]
    assert states(seat.talking(CALL, at(5))) == [S.TALKING]
    assert states(seat.talk_over(CALL, at(65))) == [S.WRAP_UP]
    assert seat.wished_members()[ZH].paused
    assert seat.next_deadline == at(125)
    seat.members_are(dict.fromkeys(seat.queues, seat.wished_members()[ZH]), at(66))
    seat.end_wrap_up(at(80))
    assert seat.phase is Phase.IDLE
    assert seat.view.state is S.WRAP_UP, "until app_queue has unpaused it"
    assert not seat.wished_members()[ZH].paused


def test_wrap_up_ends_at_its_cap_even_when_the_timer_wakes_late() -> None:
    seat = ready_seat("1001")
    seat.talking(CALL, at(0))
    seat.talk_over(CALL, at(10))
    assert seat.tick(at(69)) == []
    assert seat.phase is Phase.WRAP_UP
    seat.tick(at(200))
    assert seat.phase is Phase.IDLE


def test_wrap_up_can_be_prolonged() -> None:
    seat = ready_seat("1001")
    seat.talking(CALL, at(0))
    seat.talk_over(CALL, at(10))
    seat.extend_wrap_up(timedelta(seconds=60), at(20))
    assert seat.next_deadline == at(130)


def test_a_pause_asked_for_in_a_talk_begins_after_the_wrap_up() -> None:
    seat = ready_seat("1001")
    seat.talking(CALL, at(0))
    seat.want(Desired.PAUSED, "lunch", "1001", at(5))
    assert seat.view.state is S.TALKING
    assert seat.wished_members()[ZH].paused, "no second call while he talks"
    seat.members_are(dict.fromkeys(seat.queues, seat.wished_members()[ZH]), at(6))
    seat.talk_over(CALL, at(60))
    seat.end_wrap_up(at(70))
    assert seat.view.state is S.PAUSED


def test_a_missed_ring_is_counted_and_a_taken_one_forgives() -> None:
    seat = ready_seat("1001")
    seat.ringing(CALL, at(0))
    assert states(seat.ring_over(CALL, True, at(15))) == [S.READY]
    assert seat.view.missed == 1
    seat.ringing(CALL, at(16))
    seat.ring_over(CALL, False, at(20))
    assert seat.view.missed == 1, "the caller left: not the seat's fault"
    seat.ringing(CALL, at(21))
    seat.talking(CALL, at(22))
    assert seat.view.missed == 0


def test_a_page_reload_keeps_the_memberships() -> None:
    seat = ready_seat("1001")
    assert states(seat.phone(PhoneKind.WEBRTC, False, at(1))) == [S.UNREACHABLE]
    assert seat.wished_members() == seat.members
    assert states(seat.phone(PhoneKind.WEBRTC, True, at(2))) == [S.READY]


def test_a_talk_goes_on_while_the_phone_is_not_registered() -> None:
    seat = ready_seat("1001")
    seat.talking(CALL, at(0))
    seat.phone(PhoneKind.WEBRTC, False, at(1))
    assert seat.view.state is S.TALKING


def test_the_browser_goes_before_the_desk_phone_but_never_takes_over() -> None:
    seat = fresh()
    seat.phone(PhoneKind.SIP, True, at(0))
    assert seat.view.phone is PhoneKind.SIP
    seat.phone(PhoneKind.WEBRTC, True, at(1))
    assert seat.view.phone is PhoneKind.SIP, "the phone that rings stays while it is registered"
    seat.phone(PhoneKind.SIP, False, at(2))
    assert seat.view.phone is PhoneKind.WEBRTC


def test_signed_out_is_shown_when_app_queue_has_no_member_left() -> None:
    seat = ready_seat("1001")
    assert states(seat.want(Desired.SIGNED_OUT, "", "1001", at(1))) == []
    assert seat.wished_members() == {}
    assert states(seat.member(ZH, None, at(2))) == [S.SIGNED_OUT]


def test_an_open_browser_whose_microphone_was_not_tried_does_not_take_the_place_of_a_silent_desk_phone() -> None:
    seat = ready_seat("1002")
    seat.phone(PhoneKind.SIP, True, at(0))
    seat.wish_phone(PhoneKind.SIP, "1002", at(0))
    seat.members_are(dict.fromkeys(seat.queues, Membership(interface_of("1002", PhoneKind.SIP), False)), at(0))
    seat.microphone(False, at(1))
    assert states(seat.phone(PhoneKind.SIP, False, at(2))) == [S.UNREACHABLE]
    assert seat.wished_members()[ZH].interface == interface_of("1002", PhoneKind.SIP), "app_queue rings no silent phone"
    told = seat.phone(PhoneKind.SIP, True, at(3))
    assert (states(told), seat.view.phone) == ([S.READY], PhoneKind.SIP)

    seat.phone(PhoneKind.SIP, False, at(4))
    told = seat.microphone(True, at(5))
    assert [event.phone for event in told if isinstance(event, SeatPhoneChanged)] == [PhoneKind.WEBRTC]
    assert (seat.view.state, seat.wished_members()) == (S.READY, {ZH: shown(seat, False)[ZH]})
    assert seat.microphone(True, at(7)) == []


def test_another_page_that_takes_the_browser_phone_is_kept_from_ringing_until_its_microphone_was_tried() -> None:
    seat = ready_seat("1002")
    assert states(seat.microphone(False, at(1))) == [S.UNREACHABLE]
    assert seat.wished_members() == {ZH: shown(seat, True, UNTRIED_REASON)[ZH]}, "its endpoint is registered"
    seat.members_are(shown(seat, True, UNTRIED_REASON), at(2))
    assert not seat.could_ring
    seat.microphone(True, at(3))
    assert seat.wished_members() == {ZH: shown(seat, False)[ZH]}
    assert states(seat.members_are(shown(seat, False), at(4))) == [S.READY]


def test_a_talk_goes_on_in_a_page_that_did_not_try_its_microphone_and_nothing_rings_there_after_it() -> None:
    seat = ready_seat("1002")
    seat.talking(CALL, at(0))
    assert states(seat.microphone(False, at(1))) == []
    assert seat.view.phone is PhoneKind.WEBRTC
    seat.phone(PhoneKind.WEBRTC, False, at(2))
    seat.phone(PhoneKind.WEBRTC, True, at(3))
    assert seat.view.phone is PhoneKind.WEBRTC
    seat.talk_over(CALL, at(4))
    seat.end_wrap_up(at(5))
    assert seat.view.state is S.UNREACHABLE

"""A supervisor at a talk, told to a registry."""

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call.model import CallState, ListenMode
from callcenter.engine.step_of import step_of
from callcenter.ids import Linkedid, NodeName, PersonId, Uniqueid
from callcenter.seat.model import SeatState
from callcenter.storage.numbers import NumberVault
from tests.engine.test_rooms import OWN, Room
from tests.story import at
from tests.visit.given import RULES

OURS, HIS = Uniqueid("l-1"), "PJSIP/sw-chen-00000009"


class Listened(Room):
    def spies(self, second: float, *, whisper: bool = False) -> "Listened":
        self.hear(
            t.SpyStarted(
                at=at(second), linkedid=self.call, channel=HIS, uniqueid=OURS, spied="PJSIP/w1001-01", whisper=whisper
            )
        )
        return self

    def joins_room(self, second: float) -> "Listened":
        self.hear(t.RoomJoined(at=at(second), linkedid=self.call, channel=HIS, uniqueid=OURS))
        return self

    def supervisor_ends(self, second: float) -> "Listened":
        """His channel has a linkedid of its own."""
        self.hear(t.ChannelEnded(at=at(second), channel=HIS, uniqueid=OURS, linkedid=Linkedid(OURS), cause=16))
        return self

    def caller_ends(self, second: float) -> "Listened":
        self.hear(
            t.ChannelEnded(
                at=at(second), channel="PJSIP/trunk-00000001", uniqueid=self.caller, linkedid=self.call, cause=16
            )
        )
        return self

    @property
    def mode(self) -> ListenMode | None:
        return self.record.listener and self.record.listener.mode


def test_who_listens_is_on_record_as_long_as_he_does_and_changes_nothing_else() -> None:
    room = Listened()
    before = room.record
    room.spies(10)
    assert room.record.listener is not None
    assert (room.record.listener.person, room.record.listener.seat, room.mode) == ("chen", "1001", ListenMode.LISTEN)
    room.spies(12, whisper=True)
    assert room.mode is ListenMode.WHISPER
    room.supervisor_ends(20)
    assert room.record == before
    assert room.seat("1001") is SeatState.TALKING


def test_in_the_room_he_is_neither_a_seat_nor_a_number_outside() -> None:
    room = Listened().spies(10).joins_room(12)
    room.comes(13, "1001", OWN)
    assert (room.mode, room.record.parties) == (ListenMode.BARGE, ())
    room.goes(20, OURS)
    room.spies(20)
    assert room.mode is ListenMode.LISTEN
    room.supervisor_ends(25)
    assert (room.mode, room.record.state, room.seat("1001")) == (None, CallState.TALKING, SeatState.TALKING)


def test_when_the_seat_leaves_him_the_talk_is_his_and_the_seat_wraps_up() -> None:
    room = Listened().joins_room(12)
    room.comes(13, "1001", OWN).goes(20, OWN).first_seat_completes(20)
    assert (room.mode, room.record.state) == (ListenMode.TAKE_OVER, CallState.TALKING)
    assert (room.seat("1001"), room.record.seat) == (SeatState.WRAP_UP, "1001")


def test_the_callers_end_is_his_end() -> None:
    room = Listened().spies(10)
    room.caller_ends(30)
    assert (room.mode, room.record.live) == (None, False)
    assert room.supervisor_ends(30.1).mode is None


def test_a_seat_that_hangs_up_while_he_only_listens_ends_the_talk() -> None:
    room = Listened().spies(10)
    room.first_seat_completes(20)
    assert room.record.state is CallState.SURVEY
    assert room.record.ended_at == at(20)


def test_each_thing_he_did_is_a_line_of_the_audit_trail(vault: NumberVault) -> None:
    room = Listened()
    told = e.SupervisorJoined(at=at(9), call=room.call, seat=None, person=PersonId("chen"), channel=OURS)
    line = {"at": at(9), "person": "chen", "action": "talk-joined", "object": "", "detail": {"call": room.call}}
    assert step_of(1, [told], room.registry, NodeName("a"), vault, RULES).audits == [line]

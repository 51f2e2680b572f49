"""A talk of more than two, told to a registry."""

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call.model import CallState, Outcome
from callcenter.engine.registry import Registry
from callcenter.ids import Interface, QueueName, SeatId, Uniqueid
from callcenter.seat.model import SeatState
from tests.story import Story, at, ready_seat


class Room(Story):
    """A caller and seat 1001 in a talk since second 6; 1002 is ready."""

    def __init__(self) -> None:
        super().__init__(Registry(seats={SeatId(s): ready_seat(s) for s in ("1001", "1002")}))
        self.dials().joins(2).hear(t.SeatCalled(**self._seat(3, "1001", "zh", 1)))
        self.hear(t.SeatAnswered(**self._seat(6, "1001", "zh", 1)))

    def fact_room(self, second: float, value: str) -> "Room":
        self.fact(second, "room", value)
        return self

    def comes(self, second: float, seat: str, channel: str) -> "Room":
        self.hear(
            t.RoomJoined(at=at(second), linkedid=self.call, channel=f"PJSIP/w{seat}-01", uniqueid=Uniqueid(channel))
        )
        return self

    def goes(self, second: float, channel: str) -> "Room":
        self.hear(t.RoomLeft(at=at(second), linkedid=self.call, channel="", uniqueid=Uniqueid(channel)))
        return self

    def first_seat_completes(self, second: float) -> "Room":
        self.hear(
            t.SeatCompleted(
                at=at(second),
                uniqueid=self.caller,
                linkedid=self.call,
                queue=QueueName("zh"),
                interface=Interface("PJSIP/w1001"),
                seat=SeatId("1001"),
                seat_uniqueid=Uniqueid(f"{self.call}-ring1"),
                ended_by="seat",
            )
        )
        return self

    def seat(self, seat: str) -> SeatState:
        return self.registry.seats[SeatId(seat)].view.state


OWN = "a-1.1-ring1"


def test_the_wait_of_a_consultation_is_hold_time_and_the_other_seat_is_busy() -> None:
    room = Room().fact_room(10, "wait").comes(10, "1001", OWN).comes(12, "1002", "p-2")
    assert room.record.state is CallState.HOLDING
    assert (room.seat("1001"), room.seat("1002")) == (SeatState.HOLDING, SeatState.TALKING)
    room.goes(20, "p-2").fact_room(21, "talk")
    assert room.record.state is CallState.TALKING
    assert room.record.hold.total_seconds() == 11
    assert (room.seat("1001"), room.seat("1002")) == (SeatState.TALKING, SeatState.WRAP_UP)


def test_the_talk_goes_on_when_the_seat_that_answered_leaves_the_others() -> None:
    room = Room().fact_room(10, "wait").comes(10, "1001", OWN).comes(12, "1002", "p-2").fact_room(15, "talk")
    room.goes(20, OWN).first_seat_completes(20)
    assert room.record.state is CallState.TALKING
    assert (room.seat("1001"), room.seat("1002")) == (SeatState.WRAP_UP, SeatState.TALKING)
    assert room.record.ended_at is None


def test_everybody_is_free_when_the_caller_hangs_up() -> None:
    room = Room().fact_room(10, "wait").comes(10, "1001", OWN).comes(12, "1002", "p-2").fact_room(15, "talk")
    room.hear(
        t.ChannelEnded(at=at(30), channel="PJSIP/trunk-00000001", uniqueid=room.caller, linkedid=room.call, cause=16)
    )
    assert (room.seat("1001"), room.seat("1002")) == (SeatState.WRAP_UP, SeatState.WRAP_UP)
    assert room.record.outcome is Outcome.ANSWERED


def test_handed_on_to_a_line_the_first_answer_counts_and_the_second_wait_is_hold_time() -> None:
    room = Room()
    room.registry.calls[room.call].handing_on = True
    room.first_seat_completes(10).joins(11, "zh")
    assert room.record.state is CallState.QUEUED
    assert room.seat("1001") is SeatState.WRAP_UP
    room.hear(t.SeatCalled(**room._seat(12, "1002", "zh", 2))).hear(t.SeatAnswered(**room._seat(14, "1002", "zh", 2)))
    assert room.record.state is CallState.TALKING
    assert (room.record.answered_at, room.record.seat) == (at(6), SeatId("1001"))
    assert room.record.hold.total_seconds() == 3
    assert room.seat("1002") is SeatState.TALKING


def test_the_entry_into_the_queue_told_again_by_the_file_changes_nothing() -> None:
    room = Room().joins(2)
    assert room.record.state is CallState.TALKING


def test_a_seat_that_is_expected_back_stays_in_its_talk_until_the_caller_has_waited_long_enough() -> None:
    room = Room()
    room.registry.calls[room.call].returning = SeatId("1001")
    room.fact_room(10, "wait").comes(10, "1001", OWN).goes(11, OWN).first_seat_completes(11)
    assert room.seat("1001") is SeatState.HOLDING
    room.fact_room(30, "left")
    assert room.seat("1001") is SeatState.WRAP_UP
    assert room.record.state is CallState.HOLDING


def test_a_seat_that_came_back_talks_on() -> None:
    room = Room()
    room.registry.calls[room.call].returning = SeatId("1001")
    room.fact_room(10, "wait").comes(10, "1001", OWN).goes(11, OWN).first_seat_completes(11)
    room.comes(14, "1001", "p-3").fact_room(14.1, "talk")
    assert (room.record.state, room.seat("1001")) == (CallState.TALKING, SeatState.TALKING)
    room.goes(20, "p-3").fact(20.1, "survey_offered", "1")
    assert (room.record.state, room.seat("1001")) == (CallState.SURVEY, SeatState.WRAP_UP)


def test_handed_on_to_a_line_the_seat_is_free_also_when_the_caller_is_there_before_its_phone_has_hung_up() -> None:
    room = Room()
    room.registry.calls[room.call].handing_on = True
    room.joins(10, "zh")
    room.hear(
        t.ChannelEnded(at=at(10.1), channel="PJSIP/w1001-01", uniqueid=Uniqueid(OWN), linkedid=room.call, cause=16)
    )
    assert room.seat("1001") is SeatState.WRAP_UP
    assert room.record.state is CallState.QUEUED


def called(room: Room, second: float, seat: str, channel: str) -> None:
    call = room.registry.calls[room.call]
    call.called = (Uniqueid(channel), SeatId(seat))
    event = e.PartyCalled(at=at(second), call=room.call, seat=SeatId(seat), channel=Uniqueid(channel))
    room.registry.told(call, event)


def test_one_who_does_not_answer_is_told_though_the_seat_itself_came_into_the_room_meanwhile() -> None:
    room = Room().fact_room(10, "wait")
    called(room, 10, "1002", "p-2")
    room.comes(10.1, "1001", OWN)
    assert room.seat("1002") is SeatState.RINGING
    room.hear(t.PartyUnreached(at=at(35), linkedid=room.call, reason=3))
    assert room.seat("1002") is SeatState.READY
    assert [(party.seat, party.joined_at, party.left_at) for party in room.record.parties] == [("1002", None, at(35))]


def test_who_took_part_stays_on_record() -> None:
    room = Room().fact_room(10, "wait")
    called(room, 10, "1002", "p-2")
    room.comes(10.1, "1001", OWN).comes(14, "1002", "p-2").goes(20, "p-2").fact_room(21, "talk")
    (party,) = room.record.parties
    assert (party.seat, party.called_at, party.joined_at, party.left_at) == ("1002", at(10), at(14), at(20))


def test_a_page_that_is_loaded_anew_twice_takes_part_once() -> None:
    room = Room()
    for second, channel in ((10, "p-3"), (20, "p-4")):
        room.registry.calls[room.call].returning = SeatId("1001")
        room.fact_room(second, "wait").goes(second, "p-3")
        room.comes(second + 1, "1001", channel).fact_room(second + 1.1, "talk")
    there = [party.channel for party in room.record.parties if party.left_at is None]
    assert there == ["p-4"]

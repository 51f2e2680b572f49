"""What Asterisk says of a call, and the one record that follows from it."""

from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.asterisk import events as t
from callcenter.call import events as e
from callcenter.call.model import CallState, EndedBy, Outcome, RingResult
from callcenter.call.state import evolve
from callcenter.engine.registry import Registry
from callcenter.ids import Linkedid
from callcenter.replay.service import telephony_events
from tests.story import Story, at


def answered_and_rated() -> Story:
    return (
        Story()
        .dials(0)
        .fact(4, "language", "bo")
        .joins(5, "bo")
        .rings(6, "1002", "bo")
        .leaves_queue(9, "bo")
        .answered(9, "1002", "bo")
        .completed(69, "1002", "seat", "bo")
        .fact(69.2, "survey_offered", "1")
        .fact(75, "grade", "2")
        .hangs_up(80)
    )


def test_an_answered_call_has_every_clock_and_its_grade() -> None:
    record = answered_and_rated().record
    assert record.outcome is Outcome.ANSWERED
    assert (record.line, record.language, record.seat) == ("bo", "bo", "1002")
    assert (record.started_at, record.queued_at, record.first_ring_at) == (at(0), at(5), at(6))
    assert (record.answered_at, record.ended_at, record.left_at) == (at(9), at(69), at(80))
    assert record.ended_by is EndedBy.SEAT
    assert (record.survey_offered, record.grade) == (True, 2)
    assert record.state is CallState.ENDED


def test_the_record_is_the_fold_of_its_events() -> None:
    story = answered_and_rated()
    folded = None
    for event in story.happened:
        if isinstance(event, e.CallEvent):
            folded = evolve(folded, event)
    assert folded == story.record


def test_hearing_everything_twice_changes_nothing() -> None:
    once, twice = answered_and_rated(), Story()
    for event in once.told:
        twice.hear(event)
        if event is not once.told[-1]:
            twice.hear(event)
    assert twice.record == once.record
    assert twice.kinds() == once.kinds()


def test_a_fact_told_by_ami_and_again_by_cel_counts_once() -> None:
    story = Story().dials(0).fact(3, "key", "language=9").fact(3.01, "key", "language=9").fact(6, "key", "language=9")
    assert story.kinds() == ["CallStarted", "KeyPressed", "KeyPressed"]


def test_a_caller_who_waits_and_comes_back_within_a_second_does_both() -> None:
    def told_by(*facts: tuple[float, str]) -> list[str]:
        story = Story().dials(0).joins(5).rings(6, "1001").leaves_queue(9).answered(9, "1001")
        for second, value in facts:
            story.fact(second, "room", value)
        return story.kinds()[-4:]

    ami = ((20.0, "wait"), (20.3, "talk"), (20.5, "wait"), (20.8, "talk"))
    cel = tuple((second + 0.004, value) for second, value in ami)
    expected = ["CallHeld", "CallResumed"] * 2
    assert told_by(*ami) == told_by(*ami, *cel) == told_by(*cel, *ami) == expected


def test_a_caller_who_hangs_up_in_the_menu_is_abandoned_in_the_ivr() -> None:
    record = Story().dials(0).fact(1, "node", "language").hangs_up(3).record
    assert (record.outcome, record.ended_by, record.ended_at) == (Outcome.ABANDONED_IVR, EndedBy.CALLER, at(3))


def test_a_caller_who_hangs_up_while_a_seat_rings_is_abandoned_and_the_seat_did_not_miss() -> None:
    record = Story().dials(0).joins(5).rings(6, "1001").abandons(46).record
    assert record.outcome is Outcome.ABANDONED_QUEUE
    assert record.ended_by is EndedBy.CALLER
    assert [ring.result for ring in record.rings] == [RingResult.CALLER_LEFT]


def test_ring_no_answer_goes_on_to_the_next_seat_and_both_rings_are_kept() -> None:
    story = Story().dials(0).joins(2).rings(3, "1001").dial_ends(18, "NOANSWER").not_taken(18, "1001")
    assert story.record.state is CallState.QUEUED
    record = story.rings(19, "1004").answered(21, "1004").record
    assert [(r.seat, r.result) for r in record.rings] == [
        ("1001", RingResult.NO_ANSWER),
        ("1004", RingResult.ANSWERED),
    ]
    assert (record.first_ring_at, record.queued_at, record.answered_at) == (at(3), at(2), at(21))


def test_a_refused_ring_is_told_from_an_unheard_one() -> None:
    story = Story().dials(0).joins(2).rings(3, "1001")
    ring = story.record.rings[0].channel
    story.hear(t.HangupRequested(at=at(4), channel="PJSIP/w1001-2", uniqueid=ring, linkedid=story.call, cause=17))
    record = story.dial_ends(4, "NOANSWER").not_taken(4, "1001").record
    assert [r.result for r in record.rings] == [RingResult.REJECTED]


def test_holds_add_up_and_an_open_one_ends_with_the_talk() -> None:
    story = Story().dials(0).joins(1).rings(2, "1001").answered(4, "1001")
    story.hold(10, True).hold(25, False).hold(40, True)
    assert story.record.state is CallState.HOLDING
    record = story.completed(50, "1001", "caller").hangs_up(50).record
    assert record.hold == timedelta(seconds=25)
    assert record.ended_by is EndedBy.CALLER


def test_a_real_talk_that_both_ended_and_of_which_app_queue_told_when_both_channels_were_gone() -> None:
    """Two BYEs within 0.2 ms, the seat's first; queue_log: COMPLETEAGENT, as the AgentComplete without names."""
    registry = Registry()
    for event in telephony_events((Path(__file__).parent / "both-hung-up.ami").read_bytes()):
        registry.hear(event)
    record = registry.record(Linkedid("a-1795416543.343"))
    assert record is not None
    assert (record.outcome, record.ended_by) == (Outcome.ANSWERED, EndedBy.SEAT)


def talking() -> Story:
    return Story().dials(0).joins(1).rings(2, "1001").answered(4, "1001")


@pytest.mark.parametrize("gone", [["seat_gone", "gone"], ["gone", "seat_gone"]])
def test_who_put_the_phone_down_first_ended_the_talk_though_app_queue_names_no_call(gone: list[str]) -> None:
    """It comes to the end when both channels are gone, and its event has neither of them."""
    by_seat, by_caller = talking().seat_puts_down(50).puts_down(50.001), talking().puts_down(50).seat_puts_down(50.001)
    for story in (by_seat, by_caller):
        for end in gone:
            getattr(story, end)(50.002)
    assert (by_seat.record.ended_by, by_caller.record.ended_by) == (EndedBy.SEAT, EndedBy.CALLER)
    assert by_seat.record.outcome is by_caller.record.outcome is Outcome.ANSWERED


def test_a_seat_that_put_the_phone_down_while_the_talk_went_on_did_not_end_it() -> None:
    record = talking().seat_puts_down(50).puts_down(50.6).gone(50.6).record
    assert record.ended_by is EndedBy.CALLER


def test_the_queue_that_gives_the_caller_back_is_a_timeout_not_an_abandon() -> None:
    record = Story().dials(0).joins(2).leaves_queue(62).fact(62.1, "outcome", "queue_timeout").gone(70).record
    assert (record.outcome, record.ended_by) == (Outcome.QUEUE_TIMEOUT, EndedBy.SYSTEM)


def test_a_timeout_is_seen_without_the_dialplan_saying_so() -> None:
    assert Story().dials(0).joins(2).leaves_queue(62).gone(70).record.outcome is Outcome.QUEUE_TIMEOUT


def test_a_caller_without_a_number_has_a_record() -> None:
    record = Story().dials(0, number="").joins(1).abandons(9).record
    assert (record.caller, record.outcome) == ("", Outcome.ABANDONED_QUEUE)


def test_a_seat_that_vanishes_while_talking_ends_the_talk_by_the_seats_side() -> None:
    story = Story().dials(0).joins(1).rings(2, "1001").answered(4, "1001")
    seat_channel = story.record.rings[0].channel
    story.hear(t.ChannelEnded(at=at(30), channel="PJSIP/w1001-2", uniqueid=seat_channel, linkedid=story.call, cause=0))
    record = story.gone(31).record
    assert (record.outcome, record.ended_by, record.ended_at) == (Outcome.ANSWERED, EndedBy.SEAT, at(30))


def test_a_call_that_asterisk_lost_is_a_system_failure_unless_it_was_answered() -> None:
    waiting = Story().dials(0).joins(1)
    waiting.registry.close(waiting.registry.calls[waiting.call], at(9), failure=True)
    record = waiting.registry.record(waiting.call)
    assert record is not None
    assert (record.outcome, record.ended_by) == (Outcome.SYSTEM_FAILURE, EndedBy.SYSTEM)

    talking = Story().dials(0).joins(1).rings(2, "1001").answered(4, "1001")
    talking.registry.close(talking.registry.calls[talking.call], at(9), failure=True)
    record = talking.registry.record(talking.call)
    assert record is not None
    assert (record.outcome, record.ended_by, record.ended_at) == (Outcome.ANSWERED, EndedBy.SYSTEM, at(9))


def test_a_call_whose_start_was_missed_begins_when_it_joins_a_queue() -> None:
    record = Story().joins(5, "mn").abandons(9, "mn").record
    assert (record.started_at, record.line, record.outcome) == (at(5), "mn", Outcome.ABANDONED_QUEUE)


def test_two_calls_in_one_second_stay_two_records() -> None:
    first = Story(call="a-1763784000.1").dials(0)
    second = Story(first.registry, call="a-1763784000.2").dials(0)
    first.joins(1, "zh").abandons(2)
    second.joins(1, "bo").abandons(3, "bo")
    assert (first.record.line, first.record.left_at) == ("zh", at(2))
    assert (second.record.line, second.record.left_at) == ("bo", at(3))


def test_a_call_between_seats_is_not_a_citizens_call() -> None:
    story = Story()
    story.hear(
        t.ChannelStarted(
            at=at(0),
            channel="PJSIP/w1001-1",
            uniqueid=story.caller,
            linkedid=story.call,
            caller_number="1001",
            context="from-seat",
            exten="600",
        )
    )
    assert story.happened == []

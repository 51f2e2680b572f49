"""A caller whom no seat took in time, as his record tells it."""

from callcenter.call.model import CallState, EndedBy, Outcome, RingResult
from tests.story import Story


def overflowed() -> Story:
    """In the line since second 2, out of it unserved at second 60."""
    return Story().dials().joins(2).leaves_queue(60)


def hops(story: Story) -> list[tuple[str, RingResult]]:
    return [(ring.seat, ring.result) for ring in story.record.rings]


def test_each_place_is_a_ring_and_the_one_that_takes_the_call_its_seat() -> None:
    story = overflowed().fact(60, "hop", "1=other-site").fact(70, "hop_over", "1=NOANSWER")
    story.fact(71, "hop", "2=duty-mobile").fact(80, "hop_answered", "2")
    assert hops(story) == [("other-site", RingResult.NO_ANSWER), ("duty-mobile", RingResult.ANSWERED)]
    assert (story.record.state, story.record.seat) == (CallState.TALKING, "duty-mobile")
    assert story.record.answered_at is not None
    story.fact(140, "survey_offered", "1").hangs_up(150)
    assert (story.record.outcome, story.record.ended_by) == (Outcome.ANSWERED, EndedBy.SEAT)
    assert all(ring.outside for ring in story.record.rings)


def test_a_voicemail_is_no_answer_and_a_result_told_after_it_changes_nothing() -> None:
    story = overflowed().fact(60, "hop", "1=duty-mobile").fact(80, "hop_over", "1=UNCONFIRMED")
    story.fact(82, "hop_over", "1=BUSY").fact(83, "hop_answered", "1")
    assert hops(story) == [("duty-mobile", RingResult.UNCONFIRMED)]
    assert story.record.answered_at is None


def test_who_hangs_up_while_a_place_rings_gave_up_waiting() -> None:
    story = overflowed().fact(60, "hop", "1=other-site").hangs_up(63)
    assert hops(story) == [("other-site", RingResult.CALLER_LEFT)]
    assert (story.record.outcome, story.record.ended_by) == (Outcome.ABANDONED_QUEUE, EndedBy.CALLER)


def test_what_the_event_log_on_file_tells_once_more_is_known() -> None:
    story = overflowed()
    for _ in range(2):
        story.fact(60, "hop", "1=other-site").fact(70, "hop_over", "1=BUSY")
        story.fact(71, "hop", "2=duty-mobile").fact(80, "hop_answered", "2")
        for call in story.registry.calls.values():
            call.told.clear()  # as after a restart
    assert len(story.record.rings) == 2
    assert story.kinds().count("CallAnswered") == 1


def test_one_seat_before_the_line_is_no_line() -> None:
    story = Story().dials().fact(1, "line", "zh").joins(2, "seat-1002").rings(3, "1002", "seat-1002")
    story.not_taken(8, "1002", "seat-1002").leaves_queue(8, "seat-1002").joins(9, "zh")
    assert (story.record.line, story.record.state) == ("zh", CallState.QUEUED)
    assert story.abandons(20).record.outcome is Outcome.ABANDONED_QUEUE
    assert story.kinds().count("CallQueued") == 1

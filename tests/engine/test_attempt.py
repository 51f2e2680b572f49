"""How an attempt to reach a citizen ended, by what Asterisk told of it, in both orders."""

import pytest

from callcenter.asterisk import events as t
from callcenter.asterisk.snapshot import ChannelSeen, NodeSnapshot
from callcenter.callback.model import AttemptState, Result
from callcenter.callback.service import Attempt
from callcenter.engine.attempt import LiveAttempt
from callcenter.ids import Linkedid, SeatId, Uniqueid
from tests.story import NOON, at

ID = "cb-1"
CITIZEN = "a-7.1"


def attempt(seat: str | None = None, known: bool = True) -> LiveAttempt:
    return LiveAttempt(
        Attempt(
            id=ID,
            number="13900000001",
            caller="13900000001",
            line="zh",
            seat=SeatId(seat) if seat else None,
            arrived=NOON,
            claimed_at=NOON,
        ),
        known=known,
    )


def starts(channel: str, name: str) -> t.ChannelStarted:
    return t.ChannelStarted(
        at=at(1), channel=name, uniqueid=Uniqueid(channel), linkedid=Linkedid(ID),
        caller_number="", context="", exten="",
    )  # fmt: skip


def ends(channel: str, cause: int = 16) -> t.ChannelEnded:
    return t.ChannelEnded(at=at(9), channel="", uniqueid=Uniqueid(channel), linkedid=Linkedid(ID), cause=cause)


def says(name: str, value: str) -> t.Fact:
    return t.Fact(at=at(5), uniqueid=Uniqueid(CITIZEN), linkedid=Linkedid(ID), name=name, value=value)


def heard(live: LiveAttempt, *events: t.TelephonyEvent) -> list[AttemptState | Result]:
    return [told for event in events if (told := live.hear(event)) is not None]


TO_CITIZEN = (starts(ID, "PJSIP/trunk-1"),)
TO_BOTH = (starts(ID, "PJSIP/w1002-1"), starts(CITIZEN, "PJSIP/trunk-1"))


def test_the_citizen_first_confirms_and_hangs_up_before_a_seat_answers() -> None:
    told = heard(attempt(), *TO_CITIZEN, says("source", "callback"), says("callback", "confirmed"), ends(ID))
    assert told == [AttemptState.DIALLING, AttemptState.CONFIRMED, Result.LEFT]


def test_the_seat_first_is_rung_then_the_citizen_and_both_must_be_gone() -> None:
    live = attempt("1002")
    told = heard(live, *TO_BOTH, says("source", "callback"), says("seat", "1002"), ends(ID))
    assert told == [AttemptState.SEAT_RINGS, AttemptState.DIALLING, AttemptState.CONFIRMED]
    assert live.hear(ends(CITIZEN)) is Result.SERVED


@pytest.mark.parametrize(("cause", "result"), [(17, Result.BUSY), (19, Result.NO_ANSWER), (1, Result.UNREACHABLE)])
def test_the_cause_of_his_telephone_decides_in_both_orders(cause: int, result: Result) -> None:
    assert heard(attempt(), *TO_CITIZEN, ends(ID, cause))[-1] is result
    assert heard(attempt("1002"), *TO_BOTH, ends(CITIZEN, cause), ends(ID))[-1] is result


def test_a_seat_that_is_not_there_has_rung_nobody() -> None:
    assert heard(attempt("1002"), TO_BOTH[0], ends(ID, 19)) == [AttemptState.SEAT_RINGS, Result.NO_SEAT]


def test_a_seat_that_gives_up_while_he_rings_is_a_try() -> None:
    assert heard(attempt("1002"), *TO_BOTH, ends(CITIZEN, 0), ends(ID))[-1] is Result.NO_ANSWER


def test_a_telephone_of_a_seat_that_the_queue_rings_is_neither() -> None:
    live = attempt()
    told = heard(live, *TO_CITIZEN, starts("a-9.1", "PJSIP/w1001-1"), ends("a-9.1", 19))
    assert told == [AttemptState.DIALLING]
    assert live.channels == {ID}


def test_an_end_that_is_heard_after_a_silence_is_not_taken_for_the_whole_story() -> None:
    """He may have answered and been served while nobody listened: the records know."""
    live = attempt(known=False)
    live.channels.add(ID)
    assert live.hear(ends(ID, 16)) is None


def test_a_snapshot_finds_the_citizen_behind_the_seat() -> None:
    live = attempt("1002", known=False)
    channels = [seen(ID, "PJSIP/w1002-1"), seen(CITIZEN, "PJSIP/trunk-1", state=5)]
    snapshot = NodeSnapshot({it.uniqueid: it for it in channels}, frozenset(), (), (), {})
    assert live.seen(snapshot, None)
    assert (live.citizen, live.channels, live.answered) == (CITIZEN, {ID, CITIZEN}, False)
    assert not live.seen(NodeSnapshot({}, frozenset(), (), (), {}), None)


def seen(uniqueid: str, channel: str, state: int = 6) -> ChannelSeen:
    return ChannelSeen(
        channel=channel, uniqueid=Uniqueid(uniqueid), linkedid=Linkedid(ID), state=state, caller_number="",
        application="", data="", context="", exten="", bridge="", age=at(1) - at(0),
    )  # fmt: skip

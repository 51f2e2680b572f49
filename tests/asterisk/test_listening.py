"""A supervisor at a talk, on a real Asterisk: who hears whom is told by the tones that arrive at each telephone."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk.desk import Desk
from tests.asterisk.overheard import ABSENT, CALLER, SEAT, SUPERVISOR, Talk, talk_of
from tests.asterisk.sipp import SippSeat
from tests.given import until

pytestmark = pytest.mark.asterisk


@pytest.fixture
def talk(story: Desk, tmp_path: Path) -> Iterator[Talk]:
    """1001 talks with a caller on her desk phone."""
    phone = SippSeat(tmp_path, story.system.settings.sip_port, story.system.person("1001").phone("sip"))
    with talk_of(story, tmp_path, phone, lambda: story.ready("1001")) as talk:
        yield talk


def test_listen_whisper_join_and_back(talk: Talk) -> None:
    talk.until_heard(talk.at_caller, SEAT)
    talk.asks("listen")
    talk.until_told("SupervisorListened")
    talk.until_heard(talk.at_overseer, CALLER, SEAT)
    talk.until_heard(talk.at_seat, CALLER, without=(SUPERVISOR,))
    talk.until_heard(talk.at_caller, SEAT, without=(SUPERVISOR,))
    assert talk.refused("listen") == "listened-already"

    talk.asks("whisper")
    talk.until_told("SupervisorWhispered")
    talk.until_heard(talk.at_seat, CALLER, SUPERVISOR)
    talk.until_heard(talk.at_overseer, CALLER, SEAT)
    quiet = talk.at_caller.listens(2.0)
    assert quiet(SEAT) > 0.9, "the caller does not hear the seat alone"
    assert quiet(SUPERVISOR) < ABSENT, "the caller hears the whisper"

    talk.asks("barge")
    talk.until_told("SupervisorJoined")
    talk.until_heard(talk.at_caller, SEAT, SUPERVISOR)
    talk.until_heard(talk.at_seat, CALLER, SUPERVISOR)
    talk.until_heard(talk.at_overseer, CALLER, SEAT)
    talk.story.until_seat("1001", "talking")

    talk.asks("listen")
    talk.until_told("SupervisorListened", 2)
    talk.until_heard(talk.at_overseer, CALLER, SEAT)
    talk.until_heard(talk.at_caller, SEAT, without=(SUPERVISOR,))

    talk.asks("stop")
    talk.until_told("SupervisorLeft")
    assert talk.story.record(talk.call)["state"] == "talking"
    talk.until_heard(talk.at_caller, SEAT)
    talk.caller.hang_up()
    record = talk.story.until_ended(talk.call)
    assert (record["outcome"], record["seat"], record["ended_by"]) == ("answered", "1001", "caller")
    assert record["parties"] == []
    assert talk.audited() == [
        (action, "1001", "supervisor")
        for action in ("talk-listened", "talk-whispered", "talk-joined", "talk-listened", "talk-left")
    ]


def test_taken_over_the_seat_is_free_and_the_caller_talks_on(talk: Talk) -> None:
    talk.asks("take_over")
    talk.until_told("SupervisorTookOver")
    talk.story.until_seat("1001", "wrap_up")
    assert talk.story.record(talk.call)["state"] == "talking"
    talk.until_heard(talk.at_caller, SUPERVISOR, without=(SEAT,))
    talk.until_heard(talk.at_overseer, CALLER, without=(SEAT,))
    talk.asks("stop")
    talk.story.until_state(talk.call, "survey", "ended")
    talk.until_told("SupervisorLeft")
    record = talk.story.until_ended(talk.call, within=60)
    assert (record["outcome"], record["seat"]) == ("answered", "1001")


def test_listening_ends_with_the_talk_and_without_the_engine(talk: Talk) -> None:
    talk.asks("listen")
    talk.until_heard(talk.at_overseer, CALLER, SEAT)
    with talk.story.system.held_down("engine"):
        talk.seat.hang_up()
        until(lambda: talk.overseer.talking_call() is None, within=15, saying="the supervisor still listens")
    talk.until_told("SupervisorLeft")
    assert talk.story.until_ended(talk.call, within=60)["outcome"] == "answered"


def test_who_may_not_and_what_cannot_be(talk: Talk) -> None:
    assert talk.refused("listen", "1002") == "not-allowed"
    assert talk.refused("listen", "auditor") == "not-allowed"
    assert talk.refused("listen", "manager") == "no-phone"
    assert talk.refused("listen", "supervisor", "1002") == "no-talk"
    assert talk.refused("stop") == "nobody-listens"
    talk.asks("listen")
    talk.until_told("SupervisorListened")
    talk.caller.hang_up()
    talk.story.until_ended(talk.call)
    assert [action for action, _, _ in talk.audited()] == ["talk-listened", "talk-left"]


def test_a_consultation_does_not_end_the_listening(talk: Talk) -> None:
    talk.asks("listen")
    talk.until_heard(talk.at_overseer, CALLER, SEAT)
    talk.story.seat("1002")
    talk.story.system.person("1001").post("/api/me/talk", action="consult", to="seat", name="1002")
    talk.story.until_seat("1002", "talking")
    talk.until_heard(talk.at_overseer, SEAT, without=(CALLER,))
    talk.story.system.person("1001").post("/api/me/talk", action="back")
    talk.story.until_state(talk.call, "talking")
    talk.until_heard(talk.at_overseer, CALLER, SEAT)
    talk.until_told("SupervisorListened")
    assert talk.story.events(talk.call, "SupervisorLeft", "person") == []

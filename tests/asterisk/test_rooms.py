"""A talk of more than two, and one that is handed on: on a real Asterisk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk
from tests.asterisk.desk import Desk, seats_of
from tests.asterisk.harness import System
from tests.asterisk.own_flows import flows_of, system_of
from tests.asterisk.sipp import Sipp
from tests.given import until

pytestmark = pytest.mark.asterisk

DESTINATIONS = """
destinations:
  mediation: {{number: "09711234567", via: "127.0.0.1:{port}", ring_s: 10}}
"""


@pytest.fixture(scope="module")
def roomy(_asterisk: None, outside: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    folder = tmp_path_factory.mktemp("r")
    flows = flows_of(folder / "flows", destinations=DESTINATIONS.format(port=outside))
    system = system_of(folder, flows, CALLCENTER_ROOM_WAIT_S="8")
    with system:
        yield system


@pytest.fixture
def story(roomy: System, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(roomy, tmp_path) as opened:
        yield opened


def asks(story: Desk, seat: str, action: str, to: str = "", name: str = "") -> None:
    story.system.person(seat).post("/api/me/talk", action=action, to=to, name=name)


def refused(story: Desk, action: str, to: str = "", name: str = "") -> str:
    answer = story.system.person("1001").try_post("/api/me/talk", action=action, to=to, name=name)
    assert not answer.is_success
    return str(answer.json()["code"])


def talking(story: Desk) -> tuple[str, object]:
    """1001 talks with a caller, 1002 is ready."""
    story.seat("1001")
    caller, call = story.call("1")
    story.until_state(call, "talking")
    story.seat("1002")
    return call, caller


def test_a_consultation_and_back(story: Desk) -> None:
    call, _ = talking(story)
    asks(story, "1001", "consult", "seat", "1002")
    story.until_seat("1002", "talking")
    story.until_state(call, "holding")
    asks(story, "1001", "back")
    story.until_state(call, "talking")
    story.until_seat("1002", "wrap_up")
    story.until_seat("1001", "talking")


def test_a_consultation_that_becomes_a_talk_of_three_which_the_seat_leaves(story: Desk) -> None:
    call, caller = talking(story)
    asks(story, "1001", "consult", "seat", "1002")
    story.until_seat("1002", "talking")
    asks(story, "1001", "join")
    story.until_state(call, "talking")
    story.until_seat("1001", "talking")
    asks(story, "1001", "leave")
    story.until_seat("1001", "wrap_up")
    assert story.record(call)["state"] == "talking"
    caller.hang_up()
    record = story.until_ended(call)
    assert (record["outcome"], record["seat"], record["ended_by"]) == ("answered", "1001", "caller")
    assert record["hold_seconds"] > 0
    story.until_seat("1002", "wrap_up", within=30)


def test_handed_on_to_another_seat(story: Desk) -> None:
    call, caller = talking(story)
    asks(story, "1001", "transfer", "seat", "1002")
    story.until_seat("1001", "wrap_up")
    story.until_seat("1002", "talking")
    story.until_state(call, "talking")
    caller.hang_up()
    assert story.until_ended(call)["outcome"] == "answered"


def test_handed_on_to_a_seat_that_does_not_answer_the_caller_waits_in_his_line(story: Desk) -> None:
    story.seat("1001")
    _caller, call = story.call("1")
    story.until_state(call, "talking")
    story.seat("1002", ring_s=None)
    asks(story, "1001", "transfer", "seat", "1002")
    # he talks until the transfer begins: only a second ring tells that he is back in his line
    until(
        lambda: seats_of(story.record(call)).count("1001") >= 2 or None,
        within=90,
        saying="he is not back in his line",
    )
    until(lambda: story.record(call)["state"] == "talking" or None, within=60, saying="nobody serves him any more")


def test_handed_on_to_a_line(story: Desk) -> None:
    call, caller = talking(story)
    asks(story, "1001", "transfer", "line", "bo")
    story.until_seat("1002", "talking")
    record = story.until_state(call, "talking")
    assert seats_of(record) == ["1001", "1002"]
    assert record["seat"] == "1001"
    caller.hang_up()
    assert story.until_ended(call)["outcome"] == "answered"


def test_three_with_a_department_outside_which_goes_on_alone(story: Desk, outside: int, tmp_path: Path) -> None:
    story.seat("1001")
    caller, call = story.call("1")
    story.until_state(call, "talking")
    department = Sipp(
        tmp_path, "seat-answers", story.system.settings.sip_port,
        "-set", "ring_ms", 100, "-set", "talk_ms", 900_000, "-aa", port=outside,
    )  # fmt: skip
    with department.start():
        asks(story, "1001", "consult", "outside", "mediation")
        until(
            lambda: story.events(call, "PartyJoined", "seat") or None, within=20, saying="the department is not there"
        )
        asks(story, "1001", "join")
        story.until_state(call, "talking")
        asks(story, "1001", "leave")
        story.until_seat("1001", "wrap_up")
        assert story.record(call)["state"] == "talking"
        caller.hang_up()
        assert story.until_ended(call)["outcome"] == "answered"


def test_the_seat_hangs_up_in_a_room_and_the_caller_is_asked_how_it_was(story: Desk) -> None:
    phone = story.seat("1001")
    caller, call = story.call("1")
    story.until_state(call, "talking")
    story.seat("1002")
    asks(story, "1001", "consult", "seat", "1002")
    story.until_seat("1002", "talking")
    asks(story, "1001", "back")
    story.until_state(call, "talking")
    phone.hang_up()
    story.until_state(call, "survey")
    caller.press("2")
    record = story.until_ended(call)
    assert (record["grade"], record["ended_by"]) == (2, "seat")


def test_what_cannot_be_asked_is_refused_in_words(story: Desk) -> None:
    story.seat("1001")
    assert refused(story, "join") == "no-talk"
    _, call = story.call("1")
    story.until_state(call, "talking")
    assert refused(story, "join") == "nobody-else"
    assert refused(story, "transfer", "seat", "1001") == "not-found"
    assert refused(story, "transfer", "seat", "1004") == "seat-cannot-take"
    assert refused(story, "transfer", "line", "xx") == "not-found"

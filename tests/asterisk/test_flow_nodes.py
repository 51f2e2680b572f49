"""Every kind of node on a real Asterisk, pressed by RFC 4733 and by SIP INFO; with the engine and without it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select

from callcenter.asterisk.cel import CelReader
from callcenter.asterisk.events import Fact
from callcenter.call.table import EventRow
from callcenter.ivr.order import is_order_no
from callcenter.ivr.table import CallerRequestRow
from tests.asterisk import desk, ports
from tests.asterisk.desk import Desk
from tests.asterisk.harness import System
from tests.asterisk.node_flows import written
from tests.asterisk.sipp import Caller, Sipp
from tests.given import until

pytestmark = pytest.mark.asterisk


TONES = {"CALLCENTER_TRUNK_DTMF_MODE": "auto"}
"""RFC 4733 where it is offered, SIP INFO, and tones from telephones that know neither."""


class Menus:
    """A system with these flows, and a gateway outside."""

    def __init__(self, system: System, gateway: int) -> None:
        self.system = system
        self.gateway = gateway


@pytest.fixture(scope="module")
def menus(_asterisk: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Menus]:
    folder, gateway = tmp_path_factory.mktemp("m"), ports.block(1)
    system = System(folder / "home", CALLCENTER_FLOWS_DIR=str(written(folder / "flows", gateway)), **TONES)
    system.start()
    yield Menus(system, gateway)
    system.stop()
    ports.give_back(gateway, 1)


@pytest.fixture
def story(menus: Menus, tmp_path: Path) -> Iterator[Desk]:
    with desk.opened(menus.system, tmp_path) as opened:
        yield opened


with_and_without = pytest.mark.parametrize("engine", [True, False], ids=["engine", "no engine"])


@contextmanager
def running(menus: Menus, engine: bool) -> Iterator[None]:
    """Both ways a flow runs."""
    if engine:
        yield
        return
    with menus.system.held_down("engine"):
        yield


def nodes(story: Desk, call: str) -> list[str]:
    with story.system.database.read() as session:
        rows = session.scalars(select(EventRow).where(EventRow.call == call).order_by(EventRow.id))
        return [row.data["node"] for row in rows if row.type == "IvrNodeEntered"]


def in_event_log(story: Desk, call: str) -> list[tuple[str, str]]:
    """Nodes entered and keys pressed, by Asterisk's event log on file alone."""
    file = story.system.settings.asterisk_dir / "log" / "cel-custom" / "cel.csv"
    facts = [it for it in CelReader(file).read_from(0, 0).events if isinstance(it, Fact) and it.linkedid == call]
    return [(it.name, it.value) for it in facts if it.name in ("node", "key")]


def on_record(story: Desk, call: str) -> list[tuple[str, str]]:
    """The same by the engine's own log; what came to it by both ways stands there once."""
    with story.system.database.read() as session:
        rows = list(session.scalars(select(EventRow).where(EventRow.call == call).order_by(EventRow.at, EventRow.id)))
    told = {"IvrNodeEntered": lambda data: ("node", data["node"])}
    told["KeyPressed"] = lambda data: ("key", f"{data['node']}={data['key']}")
    return [told[row.type](row.data) for row in rows if row.type in told]


def assert_kept_twice(story: Desk, call: str) -> None:
    """The way through the menu can be rebuilt without the engine's memory."""
    assert on_record(story, call) == in_event_log(story, call)


def dial(story: Desk, number: str = "13900000001") -> Caller:
    return story.caller(number).dial()


def press(story: Desk, caller: Caller, keys: str, way: str) -> None:
    """Each key ends the announcement, so no waiting is needed between them."""
    for key in keys:
        caller.press(key, way)


def ended(story: Desk) -> dict[str, object]:
    """The record of the only call, after the engine has read what it missed."""
    until(story.system.is_healthy, within=60, saying="the engine does not come back")
    record = until(lambda: story.system.the_call(story.since), within=30, saying="the call is not on record")
    return story.until_ended(record["id"])


@pytest.mark.parametrize("way", ["rtp", "info"])
def test_a_language_and_a_menu_lead_to_the_goodbye(story: Desk, way: str) -> None:
    caller = dial(story)
    press(story, caller, "11", way)
    press(story, caller, "123#", way)
    caller.wait_for_goodbye(within=40)
    record = ended(story)
    assert nodes(story, str(record["id"])) == ["switch", "language", "way", "number", "told", "which", "bye"]
    assert record["language"] == "zh"
    assert_kept_twice(story, str(record["id"]))
    assert in_event_log(story, str(record["id"]))[:3] == [
        ("node", "switch"),
        ("node", "language"),
        ("key", "language=1"),
    ]


@with_and_without
def test_keys_are_heard_as_tones_in_the_sound(story: Desk, menus: Menus, engine: bool) -> None:
    with running(menus, engine):
        caller = story.caller(tones="11123#").dial()
        caller.wait_for_goodbye(within=60)
    way = ["switch", "language", "way", "number", "told", "which", "bye"]
    assert nodes(story, str(ended(story)["id"]))[-len(way) :] == way


@with_and_without
def test_a_knowledge_entry_is_spoken_after_a_key_of_a_speech_menu(story: Desk, menus: Menus, engine: bool) -> None:
    with running(menus, engine):
        caller = dial(story)
        press(story, caller, "1*4", "info")
        caller.press("9", "rtp")  # long enough: who knows it already ends it by any key
        caller.wait_for_goodbye(within=60)
    call = str(ended(story)["id"])
    assert nodes(story, call)[-4:] == ["way", "word", "law", "bye"]
    assert_kept_twice(story, call)


def test_a_caller_hears_how_his_order_stands(story: Desk) -> None:
    caller = dial(story, "13912345670")
    press(story, caller, "131", "info")
    caller.wait_for_goodbye(within=60)
    row = requested(story, str(ended(story)["id"]))
    assert row is not None
    assert is_order_no(row.order_no or "")
    again = dial(story, "13912345670")
    press(story, again, f"18{row.order_no}", "info")
    again.wait_for_goodbye(within=60)
    newest = story.until_all_ended(2)
    told = next(nodes(story, str(record["id"])) for record in newest if str(record["id"]) != row.call)
    assert told[-3:] == ["way", "order", "bye"]


def test_the_same_without_an_engine(story: Desk, menus: Menus) -> None:
    with menus.system.held_down("engine"):
        caller = dial(story)
        for way, keys in (("rtp", "11"), ("info", "123#")):
            press(story, caller, keys, way)
        caller.wait_for_goodbye(within=40)
    record = ended(story)
    way_taken = ["fallback", "switch", "language", "way", "number", "told", "which", "bye"]
    assert nodes(story, str(record["id"])) == way_taken
    assert record["language"] == "zh"
    assert_kept_twice(story, str(record["id"]))


@with_and_without
def test_a_closed_line_says_so(story: Desk, menus: Menus, engine: bool) -> None:
    with running(menus, engine):
        caller = dial(story)
        press(story, caller, "25", "info")
        caller.wait_for_goodbye(within=40)
    assert nodes(story, str(ended(story)["id"]))[-3:] == ["open", "closed", "bye"]


@with_and_without
def test_a_part_writes_the_topic_and_comes_back(story: Desk, menus: Menus, engine: bool) -> None:
    with running(menus, engine):
        caller = dial(story)
        press(story, caller, "16", "info")
        until(lambda: "Queue" in applications(story), within=30, saying="the caller is not in the queue")
        caller.hang_up()
    record = ended(story)
    assert (record["topic"], record["line"]) == ("labour", "zh")
    assert nodes(story, str(record["id"]))[-3:] == ["topic--labour", "topic--notice", "person"]


def channels(story: Desk) -> list[dict[str, str]]:
    with story.system.asterisk() as line:
        return line.channels()


def applications(story: Desk) -> list[str]:
    return [channel["Application"] for channel in channels(story)]


@with_and_without
def test_an_emergency_is_announced_while_it_is_switched_on(story: Desk, menus: Menus, engine: bool) -> None:
    assert story.system.command("flows", "emergency", "on", "--by", "supervisor").returncode == 0
    try:
        with running(menus, engine):
            caller = dial(story)
            if not engine:  # which keeps keys pressed during what must be heard; the dialplan does not
                until(lambda: "Read" in applications(story), within=20, saying="the announcement has no end")
            press(story, caller, "25", "info")
            caller.wait_for_goodbye(within=40)
    finally:
        assert story.system.command("flows", "emergency", "off").returncode == 0
    assert seconds_in(story, str(ended(story)["id"]), "switch") > 2


def test_no_emergency_is_announced_otherwise(story: Desk) -> None:
    caller = dial(story)
    press(story, caller, "25", "info")
    caller.wait_for_goodbye(within=40)
    assert seconds_in(story, str(ended(story)["id"]), "switch") < 1


def seconds_in(story: Desk, call: str, node: str) -> float:
    """From entering a node to entering the next one."""
    with story.system.database.read() as session:
        rows = session.scalars(select(EventRow).where(EventRow.call == call).order_by(EventRow.at, EventRow.id))
        entered = [(row.data["node"], row.at) for row in rows if row.type == "IvrNodeEntered"]
    at = [name for name, _ in entered].index(node)
    return (entered[at + 1][1] - entered[at][1]).total_seconds()


def test_a_message_is_kept_also_when_the_caller_hangs_up_at_its_end(story: Desk, menus: Menus) -> None:
    caller = dial(story)
    press(story, caller, "12", "info")
    recording = menus.system.settings.recordings_dir / "voicemail"
    until(lambda: [file for file in recording.rglob("*.wav") if file.stat().st_size > 50_000], within=30)
    caller.hang_up()
    record = ended(story)
    assert (record["outcome"], record["ended_by"]) == ("voicemail", "caller")
    row = until(lambda: requested(story, str(record["id"])), saying="no request is stored")
    assert row.kind == "voicemail"
    assert row.millis > 2000
    assert (menus.system.settings.recordings_dir / row.file).is_file()


def test_a_callback_is_asked_for_by_one_key(story: Desk) -> None:
    caller = dial(story, "13912345678")
    press(story, caller, "131", "rtp")
    caller.wait_for_goodbye(within=40)
    record = ended(story)
    assert record["outcome"] == "callback_requested"
    row = requested(story, str(record["id"]))
    assert row is not None
    assert row.kind == "callback"
    assert row.number is not None
    assert b"13912345678" not in row.number


def requested(story: Desk, call: str) -> CallerRequestRow | None:
    with story.system.database.read() as session:
        return session.scalar(select(CallerRequestRow).where(CallerRequestRow.call == call))


@with_and_without
def test_a_transfer_reaches_only_the_number_that_is_set_up(
    story: Desk, menus: Menus, engine: bool, tmp_path: Path
) -> None:
    gateway = Sipp(tmp_path, "seat-answers", menus.system.settings.sip_port, *ANSWERS_AT_ONCE, port=menus.gateway)
    with gateway.start(), running(menus, engine):
        caller = dial(story)
        press(story, caller, "14", "info")
        until(lambda: bridged(story), within=20, saying="the number outside is not reached")
        caller.hang_up()
        until(lambda: not channels(story), saying="the call goes on")
    assert ended(story)["outcome"] == "transferred_out"


ANSWERS_AT_ONCE = ("-m", 1, "-set", "ring_ms", 0, "-set", "talk_ms", 0)


def bridged(story: Desk) -> bool:
    return len([channel for channel in channels(story) if channel.get("BridgeId")]) == 2


def test_a_number_that_nobody_answers_ends_in_the_line(story: Desk) -> None:
    lawyer = story.seat("1001")
    caller = dial(story)
    press(story, caller, "14", "info")
    lawyer.talks(within=40)
    caller.hang_up()
    assert ended(story)["outcome"] == "answered"


def test_a_caller_whose_engine_dies_goes_on_where_he_was(story: Desk, menus: Menus) -> None:
    caller = dial(story)
    press(story, caller, "2", "info")
    call = str(until(lambda: story.system.the_call(story.since), saying="the call is not on record")["id"])
    story.until_node(call, "way")
    with menus.system.held_down("engine"):
        caller.press("9", "info")  # ends the announcement that Asterisk still plays for the dead engine
        until(lambda: "Read" in applications(story), saying="the question is not asked again")
        caller.press("5", "info")
        caller.wait_for_goodbye(within=40)
    record = ended(story)
    assert nodes(story, call)[-5:] == ["fallback", "way", "open", "closed", "bye"]
    assert record["language"] == "bo"
    assert_kept_twice(story, call)


def test_the_way_of_a_caller_who_hangs_up_in_the_menu_is_kept(story: Desk) -> None:
    caller = dial(story)
    press(story, caller, "2", "rtp")
    call = str(until(lambda: story.system.the_call(story.since), saying="the call is not on record")["id"])
    story.until_node(call, "way")
    caller.hang_up()
    assert ended(story)["outcome"] == "abandoned_ivr"
    assert in_event_log(story, call)[-2:] == [("key", "language=2"), ("node", "way")]
    assert_kept_twice(story, call)

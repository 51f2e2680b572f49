"""Every kind of node on a real Asterisk: keys by RFC 4733, by SIP INFO and as tones; with the engine and without it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callcenter.ivr.order import is_order_no
from tests.asterisk import desk
from tests.asterisk.harness import System
from tests.asterisk.menus.walking import PATIENCE_S, Story, Walk, Walked
from tests.asterisk.sipp import Sipp
from tests.given import until

pytestmark = pytest.mark.asterisk

FRONT = ["switch", "language", "way"]
WAYS = ("rtp", "info")
EVERY_WAY = (*WAYS, "tones")


def in_queue(story: Story, number: str) -> None:
    until(lambda: "Queue" in story.runs(number), within=PATIENCE_S, every=0.3, saying="he is not in the queue")


def in_talk(story: Story, number: str) -> None:
    bridged = [story.channels(number)]

    def both() -> bool:
        bridged[0] = story.channels(number)
        return len([channel for channel in bridged[0] if channel.get("BridgeId")]) == 2

    until(both, within=PATIENCE_S, every=0.3, saying=lambda: f"the number outside is not reached: {bridged[0]}")


def has_spoken(story: Story, number: str) -> None:
    """Long enough for a message."""
    folder = story.system.settings.recordings_dir / "voicemail"

    def long_enough() -> list[Path]:
        calls = {channel["Linkedid"] for channel in story.channels(number)}
        files = [file for file in folder.rglob("*.wav") if any(call in file.name for call in calls)]
        return [file for file in files if file.stat().st_size > 50_000]

    until(long_enough, within=PATIENCE_S, every=0.3, saying="nothing is recorded")


KINDS: dict[str, tuple[str, list[str], Callable[[Story, str], object] | None]] = {
    "menu, number, digits, branch": ("11123#", ["number", "told", "which", "bye"], None),
    "hours, announcement": ("25", ["open", "closed", "bye"], None),
    "part, topic": ("16", ["topic--labour", "topic--notice", "person"], in_queue),
    "speech menu by key, entry": ("1*49", ["word", "law", "bye"], None),  # the 9 ends the entry
    "transfer": ("14", ["outside"], in_talk),
}
ONLY_WITH_ENGINE = {"callback": ("131", ["back", "bye"], None), "message": ("12", ["message"], has_spoken)}

Batch = Callable[[str, str], Walked]


def _batch(system: System, gateway: int, folder: Path, engine: bool) -> Iterator[Batch]:
    """Everybody walks, and then each test looks at one of them."""
    kinds = KINDS | ONLY_WITH_ENGINE if engine else KINDS
    walks = {
        (kind, way): Walk(keys, way, stays=stays)
        for kind, (keys, _, stays) in kinds.items()
        for way in (WAYS if kind == "message" else EVERY_WAY)  # a message is what he sends instead
    }
    answers = ("-m", 10, "-set", "ring_ms", 0, "-set", "talk_ms", 0)
    with desk.opened(system, folder) as opened:
        story = Story(opened, gateway)
        with Sipp(folder, "seat-answers", system.settings.sip_port, *answers, port=gateway).start():
            if engine:
                failed = story.walk(list(walks.values()))
            else:
                with system.held_down("engine"):
                    failed = story.walk(list(walks.values()))

        def walked(kind: str, way: str) -> Walked:
            walk = walks[kind, way]
            if error := failed[walk]:
                raise error
            return story.seen(walk)

        yield walked


@pytest.fixture(scope="module")
def with_engine(menus: System, gateway: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    yield from _batch(menus, gateway, tmp_path_factory.mktemp("with"), engine=True)


@pytest.fixture(scope="module")
def without_engine(menus: System, gateway: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Batch]:
    yield from _batch(menus, gateway, tmp_path_factory.mktemp("without"), engine=False)


each = pytest.mark.parametrize(("kind", "way"), [(kind, way) for kind in KINDS for way in EVERY_WAY])


@each
def test_with_the_engine(with_engine: Batch, kind: str, way: str) -> None:
    walked = with_engine(kind, way)
    assert walked.nodes == FRONT + KINDS[kind][1]
    assert_told(walked, kind)
    assert walked.switch_s < 1, "an emergency is announced that nobody has switched on"


@each
def test_without_an_engine(without_engine: Batch, kind: str, way: str) -> None:
    walked = without_engine(kind, way)
    assert walked.nodes == ["fallback", *FRONT, *KINDS[kind][1]]
    assert_told(walked, kind)


def assert_told(walked: Walked, kind: str) -> None:
    """What the record says, and that the way through the menu can be rebuilt without the engine's memory."""
    record = walked.record
    assert walked.steps == walked.on_file
    assert walked.steps[walked.nodes.index("language") + 1 :][0] == ("key", f"language={KINDS[kind][0][0]}")
    assert record["language"] == {"1": "zh", "2": "bo"}[KINDS[kind][0][0]]
    match kind:
        case "part, topic":
            assert (record["topic"], record["line"], record["way_out"]) == ("labour", "zh", "queue")
        case "transfer":
            assert (record["outcome"], record["way_out"]) == ("transferred_out", "transfer")
        case _:
            assert (record["queued_at"], record["way_out"]) == (None, "goodbye")
    assert record["ivr_s"] > 0


@pytest.mark.parametrize("way", WAYS)
def test_a_message_is_kept_also_when_the_caller_hangs_up_at_its_end(
    with_engine: Batch, menus: System, way: str
) -> None:
    walked = with_engine("message", way)
    assert walked.nodes == [*FRONT, "message"]
    assert (walked.record["outcome"], walked.record["ended_by"]) == ("voicemail", "caller")
    row = walked.request
    assert row is not None
    assert row.kind == "voicemail"
    assert row.millis > 2000
    assert (menus.settings.recordings_dir / row.file).is_file()


@pytest.mark.parametrize("way", EVERY_WAY)
def test_a_callback_is_asked_for_by_one_key(with_engine: Batch, way: str) -> None:
    walked = with_engine("callback", way)
    assert walked.nodes == [*FRONT, "back", "bye"]
    assert (walked.record["outcome"], walked.record["way_out"]) == ("callback_requested", "callback")
    row = walked.request
    assert row is not None
    assert row.kind == "callback"
    assert row.number is not None
    assert b"139001" not in row.number
    assert is_order_no(row.order_no or "")


def test_callers_hear_how_their_orders_stand(with_engine: Batch, story: Story) -> None:
    walks = []
    for way in EVERY_WAY:
        before = with_engine("callback", way)
        assert before.request is not None
        walks.append(Walk(f"18{before.request.order_no}", way, number=before.number))
    assert list(story.walk(walks).values()) == [None, None, None]
    assert [story.seen(walk).nodes for walk in walks] == 3 * [[*FRONT, "order", "bye"]]

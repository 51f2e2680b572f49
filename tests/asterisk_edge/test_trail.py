"""What the engine's menu tells the event log on file: one line, every step with its time."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from callcenter.asterisk import events as t
from callcenter.asterisk.cel import CelReader
from callcenter.asterisk.trail import Trail, read_trail

BEGAN = datetime(2026, 1, 5, 4, 0, 0, 123456, tzinfo=UTC)


def line(value: str, at: float) -> str:
    extra = json.dumps({"extra": value}).replace('"', '""')
    columns = ["USER_DEFINED", str(at), "PJSIP/trunk-1", "a-1.1", "a-1.1", "139", "ivr-enter", "s", "", "", "trail"]
    return ",".join(f'"{column}"' for column in columns) + f',"{extra}",""\n'


def test_steps_come_out_of_the_event_log_at_the_times_they_were_made(tmp_path: Path) -> None:
    trail = Trail()
    trail.add(BEGAN, "node", "welcome")
    trail.add(BEGAN + timedelta(seconds=2), "key", "language=2")
    trail.add(BEGAN + timedelta(seconds=3), "key", "number=(4 keys)")
    path = tmp_path / "cel.csv"
    path.write_text(line(trail.text, BEGAN.timestamp() + 60))
    facts = [event for event in CelReader(path).read_from(0, 0).events if isinstance(event, t.Fact)]
    assert [(fact.at, fact.name, fact.value) for fact in facts] == [
        (BEGAN, "node", "welcome"),
        (BEGAN + timedelta(seconds=2), "key", "language=2"),
        (BEGAN + timedelta(seconds=3), "key", "number=(4 keys)"),
    ]


@given(
    st.lists(st.tuples(st.integers(0, 600_000), st.sampled_from(["node", "key"]), st.text(max_size=20)), max_size=30)
)
def test_what_is_written_is_read_and_nothing_in_it_means_anything_to_the_dialplan(
    steps: list[tuple[int, str, str]],
) -> None:
    trail = Trail()
    for ms, name, value in steps:
        trail.add(BEGAN + timedelta(milliseconds=ms), name, value)
    assert not set(',"\\[]{}$') & set(trail.text)
    assert [(at, name) for at, name, _ in read_trail(trail.text)] == [
        (BEGAN + timedelta(milliseconds=ms), name) for ms, name, _ in steps
    ]


@given(st.text(max_size=200))
def test_rubbish_is_passed_over(text: str) -> None:
    assert len(list(read_trail(text))) <= text.count(";")


def test_a_trail_torn_anywhere_still_tells_what_stands_before() -> None:
    trail = Trail()
    for second in range(10):
        trail.add(BEGAN + timedelta(seconds=second), "node", f"n{second}")
    whole = list(read_trail(trail.text))
    for cut in range(len(trail.text)):
        assert list(read_trail(trail.text[:cut]))[:-1] == whole[: max(0, len(list(read_trail(trail.text[:cut]))) - 1)]

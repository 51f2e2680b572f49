"""The disk that everything lies on is full: database, Redis, logs, Asterisk's files, our own output."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.asterisk import desk
from tests.asterisk.harness import System
from tests.given import until

pytestmark = pytest.mark.asterisk
PIECES = (1024 * 1024, 4096, 1)
"""Bytes. First quickly, then to the very end."""


@pytest.fixture
def on_small_disk(own_system: System) -> Iterator[System]:
    home = own_system.home
    home.mkdir(parents=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400m,mode=755", "tmpfs", home], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.decode().strip()}")
    yield own_system
    own_system.stop()
    subprocess.run(["umount", home], check=False)


def fill(file: Path) -> None:
    for piece in PIECES:
        with file.open("ab", buffering=0) as filler:
            try:
                while filler.write(b"x" * piece):
                    pass
            except OSError:
                continue


def test_calls_go_on_and_their_records_are_whole_when_there_is_room_again(
    on_small_disk: System, tmp_path: Path
) -> None:
    system = on_small_disk
    system.start()
    with desk.opened(system, tmp_path / "phones") as story:
        seats = [story.seat("1001"), story.seat("1002")]
        talking, call = story.call("1")
        story.until_state(call, "talking")
        parts = {name: system.part(name) for name in ("supervisord", "asterisk", "engine", "api", "redis")}
        filler = system.home / "filler"
        fill(filler)

        newcomer = story.caller("13900000002").dial()
        assert "full" in system.health()["parts"]["recordings"]["message"]
        until(lambda: newcomer.is_connected, saying="the newcomer is not answered")
        newcomer.press("1")
        until(lambda: sum(seat.count("talking") for seat in seats) == 2, within=40, saying="nobody serves the newcomer")
        assert talking.is_connected, "a full disk cut the talk"
        assert parts == {name: system.part(name) for name in parts}, "a part died of the full disk"
        talking.hang_up()
        newcomer.hang_up()

        filler.unlink()
        until(system.is_healthy, within=60, saying="it does not recover")
        assert [record["outcome"] for record in story.until_all_ended(2)] == ["answered", "answered"]

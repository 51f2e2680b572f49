"""Whose Redis serves a home."""

import socket
from pathlib import Path

import pytest

from callcenter.config import Settings
from callcenter.errors import BadInput, Unavailable
from callcenter.processes import bus
from callcenter.processes.bus import OwnRedis


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def test_by_default_ours_on_a_socket(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    assert bus.own(settings) == OwnRedis(socket=settings.run_dir / "redis.sock")


def test_a_loopback_port_on_which_nothing_answers_is_ours_to_serve(tmp_path: Path) -> None:
    port = free_port()
    url = f"redis://:p%40ss@127.0.0.1:{port}/3"
    assert bus.own(Settings(home=tmp_path, redis_url=url)) == OwnRedis(port=port, password="p@ss")


def test_one_that_answers_is_used_as_it_is(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        assert bus.own(Settings(home=tmp_path, redis_url=f"redis://127.0.0.1:{other.getsockname()[1]}/0")) is None


def test_one_elsewhere_that_is_silent_is_a_fault_with_a_name(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match=r"redis\.invalid:6379"):
        bus.own(Settings(home=tmp_path, redis_url="redis://redis.invalid/0"))


def test_nonsense_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="redis_url"):
        bus.own(Settings(home=tmp_path, redis_url="localhost:6379"))

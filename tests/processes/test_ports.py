"""A port that is taken is told before anything is started."""

import os
import socket
from collections.abc import Iterator

import pytest

from callcenter.config import Settings
from callcenter.processes import ports
from callcenter.processes.ports import Port, PortTaken


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        yield taken


def test_the_message_names_port_setting_and_holder(listener: socket.socket) -> None:
    number = listener.getsockname()[1]
    with pytest.raises(PortTaken) as told:
        ports.check([Port("tcp", "127.0.0.1", number, "screens", "http_port")])
    assert f"TCP port {number} (screens, CALLCENTER_HTTP_PORT)" in told.value.message
    assert f"(process {os.getpid()})" in told.value.message


def test_all_taken_ports_are_named_at_once(listener: socket.socket) -> None:
    number = listener.getsockname()[1]
    with socket.socket(type=socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        with pytest.raises(PortTaken) as told:
            ports.check(
                [
                    Port("tcp", "127.0.0.1", number, "screens", "http_port"),
                    Port("udp", "127.0.0.1", other.getsockname()[1], "SIP", "sip_port"),
                ]
            )
    assert "screens" in told.value.message
    assert "SIP" in told.value.message


def test_free_ports_pass(listener: socket.socket) -> None:
    number = listener.getsockname()[1]
    listener.close()
    ports.check([Port("tcp", "127.0.0.1", number, "screens", "http_port")])


def test_an_address_of_another_machine_is_told_as_such() -> None:
    with pytest.raises(PortTaken, match=r"at 192\.0\.2\.250: "):
        ports.check([Port("tcp", "192.0.2.250", 45678, "screens", "http_port")])


def test_every_port_of_the_settings_is_asked_for() -> None:
    settings = Settings(http_port=1, sip_port=2, ws_port=3, ami_port=4, agi_port=5)
    assert sorted(port.number for port in ports.needed(settings)) == [1, 2, 3, 4, 5]

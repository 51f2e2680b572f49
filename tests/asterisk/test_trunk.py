"""A carrier whose gateway is asked for a sign of life, answers, falls silent, and answers again."""

import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import httpx
import pytest

from tests.asterisk import desk, ports
from tests.asterisk.harness import System
from tests.given import until

pytestmark = pytest.mark.asterisk

COPIED = re.compile(rb"^(?:Via|From|To|Call-ID|CSeq):.*\r\n", re.MULTILINE | re.IGNORECASE)


@contextmanager
def gateway(port: int) -> Iterator[None]:
    """Answers whatever it is asked."""
    over = Event()
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", port))
    line.settimeout(0.2)

    def answer() -> None:
        while not over.is_set():
            try:
                asked, sender = line.recvfrom(65_535)
            except TimeoutError:
                continue
            line.sendto(b"SIP/2.0 200 OK\r\n" + b"".join(COPIED.findall(asked)) + b"Content-Length: 0\r\n\r\n", sender)

    thread = Thread(target=answer)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(10)
        line.close()


def trunk_up(system: System) -> str:
    """As `/metrics` has it: 1.0, 0.0, or nothing."""
    text = httpx.get(f"{system.base}/metrics", timeout=10, trust_env=False).text
    found = re.search(r"^callcenter_trunk_up (\S+)$", text, re.MULTILINE)
    return found[1] if found else ""


@pytest.mark.usefixtures("_asterisk")
def test_a_silent_carrier_is_seen_and_calls_that_come_in_are_taken_nevertheless(tmp_path: Path) -> None:
    port = ports.block(1)
    asked = {"CALLCENTER_TRUNK_GATEWAY": f"127.0.0.1:{port}", "CALLCENTER_TRUNK_OPTIONS_S": "1"}
    system = System(tmp_path / "home", "", **asked)
    try:
        with gateway(port):
            system.start()
            until(lambda: trunk_up(system) == "1.0", within=60, every=0.5, saying="it answers")
        until(lambda: trunk_up(system) == "0.0", within=60, every=0.5, saying="it is silent")
        with desk.opened(system, tmp_path / "phones") as story:
            lawyer = story.seat("1001")
            caller, call = story.call("1")
            lawyer.talks()
            story.until_state(call, "talking")
            caller.hang_up()
            assert story.until_ended(call)["outcome"] == "answered"
        with gateway(port):
            until(lambda: trunk_up(system) == "1.0", within=60, every=0.5, saying="it answers again")
    finally:
        system.stop()
        ports.give_back(port, 1)

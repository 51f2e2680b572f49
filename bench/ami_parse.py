"""How much faster the link reads AMI than plain panoramisk: one recorded call, many times, over a loopback socket.

    python bench/ami_parse.py [CALLS] [ROUNDS]

Prints CPU seconds of one run and their ratios. Each round measures every reader once, in changing order, and ratios are
taken inside a round: between rounds the machine's clock moves by far more than the readers differ.
"""

import asyncio
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from panoramisk import Manager

from callcenter.asterisk.decode import DECODERS, WANTED, Decoder
from callcenter.asterisk.headers import Headers
from callcenter.asterisk.wire import OneConnection, Wire
from callcenter.clock import SystemClock

TRACE = Path(__file__).parent.parent / "tests" / "traces" / "answered-survey.ami"
WRITE = 16 * 1024
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
LAST = b"Event: Shutdown\r\nShutdown: Cleanly\r\nRestart: False\r\n\r\n"


def stream(calls: int) -> bytes:
    """The events of one call with every event class, again and again, and one last message."""
    blocks = TRACE.read_bytes().split(b"\r\n\r\n")
    events = [block for block in blocks if block.startswith(b"Event: ") and b"Event: FullyBooted" not in block]
    return BANNER + (b"\r\n\r\n".join(events) + b"\r\n\r\n") * calls + LAST


async def fed(data: bytes, read: Callable[[int, asyncio.Event], Awaitable[None]]) -> float:
    """CPU seconds of this process from the first byte to the last event. Feeding costs the same for every reader."""
    done = asyncio.Event()

    async def feed(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for place in range(0, len(data), WRITE):
            writer.write(data[place : place + WRITE])
            await writer.drain()
        await done.wait()
        writer.transport.abort()

    server = await asyncio.start_server(feed, "127.0.0.1", 0)
    begin = time.process_time()
    await read(server.sockets[0].getsockname()[1], done)
    await done.wait()
    spent = time.process_time() - begin
    server.close()
    return spent


async def plain(port: int, done: asyncio.Event) -> None:
    manager = Manager(host="127.0.0.1", port=port, ping_delay=3600, loop=asyncio.get_running_loop())
    manager.connection_lost = lambda exc: done.set()  # Shutdown ends it; no reconnect

    @manager.register_event("*")
    def heard(_manager: Any, message: Any) -> None:
        pass

    await manager.connect()


async def ours(port: int, done: asyncio.Event, wanted: frozenset[bytes] = WANTED) -> None:
    decoder = Decoder(SystemClock())

    def heard(headers: Headers) -> None:
        decoder.decode(headers)
        if headers.name == "Shutdown":
            done.set()

    wire = Wire(wanted, heard, lambda _: done.set())
    await OneConnection("127.0.0.1", port, lambda: wire).connect()


class Everything(frozenset[bytes]):
    """No filter: every message is parsed and offered to the decoder."""

    def __contains__(self, name: object) -> bool:
        return True


READERS = {
    "panoramisk 1.4": plain,
    "our link, every message parsed": lambda port, done: ours(port, done, Everything()),
    "our link": ours,
}


def main(calls: int, rounds: int) -> None:
    data = stream(calls)
    messages = data.count(b"\r\n\r\n")
    wanted = sum(data.count(b"Event: " + name.encode() + b"\r\n") for name in DECODERS)
    print(
        f"{messages} messages, {len(data) / messages:.0f} bytes each, {wanted / messages:.0%} wanted, {rounds} rounds"
    )
    spent: dict[str, list[float]] = {name: [] for name in READERS}
    for number in range(rounds):
        names = list(READERS) if number % 2 == 0 else list(reversed(READERS))
        for name in names:
            spent[name].append(asyncio.run(fed(data, READERS[name])))
    base = spent["panoramisk 1.4"]
    print(f"{'reader':34}{'us/message':>12}{'messages/s':>12}{'x panoramisk (median, range)':>32}")
    for name, seconds in spent.items():
        ratios = sorted(b / s for b, s in zip(base, seconds, strict=True))
        middle = statistics.median(seconds) / messages
        share = f"{statistics.median(ratios):.1f} ({ratios[0]:.1f}-{ratios[-1]:.1f})"
        print(f"{name:34}{middle * 1e6:>12.2f}{1 / middle:>12,.0f}{share:>32}")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:]]
    main(*numbers[:2], *(200, 5)[len(numbers) :])

"""Free ports for one system and its callers, so that systems and test runs stand side by side.

Each test worker has its own half, so that two never pick the same in the same moment.
"""

import os
import random
import socket

SINGLE = range(11_000, 15_000)
"""For servers and telephones: given once, for the whole run."""
SPANS = range(15_000, 32_000)
"""For sound: one block behind the other, from the beginning again when the end is reached. Both below the kernel's own
choices for outgoing connections (32768 and up)."""
LONG = 100
"""A block of so many ports is for sound."""

_worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 2
_taken: set[int] = set()
_dice = random.Random(os.getpid())


def _half(ports: range) -> range:
    middle = len(ports) // 2
    return ports[middle:] if _worker else ports[:middle]


_next = _half(SPANS).start


def _behind_the_last(size: int) -> int:
    global _next
    mine = _half(SPANS)
    first = _next if _next + size <= mine.stop else mine.start
    _next = first + size
    return first


def block(size: int, *, step: int = 1) -> int:
    """First of `size` neighbouring ports, free for TCP and UDP on the loopback. Every `step`th one is tried."""
    mine = _half(SINGLE)
    for _ in range(2000):
        first = _behind_the_last(size) if size >= LONG else _dice.randrange(mine.start, mine.stop - size)
        wanted = range(first, first + size)
        if not _taken.intersection(wanted) and all(_free(port) for port in wanted[::step]):
            if size < LONG:
                _taken.update(wanted)
            return first
    raise AssertionError(f"no {size} neighbouring free ports")


def give_back(first: int, size: int) -> None:
    _taken.difference_update(range(first, first + size))


def _free(port: int) -> bool:
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as trial:
            if kind == socket.SOCK_STREAM:
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True

"""Free ports for one system and its callers, so that systems and test runs stand side by side."""

import os
import random
import socket

LOWEST, HIGHEST = 11_000, 32_000
"""Below the kernel's own choices for outgoing connections (32768 and up)."""

_taken: set[int] = set()
_dice = random.Random(os.getpid())


def block(size: int, *, step: int = 1) -> int:
    """First of `size` neighbouring ports, free for TCP and UDP on the loopback, that nobody here was given before."""
    for _ in range(1000):
        first = _dice.randrange(LOWEST, HIGHEST - size, 10)
        wanted = range(first, first + size)
        if not _taken.intersection(wanted) and all(_free(port) for port in wanted[::step]):
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

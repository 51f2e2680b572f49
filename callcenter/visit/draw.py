"""A random draw that anybody can repeat: sort the calls by SHA-256 of `seed:call` and take the first ones. Pure.

No generator of random numbers is used, for its numbers may change from one release of its library to the next.
"""

import hashlib
from collections.abc import Iterable
from math import ceil


def drawn(calls: Iterable[str], share: float, seed: str) -> list[str]:
    """The share of the calls, rounded up: of few matters one is drawn, of none none."""
    ranked = sorted(calls, key=lambda call: (hashlib.sha256(f"{seed}:{call}".encode()).digest(), call))
    return ranked[: ceil(len(ranked) * share)]


def digest(calls: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(calls).encode()).hexdigest()

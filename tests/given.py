"""Words that every story uses."""

import os
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

LOOK_EVERY_S = 0.05
FEW = os.environ.get("EXAMPLES") == "few"
"""Set by `make check` alone: `make test` and a test that is run by hand try all."""


def examples(number: int) -> int:
    """With how many examples a property is tried."""
    return min(number, max(5, number // 10)) if FEW else number


class NeverCame(AssertionError):
    """What a story waited for did not happen in time."""


def until(
    look: Callable[[], T | None],
    within: float = 10.0,
    saying: str | Callable[[], str] = "",
    every: float = LOOK_EVERY_S,
) -> T:
    """Look again and again until something true is seen, and return it.

    `within` seconds at most, then NeverCame with `saying` (or what it returns) and what was seen last.
    """
    deadline = time.monotonic() + within
    while True:
        seen = look()
        if seen:
            return seen
        if time.monotonic() > deadline:
            words = saying() if callable(saying) else saying
            raise NeverCame(f"{words or 'it did not happen'} (waited {within:g} s, saw last: {seen!r})")
        time.sleep(every)


def never(look: Callable[[], object], within: float, saying: str = "", every: float = LOOK_EVERY_S) -> None:
    """Look for `within` seconds and fail as soon as something true is seen."""
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        seen = look()
        assert not seen, f"{saying or 'it happened all the same'}: {seen!r}"
        time.sleep(every)

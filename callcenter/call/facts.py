"""A line of the dialplan that says something is heard twice: over the AMI, and from the CEL file."""

from collections.abc import Iterable
from datetime import timedelta

from callcenter.asterisk import events as t

SAME_FACT = timedelta(seconds=1)
"""AMI and CEL stamp the same line of the dialplan some milliseconds apart."""


def said_before(told: Iterable[t.Fact], fact: t.Fact) -> bool:
    """Whether the other source has told it. It has not when something else was true in between: a caller may come into
    the room, wait and come back within a second."""
    near = [one for one in told if one.name == fact.name and abs(one.at - fact.at) < SAME_FACT]
    others = [one.at for one in near if one.value != fact.value]
    return any(
        one.value == fact.value and not any(min(one.at, fact.at) < at < max(one.at, fact.at) for at in others)
        for one in near
    )

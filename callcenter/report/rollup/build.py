"""The rows of one quarter hour from its calls: pure, by the definitions that every other report uses too."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from math import floor
from typing import Any

from callcenter.instants import Micros
from callcenter.report.adding import SUMS
from callcenter.report.definitions import CallFacts, Tally
from callcenter.report.definitions.groups import FACETS, Key
from callcenter.report.definitions.rolling import Window
from callcenter.report.rollup.keys import key_of, stored_value
from callcenter.report.rollup.table import GRADES, WINDOWS
from callcenter.report.rollup.windows import Event, windows

Group = tuple[str, Key]
"""Facet or `all`, and the value."""

Events = dict[Group, list[Event]]
ALL: Group = ("all", None)
NOTHING = ""
"""Digest of no events at all."""


def events(calls: Iterable[CallFacts]) -> Events:
    """What the windows see of each group's calls, ascending."""
    found: defaultdict[Group, list[Event]] = defaultdict(list)
    facets = tuple(FACETS.items())
    for call in sorted(calls, key=lambda call: call.started):
        event = (call.started, int(call.queued is not None), int(call.answered is not None))
        found[ALL].append(event)
        for name, value_of in facets:
            found[name, value_of(call)].append(event)
    return {group: sorted(some) for group, some in found.items()}


def digest(found: Events) -> str:
    """The same for the same events, whatever order they came in."""
    if not found:
        return NOTHING
    hashed = blake2b(digest_size=16)
    for (kind, value), some in sorted(found.items(), key=lambda item: (item[0][0], key_of(item[0][1]))):
        hashed.update(repr((kind, value, [(str(at), q, a) for at, q, a in some])).encode())
    return hashed.hexdigest()


def tallies(calls: Iterable[CallFacts], threshold: int, short: int) -> dict[Group, Tally]:
    found: dict[Group, Tally] = {}
    facets = tuple(FACETS.items())
    for call in calls:
        for group in (ALL, *((name, value_of(call)) for name, value_of in facets)):
            tally = found.get(group)
            if tally is None:
                found[group] = tally = Tally(threshold, short)
            tally.add(call)
    return found


def rows(
    quarter: int,
    calls: Sequence[CallFacts],
    own: Events,
    day_before: Events,
    base: Mapping[tuple[str, str], tuple[int, int]],
    threshold: int,
    short: int,
) -> list[dict[str, Any]]:
    """Of every group that has a call in the quarter or in the one a day before. Sorted."""
    counted = tallies(calls, threshold, short)
    made = []
    for group in {**own, **day_before}:
        kind, value = group
        key = key_of(value)
        tally = counted.get(group) or Tally(threshold, short)
        worst, last = windows(own.get(group, ()), day_before.get(group, ()), base.get((kind, key), (0, 0)))
        made.append(
            {"kind": kind, "quarter": quarter, "key": key, "value": stored_value(value)}
            | numbers(tally)
            | dict(zip(WINDOWS, (*_columns(worst), *_columns(last)), strict=True))
        )
    return sorted(made, key=lambda row: (row["kind"], row["key"]))


def numbers(tally: Tally) -> dict[str, Any]:
    """The columns of a tally."""
    return {
        **{name: floor(getattr(tally, name)) for name in SUMS},
        **dict(zip(GRADES, tally.grades[1:], strict=True)),
        **tally.outcomes,
        "longest_wait": None if tally.longest_wait is None else floor(tally.longest_wait),
    }


def plain(calls: Iterable[CallFacts]) -> bool:
    """Whether whole microseconds say all there is."""
    return all(isinstance(at, int) for call in calls for at in call[:6] if at is not None)


def _columns(window: Window | None) -> tuple[int | None, int | None, int | None]:
    if window is None:
        return None, None, None
    answered, queued, at = window
    return answered, queued, _whole(at)


def _whole(at: Micros) -> int:
    return floor(at)

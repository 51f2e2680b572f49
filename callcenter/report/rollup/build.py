"""The rows of one quarter hour from its calls: pure, by the definitions that every other report uses too."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
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
from callcenter.report.rollup.windows import Both, Event, windows

Group = tuple[str, Key]
"""Facet or `all`, and the value."""

Events = dict[Group, list[Event]]
ALL: Group = ("all", None)
_NONE: list[Event] = []
NOTHING = ""
"""Digest of no events at all."""


def events(calls: Sequence[CallFacts]) -> Events:
    """What the windows see of each group's calls, ascending. Groups of the same calls share one list."""
    seen = [(call.started, int(call.queued is not None), int(call.answered is not None)) for call in calls]
    order = sorted(range(len(seen)), key=seen.__getitem__)
    everything = [seen[number] for number in order]
    found: Events = {ALL: everything} if seen else {}
    for name, values in _cut(calls):
        groups: defaultdict[Key, list[Event]] = defaultdict(list)
        if isinstance(values, str):
            groups |= {value: some for (facet, value), some in found.items() if facet == values}
        elif len(set(values)) == 1:
            groups[values[0]] = everything
        else:
            for number in order:
                groups[values[number]].append(seen[number])
        found |= {(name, value): some for value, some in groups.items()}
    return found


def _cut(calls: Sequence[CallFacts]) -> Iterator[tuple[str, list[Key] | str]]:
    """Each facet with its value of each call, or with the name of a facet before it that has the same ones, as lines
    and languages often do: what is alike is counted once."""
    known: dict[str, list[Key]] = {}
    for name, value_of in FACETS.items() if calls else ():
        values = list(map(value_of, calls))
        alike = next((other for other, theirs in known.items() if theirs == values), None)
        known[name] = values
        yield name, values if alike is None else alike


def digest(calls: Iterable[CallFacts]) -> str:
    """Of what windows see of these calls: the same for the same, whatever order they came in."""
    facets = tuple(FACETS.values())
    lines = sorted(
        repr((str(call.started), call.queued is None, call.answered is None, *[value_of(call) for value_of in facets]))
        for call in calls
    )
    if not lines:
        return NOTHING
    return blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def tallies(calls: Sequence[CallFacts], threshold: int, short: int) -> dict[Group, Tally]:
    everything = Tally(threshold, short)
    for call in calls:
        everything.add(call)
    found: dict[Group, Tally] = {ALL: everything} if calls else {}
    for name, values in _cut(calls):
        if isinstance(values, str):
            counted = {value: tally for (facet, value), tally in found.items() if facet == values}
        elif len(different := set(values)) == 1:
            counted = dict.fromkeys(different, everything)
        else:
            counted = {value: Tally(threshold, short) for value in different}
            for call, value in zip(calls, values, strict=True):
                counted[value].add(call)
        found |= {(name, value): tally for value, tally in counted.items()}
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
    swept: dict[tuple[int, int, tuple[int, int]], Both] = {}
    made = []
    for group in {**own, **day_before}:
        kind, value = group
        tally = counted.get(group) or Tally(threshold, short)
        before = base.get((kind, key_of(value)), (0, 0))
        mine, theirs = own.get(group, _NONE), day_before.get(group, _NONE)
        alike = id(mine), id(theirs), before
        if alike not in swept:
            swept[alike] = windows(mine, theirs, before)
        made.append(row(kind, quarter, value, tally, swept[alike]))
    return sorted(made, key=lambda one: (one["kind"], one["key"]))


def row(kind: str, begin: int, value: Key, tally: Tally, both: Both) -> dict[str, Any]:
    """The columns of a tally and of the lowest and the last window."""
    worst, last = both
    return {
        **{"kind": kind, "quarter": begin, "key": key_of(value), "value": stored_value(value)},
        **{name: floor(getattr(tally, name)) for name in SUMS},
        **dict(zip(GRADES, tally.grades[1:], strict=True)),
        **tally.outcomes,
        "longest_wait": None if tally.longest_wait is None else floor(tally.longest_wait),
        **dict(zip(WINDOWS, (*_columns(worst), *_columns(last)), strict=True)),
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

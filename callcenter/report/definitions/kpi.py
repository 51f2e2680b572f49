"""The whole report over a set of calls: pure, one pass, memory for three numbers per call."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from callcenter.errors import BadInput
from callcenter.instants import Micros
from callcenter.report.definitions.facts import CallFacts
from callcenter.report.definitions.figures import Result, results
from callcenter.report.definitions.groups import SHIFTS, SPANS, Key, grouping
from callcenter.report.definitions.rolling import Rolling
from callcenter.report.definitions.tally import Tally

GROUPS_MAX = 5_000


class TooManyGroups(BadInput):
    code = "too-many-groups"


@dataclass(frozen=True, slots=True)
class Question:
    """`start` <= started < `end`; everything in microseconds."""

    start: Micros
    end: Micros
    threshold: Micros
    short: Micros
    by: tuple[str, ...] = ()
    shifts: tuple[int, ...] = SHIFTS
    """When shifts begin: microseconds since midnight in China."""


@dataclass(slots=True)
class Part:
    """A tally with its figures: of all calls, or of one group."""

    tally: Tally
    rolling: Rolling | None
    key: tuple[Key, ...] = ()
    windows: tuple[Result, ...] = ()
    """Worst and last 24 hours; none of a split by time."""
    further: list[Result] = field(default_factory=list)

    @property
    def results(self) -> list[Result]:
        """Made when they are asked for: a month by quarter hour has 100,000 of them, and to keep them all at once costs
        the collector of garbage more than to make them costs."""
        found = results(self.tally)
        found[3:3] = self.windows
        found += self.further
        return found

    def add(self, call: CallFacts, inside: bool) -> None:
        """`inside` the interval; others may matter to the rolling figures."""
        if inside:
            self.tally.add(call)
        if self.rolling:
            self.rolling.add(call)

    def close(self, last: Micros | None) -> None:
        if self.rolling:
            self.windows = self.rolling.results(last)


@dataclass(frozen=True, slots=True)
class Answer:
    total: Part
    groups: list[Part]


def kpi(calls: Iterable[CallFacts], question: Question, first: Micros | None) -> Answer:
    """Figures over `calls`, which may come in any order and hold others than those of the interval.

    They must hold all from 24 h before the interval on; `first` is the first `started_at` on record. A split by
    time has no rolling figures: 24 hours do not fit into a quarter of an hour. Raises TooManyGroups.
    """
    key_of = grouping(question.by, question.shifts) if question.by else None
    rolls = not any(name in SPANS for name in question.by)
    make = _maker(question, first)
    total = make((), True)
    groups: dict[tuple[Key, ...], Part] = {}
    start, end = question.start, question.end
    last: Micros | None = None
    for call in calls:
        started = call.started
        if started >= end:
            continue
        if last is None or started > last:
            last = started
        total.add(call, started >= start)
        if key_of and (rolls or started >= start):
            key = key_of(call)
            group = groups.get(key)
            if group is None:
                if len(groups) == GROUPS_MAX:
                    raise too_many(question)
                groups[key] = group = make(key, rolls)
            group.add(call, started >= start)
    asked = [group for group in groups.values() if group.tally.calls]
    for part in (total, *asked):
        part.close(last)
    asked.sort(key=lambda group: [(name is None, name or "") for name in group.key])
    return Answer(total, asked)


def _maker(question: Question, first: Micros | None) -> Callable[[tuple[Key, ...], bool], Part]:
    def make(key: tuple[Key, ...], rolls: bool) -> Part:
        rolling = Rolling(question.start, question.end, first) if rolls else None
        return Part(Tally(question.threshold, question.short), rolling, key)

    return make


def too_many(question: Question) -> TooManyGroups:
    return TooManyGroups(
        f"--by {','.join(question.by)} gives more than {GROUPS_MAX} groups; take a longer step or a shorter interval"
    )

"""Who serves which line, and who is kept free for it. Pure; app_queue does the distributing.

A seat is a member of the lines of its languages, and of those it may help. The penalty says in which turn it is rung:
a lower one first, `STRICT_MAX` at most until the line's helpers may be rung (`helpers_after_s`).
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from callcenter.ids import QueueName, SeatId


class Level(IntEnum):
    """How well a seat speaks a language."""

    BASIC = 1
    FLUENT = 2
    NATIVE = 3


STRICT_MAX = 9
"""Highest penalty of a seat that speaks the line's language."""
HELPER_PENALTY = 10
"""Of a seat that does not speak it and is rung when the caller has waited long enough."""


CALLBACK = "callback"
VOICEMAIL = "voicemail"
"""Steps of an overflow that are no places."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRule:
    helpers: tuple[str, ...] = ()
    """Languages whose seats help this line."""
    helpers_after_s: int = 60
    """A caller waits so long for a seat of his language before the helpers are rung, too."""
    keep_free: int = 0
    """So many seats of this language take no calls of lines without such a rule while they are free."""
    wait_s: int | None = None
    """A caller waits so long for a seat before he overflows; None: the site's `max_wait_s`."""
    overflow: tuple[str, ...] = ()
    """Where he goes then, one after the other: places of `site/destinations.yaml`, `CALLBACK`, `VOICEMAIL`. Nowhere:
    the apology."""
    interpreter: str = ""
    """Place of `site/destinations.yaml` that is called in when a seat that only helps takes a call of this line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSeat:
    """For how long, in seconds, a caller is offered to one seat before his line; 0: not at all."""

    asked_s: int = 60
    """The seat whose number he keyed, also while it is busy."""
    last_adviser_s: int = 0
    """The seat that advised him last, if it is ready."""
    last_adviser_days: int = 30
    """Not longer ago than that."""
    field_s: int = 10
    """The ready seat that knows his topic best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    lines: Mapping[str, LineRule] = field(default_factory=dict)
    head_start_s: Mapping[str, int] = field(default_factory=dict)
    """Reason -> seconds by which such a caller counts as having come earlier. Everybody behind him waits at most so
    much longer: nobody starves."""
    missed_rings: int = 3
    """A seat that does not take so many calls in a row is paused."""
    first: FirstSeat = field(default_factory=FirstSeat)

    def line(self, name: str) -> LineRule:
        return self.lines.get(name, LineRule())


@dataclass(frozen=True, slots=True)
class Part:
    """What a seat is to a line."""

    penalty: int
    helper: bool = False


def parts(languages: Mapping[str, Level], lines: Collection[str], rules: Rules) -> dict[QueueName, Part]:
    """Lines a seat serves by its languages, then those it helps.

    A seat of several languages comes after those of one alone, so that the scarce ones stay reachable; in the lines
    of its scarce languages (those with helpers) this does not count, nearly all their seats speak another, too.
    """
    own: dict[QueueName, Part] = {}
    for line in languages:
        if line not in lines:
            continue
        also = len(languages) > 1 and not rules.line(line).helpers
        own[QueueName(line)] = Part(penalty=2 * (Level.NATIVE - languages[line]) + also)
    helped = {
        QueueName(line): Part(HELPER_PENALTY, helper=True)
        for line in lines
        if line not in own and own and not languages.keys().isdisjoint(rules.line(line).helpers)
    }
    return own | helped


@dataclass(frozen=True, slots=True)
class Candidate:
    """A seat as the reservation sees it."""

    seat: SeatId
    lines: frozenset[QueueName]
    """Of its own languages."""
    free: bool
    """Could be rung now."""
    held_back: frozenset[QueueName]
    """Lines it is kept out of so far."""


def reserve(seats: Iterable[Candidate], rules: Rules) -> dict[SeatId, frozenset[QueueName]]:
    """Lines each seat is kept out of, so that `keep_free` seats of a scarce language stay free for it.

    Only as many are let into other lines as may be spared, before a call comes: two callers at one moment cannot take
    the last one. A seat that helps already goes on helping; one that is busy is let in when it is free again.
    """
    known = list(seats)
    scarce = {QueueName(name) for name, rule in rules.lines.items() if rule.keep_free > 0}
    held: dict[SeatId, frozenset[QueueName]] = {candidate.seat: frozenset() for candidate in known}
    for line in sorted(scarce):
        speakers = [c for c in known if line in c.lines]
        free = [c for c in speakers if c.free]
        spared = max(0, len(free) - rules.line(line).keep_free)
        helping_first = sorted(free, key=lambda c: (bool(c.held_back), c.seat))
        let_in = {c.seat for c in helping_first[:spared]}
        for c in speakers:
            if c.seat not in let_in:
                held[c.seat] |= c.lines - scarce
    return held

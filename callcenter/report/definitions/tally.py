"""Sums over calls from which every figure but the rolling ones is a quotient. Tallies of two halves can be added."""

from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any

from callcenter.instants import Micros
from callcenter.report.definitions.facts import CallFacts

OUTCOMES = (
    "abandoned_ivr",
    "abandoned_queue",
    "queue_timeout",
    "voicemail",
    "callback_requested",
    "blocked",
    "system_failure",
    "transferred_out",
)
"""Shown in `counts` beside `answered`, which is not an outcome there but a fact (rule 7)."""


@dataclass(slots=True)
class Tally:
    """`threshold` and `short` in microseconds; both include themselves (rule 2). Times are sums of microseconds."""

    threshold: Micros
    short: Micros
    calls: int = 0
    to_seat: int = 0
    answered: int = 0
    answered_within: int = 0
    """Of the answered, by the wait in the queue."""
    rung: int = 0
    """Answered calls whose first ring is known."""
    rung_within: int = 0
    abandoned: int = 0
    abandoned_within: int = 0
    abandoned_rung: int = 0
    """Abandoned after a seat had been rung."""
    short_abandons: int = 0
    waited: Micros = 0
    """Of the answered."""
    talks: int = 0
    """Answered calls whose talk is over: for finished calls the same as `answered`."""
    talked: Micros = 0
    held: Micros = 0
    wrapped_up: Micros = 0
    longest_wait: Micros | None = None
    rated: int = 0
    grades: list[int] = field(default_factory=lambda: [0] * 6)
    """Rated calls by grade; index 0 is not used."""
    offered: int = 0
    """Answered calls in which the survey was offered."""
    live: int = 0
    outcomes: dict[str, int] = field(default_factory=lambda: dict.fromkeys(OUTCOMES, 0))

    def add(self, call: CallFacts) -> None:
        self.calls += 1
        if call.queued is not None:
            self.to_seat += 1
        if call.answered is not None:
            self._answered(call, call.answered)
        outcome = call.outcome
        if outcome is None:
            self.live += 1
        elif outcome != "answered":
            self.outcomes[outcome] += 1
            if outcome == "abandoned_queue":
                self._abandoned(call)

    def _answered(self, call: CallFacts, answered: Micros) -> None:
        self.answered += 1
        if call.queued is not None:
            wait = answered - call.queued
            self.waited += wait
            if wait <= self.threshold:
                self.answered_within += 1
            if self.longest_wait is None or wait > self.longest_wait:
                self.longest_wait = wait
        if call.first_ring is not None:
            self.rung += 1
            if answered - call.first_ring <= self.threshold:
                self.rung_within += 1
        if call.ended is not None:
            self.talks += 1
            self.talked += call.ended - answered - call.hold
            self.held += call.hold
            if call.wrap_up_ended is not None:
                self.wrapped_up += call.wrap_up_ended - call.ended
        if call.grade is not None:
            self.rated += 1
            self.grades[call.grade] += 1
        if call.survey_offered:
            self.offered += 1

    def _abandoned(self, call: CallFacts) -> None:
        self.abandoned += 1
        if call.first_ring is not None:
            self.abandoned_rung += 1
        if call.queued is None or call.ended is None:
            return  # no record is written so; one that is must not take the whole report with it
        wait = call.ended - call.queued
        if wait <= self.threshold:
            self.abandoned_within += 1
        if wait <= self.short:
            self.short_abandons += 1
        if self.longest_wait is None or wait > self.longest_wait:
            self.longest_wait = wait

    def counts(self) -> dict[str, int]:
        """The three counts that Beijing publishes beside every rate, then the rest."""
        return {
            "in": self.calls,
            "to_seat": self.to_seat,
            "answered": self.answered,
            **self.outcomes,
            "short_abandons": self.short_abandons,
            "rated": self.rated,
            "survey_offered": self.offered,
            "live": self.live,
        }


def added(first: Tally, *others: Tally) -> Tally:
    """The tally of all these sets of calls together; they must be disjoint and share threshold and short."""
    every = (first, *others)
    if any((one.threshold, one.short) != (first.threshold, first.short) for one in others):
        raise ValueError("tallies with different limits cannot be added")
    sums: dict[str, Any] = {name: sum(map(attrgetter(name), every)) for name in _SUMMED}
    return Tally(
        first.threshold,
        first.short,
        **sums,
        longest_wait=max((one.longest_wait for one in every if one.longest_wait is not None), default=None),
        grades=[sum(counts) for counts in zip(*(one.grades for one in every), strict=True)],
        outcomes={name: sum(one.outcomes[name] for one in every) for name in first.outcomes},
    )


_SUMMED = tuple(
    one.name for one in fields(Tally) if one.name not in ("threshold", "short", "longest_wait", "grades", "outcomes")
)

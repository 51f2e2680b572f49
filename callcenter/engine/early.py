"""Facts of calls that nobody has told of yet: a menu has a connection of its own, and may be quicker than AMI."""

from dataclasses import dataclass, field

from callcenter.asterisk import events as t
from callcenter.ids import Linkedid

KEPT = 1_000
"""Calls; of channels that never become one, too. The oldest is forgotten."""


@dataclass(slots=True)
class EarlyFacts:
    _facts: dict[Linkedid, list[t.Fact]] = field(default_factory=dict)

    def keep(self, event: t.TelephonyEvent) -> None:
        """Anything but a fact is of no use before the beginning of its call."""
        if not isinstance(event, t.Fact):
            return
        self._facts.setdefault(event.linkedid, []).append(event)
        if len(self._facts) > KEPT:
            del self._facts[next(iter(self._facts))]

    def take(self, call: Linkedid) -> list[t.Fact]:
        return self._facts.pop(call, [])

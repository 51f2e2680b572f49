"""Where callers are in the flows: a fold of events, and of nothing else. Kept by `counting.py`, one per process."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime

from callcenter.call.events import CallAnswered, CallEnded, CallEvent, CallQueued, FlowBegan, IvrNodeEntered
from callcenter.call.model import EndedBy, Outcome
from callcenter.instants import CHINA

NO_LOSS = frozenset({Outcome.VOICEMAIL, Outcome.CALLBACK_REQUESTED, Outcome.TRANSFERRED_OUT, Outcome.BLOCKED})
"""Who hangs up after that has got what he asked for, or was not to have it."""

Place = tuple[str, str]
"""Flow, and node as the interpreter names it (`topic--ask` is node `ask` of the part that `topic` calls)."""


@dataclass(slots=True)
class FlowCounts:
    day: date
    """In China."""
    entered: Counter[Place] = field(default_factory=Counter)
    lost: Counter[Place] = field(default_factory=Counter)
    _flow: dict[str, str] = field(default_factory=dict)
    _at: dict[str, str] = field(default_factory=dict)
    """Call -> node, of callers who are in one."""

    def apply(self, event: CallEvent) -> None:
        """Events of one call come in order; calls of the test number are in no count."""
        self.turn_day(event.at)
        match event:
            case FlowBegan(version=0):
                self._flow.pop(event.call, None)
                self._at.pop(event.call, None)
            case FlowBegan():
                self._flow[event.call] = event.flow
            case IvrNodeEntered() if flow := self._flow.get(event.call):
                self._at[event.call] = event.node
                if event.at.astimezone(CHINA).date() == self.day:
                    self.entered[flow, event.node] += 1
            case CallQueued() | CallAnswered():
                self._at.pop(event.call, None)
            case CallEnded():
                self._ended(event)

    def turn_day(self, at: datetime) -> None:
        """At midnight the counts begin anew; callers stay where they are."""
        day = at.astimezone(CHINA).date()
        if day > self.day:
            self.day = day
            self.entered.clear()
            self.lost.clear()

    def now(self) -> Counter[Place]:
        return Counter((self._flow[call], node) for call, node in self._at.items())

    def _ended(self, event: CallEnded) -> None:
        flow, node = self._flow.pop(event.call, ""), self._at.pop(event.call, "")
        left = event.by is EndedBy.CALLER and event.outcome not in NO_LOSS
        if node and left and event.at.astimezone(CHINA).date() == self.day:
            self.lost[flow, node] += 1


@dataclass(slots=True)
class NodeCount:
    now: int = 0
    entered: int = 0
    lost: int = 0

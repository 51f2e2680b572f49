"""One caller as a flow serves him: his channel, and what is told of him."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from callcenter.asterisk.channel_control import ChannelControl, ChannelGone, Finished
from callcenter.asterisk.events import Fact
from callcenter.asterisk.trail import NAME, VARIABLE, Trail
from callcenter.clock import Clock
from callcenter.ids import Linkedid, Uniqueid


class Caller(ChannelControl, Protocol):
    """One caller as the FastAGI server hands him over (`callcenter.asterisk.agi_session.AgiSession`).

    `script`: path of the AGI address without its slash, the name of the flow.
    """

    script: str
    uniqueid: Uniqueid
    linkedid: Linkedid
    caller_number: str


@dataclass(slots=True)
class Served:
    """Variables and facts wait here until the channel is used next: one command instead of one for each."""

    caller: Caller
    sink: Callable[[Fact], None]
    clock: Clock
    _unset: dict[str, str] = field(default_factory=dict)
    _trail: Trail = field(default_factory=Trail)
    _told: str = ""

    def note(self, name: str, value: str) -> None:
        """A fact: to the engine now, to the event log on file with what the channel is told next."""
        at = self.clock.now()
        self.sink(Fact(at=at, uniqueid=self.caller.uniqueid, linkedid=self.caller.linkedid, name=name, value=value))
        self._trail.add(at, name, value)

    def put(self, name: str, value: str) -> None:
        self._unset.pop(name, None)
        self._unset[name] = value

    async def tell(self) -> Finished | ChannelGone:
        """Bring the channel's variables up to date. Before anything that the caller hears."""
        if self._trail.full:
            written = await self.caller.exec("CELGenUserEvent", f"{NAME},{self._trail.text}")
            self._trail = Trail()
            if isinstance(written, ChannelGone):
                return written
        trail = self._trail.text
        values = self._unset if trail == self._told else {VARIABLE: trail, **self._unset}
        if not values:
            return Finished()
        self._unset, self._told = {}, trail
        return await self.caller.set_all(values)

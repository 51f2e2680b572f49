"""Whom a seat may bring into a talk: a seat on duty, or a number outside that the site has written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from callcenter.config import Settings
from callcenter.engine.registry import Registry
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.ids import SeatId
from callcenter.ivr.site import Destination
from callcenter.seat.model import interface_of


class CannotTake(Conflict):
    code = "seat-cannot-take"


@dataclass(frozen=True, slots=True)
class Party:
    interface: str
    """What Asterisk dials."""
    seat: SeatId | None
    place: str
    """Name in `site/destinations.yaml`; empty for a seat."""
    press_1: bool = False
    """It has taken the call when it has pressed 1; a voicemail never does."""


class Directory:
    def __init__(self, registry: Registry, destinations: Mapping[str, Destination], settings: Settings) -> None:
        self._registry = registry
        self._destinations = destinations
        self._gateway = settings.gateway

    def find(self, kind: Any, name: Any, asking: SeatId) -> Party:
        """`kind`: seat | outside | interpreter, whose name is a language. Raises NotFound, Conflict when he
        cannot be called now, BadInput."""
        match kind:
            case "seat":
                return self._seat(SeatId(str(name)), asking)
            case "outside":
                return self._outside(str(name))
            case "interpreter":
                place = self._registry.rules.line(str(name)).interpreter
                if not place:
                    raise NotFound(f"line {name} has no interpreter; site/lines.yaml may name one")
                return self._outside(place)
        raise BadInput("kind is seat, outside or interpreter")

    def _outside(self, name: str) -> Party:
        to = self._destinations.get(name)
        if to is None:
            known = ", ".join(self._destinations) or "none"
            raise NotFound(f"there is no destination {name}; site/destinations.yaml knows: {known}")
        return Party(f"PJSIP/trunk/sip:{to.number}@{to.via or self._gateway}", None, name, to.press_1)

    def _seat(self, wanted: SeatId, asking: SeatId) -> Party:
        seat = self._registry.seats.get(wanted)
        if seat is None or wanted == asking:
            raise NotFound(f"there is no other seat {wanted}")
        if not seat.could_ring or seat.view.phone is None:
            raise CannotTake(f"seat {wanted} is {seat.view.state.value} and cannot take a call now")
        return Party(interface_of(wanted, seat.view.phone), wanted, "")

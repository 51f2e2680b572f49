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


class Directory:
    def __init__(self, registry: Registry, destinations: Mapping[str, Destination], settings: Settings) -> None:
        self._registry = registry
        self._destinations = destinations
        self._gateway = settings.trunk_addresses[0]

    def find(self, kind: Any, name: Any, asking: SeatId) -> Party:
        """`kind`: seat | outside. Raises NotFound, Conflict when he cannot be called now, BadInput."""
        match kind:
            case "seat":
                return self._seat(SeatId(str(name)), asking)
            case "outside":
                to = self._destinations.get(str(name))
                if to is None:
                    known = ", ".join(self._destinations) or "none"
                    raise NotFound(f"there is no destination {name}; site/destinations.yaml knows: {known}")
                return Party(f"PJSIP/trunk/sip:{to.number}@{to.via or self._gateway}", None, str(name))
        raise BadInput("kind is seat or outside")

    def _seat(self, wanted: SeatId, asking: SeatId) -> Party:
        seat = self._registry.seats.get(wanted)
        if seat is None or wanted == asking:
            raise NotFound(f"there is no other seat {wanted}")
        if not seat.could_ring or seat.view.phone is None:
            raise CannotTake(f"seat {wanted} is {seat.view.state.value} and cannot take a call now")
        return Party(interface_of(wanted, seat.view.phone), wanted, "")

"""What a person may ask of his seat. The engine decides; Asterisk's event confirms."""

from callcenter.account.model import Person
from callcenter.bus.commands import CommandBus
from callcenter.errors import Conflict
from callcenter.ids import SeatId
from callcenter.seat.model import Desired


class NoSeat(Conflict):
    code = "no-seat"


def seat_of(person: Person) -> SeatId:
    if person.seat is None:
        raise NoSeat(f"{person.id} has no seat; an administrator can give one")
    return person.seat


def want(commands: CommandBus, person: Person, desired: Desired, reason: str) -> None:
    """Raises what the engine refuses with, or Unavailable."""
    commands.ask("seat.want", by=person.id, seat=seat_of(person), desired=desired.value, reason=reason)


def wrap_up(commands: CommandBus, person: Person, action: str) -> None:
    """`action`: done | extend."""
    commands.ask("seat.wrap_up", by=person.id, seat=seat_of(person), action=action)

"""People and what they may do."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from callcenter.ids import PersonId, SeatId


class Role(StrEnum):
    """DB32/T 3837-2020 names the first three duties; administrator and auditor are kept apart (three-admin split)."""

    SEAT = "seat"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"
    AUDITOR = "auditor"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    id: PersonId
    name: str
    role: Role
    seat: SeatId | None = None
    languages: tuple[str, ...] = ()
    """Lines this seat serves."""


class Step(StrEnum):
    """What a person has still to do before he may work."""

    PASSWORD = "password"  # noqa: S105 - a step's name
    SECOND_FACTOR = "second-factor"


class LicenceState(StrEnum):
    NONE = "none"
    """Nothing on record."""
    FINE = "fine"
    ENDING = "ending"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """A lawyer's licence to practise."""

    number: str = ""
    until: date | None = None
    """The last day on which it is valid, in China."""

    def state(self, today: date, warn_days: int) -> LicenceState:
        if self.until is None:
            return LicenceState.NONE
        if self.until < today:
            return LicenceState.EXPIRED
        return LicenceState.ENDING if self.until - today < timedelta(days=warn_days) else LicenceState.FINE

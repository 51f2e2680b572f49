"""People and what they may do."""

from dataclasses import dataclass
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

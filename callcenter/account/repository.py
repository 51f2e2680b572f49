"""Every query about people, sign-ins and the audit trail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from callcenter.account.model import Person, Role
from callcenter.account.table import AuditRow, PersonRow, SessionRow
from callcenter.ids import PersonId, SeatId


def as_person(row: PersonRow) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        role=Role(row.role),
        seat=SeatId(row.seat) if row.seat else None,
        languages=tuple(row.languages),
    )


class People:
    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self) -> int:
        return self._session.scalar(select(func.count()).select_from(PersonRow)) or 0

    def get(self, person: str) -> PersonRow | None:
        return self._session.get(PersonRow, person)

    def add(self, person: Person, password_hash: str) -> None:
        self._session.add(
            PersonRow(
                id=person.id,
                name=person.name,
                role=person.role.value,
                seat=person.seat,
                languages=list(person.languages),
                password=password_hash,
            )
        )

    def at_seats(self) -> Sequence[PersonRow]:
        """Those who have a seat, by seat."""
        wanted = select(PersonRow).where(PersonRow.seat.is_not(None), PersonRow.active).order_by(PersonRow.seat)
        return self._session.scalars(wanted).all()


class SignIns:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: SessionRow) -> None:
        self._session.add(row)

    def get(self, token_hash: str) -> tuple[SessionRow, PersonRow] | None:
        wanted = (
            select(SessionRow, PersonRow)
            .join(PersonRow, PersonRow.id == SessionRow.person)
            .where(SessionRow.token_hash == token_hash)
        )
        found = self._session.execute(wanted).one_or_none()
        return None if found is None else (found[0], found[1])

    def extend(self, token_hash: str, until: datetime) -> None:
        row = self._session.get(SessionRow, token_hash)
        if row is not None:
            row.expires_at = until

    def remove(self, token_hash: str) -> None:
        self._session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))

    def remove_expired(self, now: datetime) -> None:
        self._session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))


class Audit:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, at: datetime, person: str, action: str, object: str = "", **detail: Any) -> None:
        self._session.add(AuditRow(at=at, person=person[:64], action=action, object=object[:255], detail=detail))

    def has(self, since: datetime, person: str, action: str, object: str) -> bool:
        wanted = select(AuditRow.id).where(
            AuditRow.at >= since,
            AuditRow.person == person,
            AuditRow.action == action,
            AuditRow.object == object[:255],
        )
        return self._session.scalar(wanted.limit(1)) is not None

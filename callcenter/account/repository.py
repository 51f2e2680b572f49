"""Every query about people, sign-ins and the audit trail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from callcenter.account.actions import Action
from callcenter.account.model import Licence, Person, Role
from callcenter.account.table import AuditRow, PersonRow, SessionRow, SkillProposalRow
from callcenter.ids import PersonId, SeatId


def as_person(row: PersonRow) -> Person:
    return Person(
        id=PersonId(row.id),
        name=row.name,
        role=Role(row.role),
        seat=SeatId(row.seat) if row.seat else None,
        languages=tuple(row.languages),
    )


def licence_of(row: PersonRow) -> Licence:
    return Licence(number=row.licence, until=row.licence_until)


class People:
    def __init__(self, session: Session) -> None:
        self._session = session

    def count(self) -> int:
        return self._session.scalar(select(func.count()).select_from(PersonRow)) or 0

    def get(self, person: str) -> PersonRow | None:
        return self._session.get(PersonRow, person)

    def to_change(self, person: str) -> PersonRow | None:
        """As `get`, and nobody else changes the row before this transaction ends."""
        return self._session.get(PersonRow, person, with_for_update=True)

    def all(self) -> Sequence[PersonRow]:
        """The active ones first, then by sign-in name."""
        return self._session.scalars(select(PersonRow).order_by(PersonRow.active.desc(), PersonRow.id)).all()

    def at_seat(self, seat: str) -> PersonRow | None:
        return self._session.scalar(select(PersonRow).where(PersonRow.seat == seat))

    def admins_to_change(self) -> Sequence[PersonRow]:
        """Those who may sign in; two of them cannot be closed at the same moment."""
        wanted = select(PersonRow).where(PersonRow.role == Role.ADMIN.value, PersonRow.active)
        return self._session.scalars(wanted.order_by(PersonRow.id).with_for_update()).all()

    def add_row(self, row: PersonRow) -> None:
        self._session.add(row)

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


class Proposals:
    """Of skills."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: SkillProposalRow) -> None:
        self._session.add(row)
        self._session.flush()

    def open(self) -> Sequence[SkillProposalRow]:
        wanted = select(SkillProposalRow).where(SkillProposalRow.state == "open").order_by(SkillProposalRow.at)
        return self._session.scalars(wanted).all()

    def to_decide(self, number: int) -> SkillProposalRow | None:
        return self._session.get(SkillProposalRow, number, with_for_update=True)

    def of(self, person: str, limit: int) -> Sequence[SkillProposalRow]:
        """The newest first."""
        wanted = select(SkillProposalRow).where(SkillProposalRow.person == person)
        return self._session.scalars(wanted.order_by(SkillProposalRow.id.desc()).limit(limit)).all()

    def replace(self, person: str, by: str, at: datetime) -> None:
        """An open one gives way to what comes after it."""
        still = (SkillProposalRow.person == person, SkillProposalRow.state == "open")
        self._session.execute(
            update(SkillProposalRow).where(*still).values(state="replaced", decided_by=by, decided_at=at)
        )


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

    def remove_of(self, person: str, *, but: str = "") -> None:
        """Every sign-in of the person, except `but`."""
        self._session.execute(delete(SessionRow).where(SessionRow.person == person, SessionRow.token_hash != but))

    def remove_expired(self, now: datetime) -> None:
        self._session.execute(delete(SessionRow).where(SessionRow.expires_at <= now))


class Audit:
    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, at: datetime, person: str, action: Action, object: str = "", **detail: Any) -> None:
        self._session.add(AuditRow(at=at, person=person[:64], action=action, object=object[:255], detail=detail))

    def has(self, since: datetime, person: str, action: Action, object: str) -> bool:
        wanted = select(AuditRow.id).where(
            AuditRow.at >= since,
            AuditRow.person == person,
            AuditRow.action == action,
            AuditRow.object == object[:255],
        )
        return self._session.scalar(wanted.limit(1)) is not None

    def page(self, wanted: "Wanted") -> tuple[Sequence[AuditRow], int]:
        """The newest first, and how many there are in all."""
        conditions = [AuditRow.at >= wanted.since, AuditRow.at < wanted.until]
        if wanted.person:
            conditions.append(AuditRow.person == wanted.person)
        if wanted.action:
            conditions.append(AuditRow.action == wanted.action)
        if wanted.object:
            conditions.append(AuditRow.object == wanted.object)
        rows = select(AuditRow).where(*conditions).order_by(AuditRow.id.desc())
        total = self._session.scalar(select(func.count()).select_from(AuditRow).where(*conditions)) or 0
        return self._session.scalars(rows.limit(wanted.limit).offset(wanted.offset)).all(), total

    def actions(self) -> Sequence[str]:
        return self._session.scalars(select(AuditRow.action).distinct().order_by(AuditRow.action)).all()


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which lines of the audit trail; empty: whatever it is."""

    since: datetime
    until: datetime
    person: str = ""
    action: str = ""
    object: str = ""
    limit: int = 50
    offset: int = 0

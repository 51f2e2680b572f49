"""Every query about shifts and swaps."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, or_, select
from sqlalchemy.orm import Session

from callcenter.account.skills import skills_of
from callcenter.account.table import PersonRow
from callcenter.roster.model import Planned
from callcenter.roster.state import OPEN
from callcenter.roster.table import ShiftRow, ShiftSwapRow


class Roster:
    def __init__(self, session: Session) -> None:
        self._session = session

    def in_use(self) -> bool:
        return bool(self._session.scalar(select(exists().select_from(ShiftRow))))

    def between(self, start: datetime, end: datetime, person: str = "") -> Sequence[tuple[ShiftRow, PersonRow]]:
        """Shifts of people with an account in use that reach into the time, the earliest first."""
        conditions: list[Any] = [ShiftRow.starts_at < end, ShiftRow.ends_at > start, PersonRow.active]
        if person:
            conditions.append(ShiftRow.person == person)
        wanted = select(ShiftRow, PersonRow).join(PersonRow, PersonRow.id == ShiftRow.person).where(*conditions)
        found = self._session.execute(wanted.order_by(ShiftRow.starts_at, ShiftRow.person)).all()
        return [(shift, person_) for shift, person_ in found]

    def planned(self, start: datetime, end: datetime) -> list[Planned]:
        """The same with the lines each serves: one, or those of his languages."""
        return [
            Planned(person=row.person, lines=lines_of(row.line, person), start=row.starts_at, end=row.ends_at)
            for row, person in self.between(start, end)
        ]

    def of(self, people: Collection[str], start: datetime, end: datetime) -> Sequence[ShiftRow]:
        wanted = select(ShiftRow).where(ShiftRow.person.in_(people), ShiftRow.starts_at < end, ShiftRow.ends_at > start)
        return self._session.scalars(wanted).all()

    def hold(self, people: Collection[str]) -> dict[str, PersonRow]:
        """These people, whose shifts nobody else changes before this transaction ends."""
        wanted = select(PersonRow).where(PersonRow.id.in_(people)).order_by(PersonRow.id).with_for_update()
        return {row.id: row for row in self._session.scalars(wanted)}

    def get(self, shift: int) -> ShiftRow | None:
        return self._session.get(ShiftRow, shift)

    def add(self, rows: Sequence[ShiftRow]) -> None:
        self._session.add_all(rows)
        self._session.flush()

    def remove(self, shift: int) -> None:
        self._session.execute(delete(ShiftRow).where(ShiftRow.id == shift))

    def remove_starting(self, start: datetime, end: datetime) -> int:
        gone = delete(ShiftRow).where(ShiftRow.starts_at >= start, ShiftRow.starts_at < end)
        return int(self._session.execute(gone).rowcount)  # type: ignore[attr-defined]

    # swaps

    def swap(self, number: int) -> ShiftSwapRow | None:
        return self._session.get(ShiftSwapRow, number, with_for_update=True)

    def add_swap(self, row: ShiftSwapRow) -> None:
        self._session.add(row)
        self._session.flush()

    def open_swap_of(self, *shifts: int) -> bool:
        wanted = exists().where(
            ShiftSwapRow.state.in_(OPEN), or_(ShiftSwapRow.shift.in_(shifts), ShiftSwapRow.in_return.in_(shifts))
        )
        return bool(self._session.scalar(select(wanted)))

    def swaps(self, since: datetime, person: str = "") -> Sequence[ShiftSwapRow]:
        """Open ones, and what was asked since then; of one person, or of all. The newest first."""
        conditions: list[Any] = [or_(ShiftSwapRow.state.in_(OPEN), ShiftSwapRow.at >= since)]
        if person:
            conditions.append(or_(ShiftSwapRow.by == person, ShiftSwapRow.to == person))
        return self._session.scalars(select(ShiftSwapRow).where(*conditions).order_by(ShiftSwapRow.id.desc())).all()

    def names(self, people: Collection[str]) -> dict[str, str]:
        wanted = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(people))
        return {row.id: row.name for row in self._session.execute(wanted)}

    def shifts(self, numbers: Collection[int]) -> dict[int, ShiftRow]:
        return {row.id: row for row in self._session.scalars(select(ShiftRow).where(ShiftRow.id.in_(numbers)))}


def lines_of(line: str, person: PersonRow) -> frozenset[str]:
    return frozenset({line}) if line else frozenset(skills_of(person).languages)

"""Accounts as the administrator keeps them. Every change is in the audit trail, with what was before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm import Session

from callcenter.account import passwords
from callcenter.account.actions import Action
from callcenter.account.model import Role
from callcenter.account.repository import Audit, People, SignIns
from callcenter.account.second_factor import SecondFactor
from callcenter.account.table import PersonRow
from callcenter.clock import Clock
from callcenter.errors import BadInput, Conflict, NotFound
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault, mask

ONE_TIME_FOR = timedelta(hours=72)
"""A handed-out password is good for so long."""
CHANGEABLE = ("name", "role", "seat", "licence", "licence_until", "law_firm")


class PersonExists(Conflict):
    code = "person-exists"


class SeatTaken(Conflict):
    code = "seat-taken"


class LicenceTaken(Conflict):
    code = "licence-taken"


class LastAdmin(Conflict):
    code = "last-admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What an administrator writes of a person."""

    name: str
    role: Role
    seat: str | None = None
    licence: str = ""
    licence_until: date | None = None
    law_firm: str = ""
    mobile: str | None = None
    """None: as it is; empty: none."""


class Administration:
    def __init__(self, database: Database, clock: Clock, factor: SecondFactor, vault: NumberVault) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._factor = factor

    def people(self) -> Sequence[PersonRow]:
        with self._database.read() as session:
            return People(session).all()

    def add(self, by: str, id_: str, details: Details) -> tuple[PersonRow, str]:
        """The new account, without any skills yet, and the one-time password, shown this one time.

        Raises PersonExists, SeatTaken, LicenceTaken, BadInput.
        """
        secret = passwords.readable()
        hashed, now = passwords.hashed(secret), self._clock.now()
        with self._database.begin() as session:
            people = People(session)
            if any(other.id.lower() == id_.lower() for other in people.all()):
                raise PersonExists(f"there is an account {id_} already, perhaps a closed one; names are not used twice")
            row = PersonRow(id=id_, password=hashed, one_time_until=now + ONE_TIME_FOR, **_values(details))
            _check(people, id_, details)
            told = _told(_values(details) | self._set_mobile(row, details))
            people.add_row(row)
            session.flush()
            Audit(session).add(now, by, "person-added", id_, **told)
            return row, secret

    def change(self, by: str, id_: str, details: Details) -> PersonRow:
        """Raises SeatTaken, LicenceTaken, LastAdmin, NotFound, BadInput."""
        with self._database.begin() as session:
            person = _find(session, id_)
            _check(People(session), id_, details)
            if person.active and details.role is not Role.ADMIN:
                _keep_an_admin(session, person)
            after = _values(details)
            changed = {name: [getattr(person, name), after[name]] for name in CHANGEABLE}
            changed = {name: pair for name, pair in changed.items() if pair[0] != pair[1]}
            for name, (_, value) in changed.items():
                setattr(person, name, value)
            changed |= self._set_mobile(person, details)
            if "role" in changed:
                SignIns(session).remove_of(id_)  # what he may see has changed: every open screen starts anew
            if changed:
                Audit(session).add(self._clock.now(), by, "person-changed", id_, **_told(changed))
            return person

    def close(self, by: str, id_: str) -> PersonRow:
        """He is out at once; his records keep his name. The seat is free for somebody else. Raises LastAdmin."""
        with self._database.begin() as session:
            person = _find(session, id_)
            if person.active:
                _keep_an_admin(session, person)
                seat, person.seat, person.active = person.seat, None, False
                SignIns(session).remove_of(id_)
                Audit(session).add(self._clock.now(), by, "person-closed", id_, seat=seat)
            return person

    def open(self, by: str, id_: str) -> tuple[PersonRow, str]:
        """A closed account comes back with a one-time password, without a seat."""
        return self._hand_out(by, id_, "person-opened")

    def reset(self, by: str, id_: str) -> tuple[PersonRow, str]:
        """A new one-time password; the second factor is set up anew: for who lost password or telephone."""
        return self._hand_out(by, id_, "person-reset")

    def unlock(self, by: str, id_: str) -> PersonRow:
        with self._database.begin() as session:
            person = _find(session, id_)
            person.failed, person.locked_until = 0, None
            Audit(session).add(self._clock.now(), by, "person-unlocked", id_)
            return person

    def mobile(self, person: PersonRow) -> str:
        """Masked: it is in clear only for the dialplan that dials it."""
        return mask(self._vault.open(person.mobile))

    def _set_mobile(self, person: PersonRow, details: Details) -> dict[str, Any]:
        """What the audit trail is told of a change, masked."""
        before = self._vault.open(person.mobile)
        if details.mobile is None or details.mobile == before:
            return {}
        person.mobile = self._vault.seal(details.mobile)
        return {"mobile": [mask(before), mask(details.mobile)]}

    def _hand_out(self, by: str, id_: str, action: Action) -> tuple[PersonRow, str]:
        secret = passwords.readable()
        hashed, now = passwords.hashed(secret), self._clock.now()
        with self._database.begin() as session:
            person = _find(session, id_)
            person.password, person.one_time_until, person.active = hashed, now + ONE_TIME_FOR, True
            person.failed, person.locked_until = 0, None
            self._factor.forget(person)
            SignIns(session).remove_of(id_)
            Audit(session).add(now, by, action, id_)
            return person, secret


def _find(session: Session, id_: str) -> PersonRow:
    person = People(session).to_change(id_)
    if person is None:
        raise NotFound(f"there is no account {id_}")
    return person


def _values(details: Details) -> dict[str, Any]:
    return {name: getattr(details, name) for name in CHANGEABLE} | {"role": details.role.value}


def _told(values: Mapping[str, Any]) -> dict[str, Any]:
    """As the audit trail keeps it."""
    return {name: _plain(value) for name, value in values.items() if value not in (None, "")}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _check(people: People, id_: str, details: Details) -> None:
    if (details.seat is not None) and details.role is not Role.SEAT:
        raise BadInput("seat: only who takes calls (role seat) has a seat number", field="seat")
    if details.role is Role.SEAT and details.seat is None:
        raise BadInput("seat: who takes calls needs a seat number", field="seat")
    if details.seat and (other := people.at_seat(details.seat)) is not None and other.id != id_:
        raise SeatTaken(f"seat {details.seat} belongs to {other.name} ({other.id})", field="seat", person=other.id)
    if not details.licence:
        return
    for other in people.all():
        if other.active and other.licence == details.licence and other.id != id_:
            message = f"licence {details.licence} is that of {other.name} ({other.id}): one person has one account"
            raise LicenceTaken(message, field="licence", person=other.id)


def _keep_an_admin(session: Session, person: PersonRow) -> None:
    if person.role == Role.ADMIN and [admin.id for admin in People(session).admins_to_change()] == [person.id]:
        raise LastAdmin(f"{person.id} is the last administrator; make another one first")

from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.account.model import Role
from callcenter.account.table import PersonRow
from callcenter.confgen.render import SeatPhones
from callcenter.ids import PersonId, SeatId
from callcenter.seat.model import PHONE_NAME


def seats_with_phones(session: Session) -> list[SeatPhones]:
    """Seats of people who may still sign in."""
    rows = session.scalars(select(PersonRow.seat).where(PersonRow.seat.is_not(None), PersonRow.active.is_(True)))
    return [SeatPhones(SeatId(seat)) for seat in rows if seat]


def overseers_with_phones(session: Session) -> list[PersonId]:
    """Supervisors and managers, who may listen in. A sign-in name that Asterisk could not take has no phone."""
    roles = (Role.SUPERVISOR.value, Role.MANAGER.value)
    people = session.scalars(select(PersonRow.id).where(PersonRow.role.in_(roles), PersonRow.active.is_(True)))
    return [PersonId(person) for person in people if PHONE_NAME.fullmatch(person)]

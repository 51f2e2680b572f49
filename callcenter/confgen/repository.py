from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.account.table import PersonRow
from callcenter.confgen.render import SeatPhones
from callcenter.ids import SeatId


def seats_with_phones(session: Session) -> list[SeatPhones]:
    """Seats of people who may still sign in."""
    rows = session.scalars(select(PersonRow.seat).where(PersonRow.seat.is_not(None), PersonRow.active.is_(True)))
    return [SeatPhones(SeatId(seat)) for seat in rows if seat]

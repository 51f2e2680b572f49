"""Reading the board from the database, all in one consistent view."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from callcenter.account.repository import People
from callcenter.board.board import Board
from callcenter.board.model import SeatNow
from callcenter.call.rows import from_row
from callcenter.call.table import CallRow, EventRow
from callcenter.ids import SeatId
from callcenter.instants import CHINA
from callcenter.seat.model import SeatView
from callcenter.seat.rows import view_of
from callcenter.seat.table import SeatRow
from callcenter.storage.numbers import NumberVault, mask

DAY = timedelta(hours=24)


def read_board(session: Session, node: str, vault: NumberVault, lines: list[str], now: datetime) -> Board:
    """Callers' numbers are masked on the way in: nothing in the board is in clear."""
    day = now.astimezone(CHINA).date()
    live = session.scalars(select(CallRow).where(CallRow.node == node, CallRow.left_at.is_(None)))
    calls = [from_row(row, vault) for row in live]
    return Board(
        seq=session.scalar(select(func.max(EventRow.seq)).where(EventRow.node == node)) or 0,
        day=day,
        calls=[replace(call, caller=mask(call.caller)) for call in calls],
        seats=_seats(session, day),
        lines=lines,
    )


def _seats(session: Session, day: date) -> list[SeatNow]:
    rows = {row.id: row for row in session.scalars(select(SeatRow))}
    answered = _answered_by_seat(session, day)
    seats = []
    for person in People(session).at_seats():
        seat = person.seat or ""
        row = rows.get(seat)
        seats.append(
            SeatNow(
                view=view_of(row) if row else SeatView(seat=SeatId(seat), since=_midnight(day)),
                name=person.name,
                languages=tuple(person.languages),
                has_mobile=person.mobile is not None,
                answered=answered.get(seat, 0),
            )
        )
    return seats


def _answered_by_seat(session: Session, day: date) -> dict[str, int]:
    start = _midnight(day)
    # a call answered today started today or, at the very most, yesterday: keeps the index on started_at in use
    wanted = (
        select(CallRow.seat, func.count())
        .where(CallRow.started_at >= start - DAY, CallRow.node != "")
        .where(CallRow.answered_at >= start, CallRow.answered_at < start + DAY)
        .group_by(CallRow.seat)
    )
    return {seat: count for seat, count in session.execute(wanted) if seat}


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=CHINA)

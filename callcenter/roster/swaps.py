"""Swaps: asked by one, accepted by the other, approved by a supervisor. Only then the shifts change hands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from callcenter.account.actions import Action
from callcenter.account.model import Person
from callcenter.account.repository import Audit
from callcenter.clock import Clock
from callcenter.errors import BadInput, Conflict, NotAllowed, NotFound
from callcenter.roster.repository import Roster
from callcenter.roster.service import RosterService
from callcenter.roster.state import SwapState, moved
from callcenter.roster.table import ShiftRow, ShiftSwapRow
from callcenter.storage.database import Database

SHOWN_FOR = timedelta(days=14)
AUDITED: Mapping[SwapState, Action] = {
    SwapState.ACCEPTED: "swap-accepted",
    SwapState.APPROVED: "swap-approved",
    SwapState.DECLINED: "swap-declined",
    SwapState.REFUSED: "swap-refused",
    SwapState.WITHDRAWN: "swap-withdrawn",
}


class SwapAsked(Conflict):
    code = "swap-asked"


class ShiftBegun(Conflict):
    code = "shift-begun"


@dataclass(frozen=True, slots=True)
class Swap:
    row: ShiftSwapRow
    shift: ShiftRow
    in_return: ShiftRow | None
    names: Mapping[str, str]
    """By account."""


class Swaps:
    def __init__(self, roster: RosterService, database: Database, clock: Clock) -> None:
        self._roster = roster
        self._database = database
        self._clock = clock

    def shown(self, person: str = "") -> Sequence[Swap]:
        """Open ones and those of the last days; of one person, or of all."""
        with self._database.read() as session:
            roster = Roster(session)
            rows = roster.swaps(self._clock.now() - SHOWN_FOR, person)
            shifts = roster.shifts({row.shift for row in rows} | {row.in_return for row in rows if row.in_return})
            names = roster.names({person for row in rows for person in (row.by, row.to, row.decided_by)})
        return [Swap(row, shifts[row.shift], shifts.get(row.in_return or 0), names) for row in rows]

    def ask(self, who: Person, shift: int, to: str, in_return: int | None, note: str) -> Swap:
        """Raises NotFound, NotAllowed, BadInput, ShiftBegun, SwapAsked, Conflict when he could not take it."""
        now = self._clock.now()
        with self._database.begin() as session:
            mine = self._shift(session, shift)
            theirs = self._shift(session, in_return) if in_return is not None else None
            if mine.person != who.id:
                raise NotAllowed("one asks for somebody to take one's own shift only")
            if to == who.id or (theirs is not None and theirs.person != to):
                raise BadInput("in_return: this is not a shift of the colleague who is asked", field="in_return")
            numbers = [mine.id, *([theirs.id] if theirs else [])]
            if Roster(session).open_swap_of(*numbers):
                raise SwapAsked("for one of these shifts somebody is being asked already; withdraw that first")
            row = ShiftSwapRow(
                shift=mine.id, in_return=in_return, by=who.id, to=to, at=now, state="asked", decided_by="", note=note
            )
            swap = Swap(row, mine, theirs, Roster(session).names((who.id, to)))
            self._check(session, swap)
            Roster(session).add_swap(row)
            Audit(session).add(now, who.id, "swap-asked", str(row.id), to=to, shift=mine.id, in_return=in_return)
            return swap

    def move(self, who: Person, number: int, to: SwapState, note: str = "") -> Swap:
        """The next step, by whom it belongs to. Raises NotFound, NotAllowed, SwapIsOver, ShiftBegun, Conflict."""
        now = self._clock.now()
        with self._database.begin() as session:
            row = Roster(session).swap(number)
            if row is None:
                raise NotFound(f"there is no swap {number}")
            if to in (SwapState.ACCEPTED, SwapState.DECLINED) and who.id != row.to:
                raise NotAllowed("only the colleague who is asked answers")
            if to is SwapState.WITHDRAWN and who.id != row.by:
                raise NotAllowed("only who asked takes it back")
            state = moved(SwapState(row.state), to)
            mine = self._shift(session, row.shift)
            theirs = self._shift(session, row.in_return) if row.in_return is not None else None
            swap = Swap(row, mine, theirs, Roster(session).names((row.by, row.to, who.id)))
            if state in (SwapState.ACCEPTED, SwapState.APPROVED):
                self._check(session, swap)
            row.state, row.note = state.value, note or row.note
            if state in (SwapState.ACCEPTED, SwapState.DECLINED):
                row.answered_at = now
            if state in (SwapState.APPROVED, SwapState.REFUSED):
                row.decided_by, row.decided_at = who.id, now
            if state is SwapState.APPROVED:
                mine.person = row.to
                if theirs is not None:
                    theirs.person = row.by
            Audit(session).add(now, who.id, AUDITED[state], str(number), by=row.by, to=row.to, shift=row.shift)
            return swap

    def _shift(self, session: Session, number: int) -> ShiftRow:
        row = Roster(session).get(number)
        if row is None:
            raise NotFound(f"there is no shift {number}")
        return row

    def _check(self, session: Session, swap: Swap) -> None:
        """Both could do it, now that nobody else changes their shifts."""
        row, now = swap.row, self._clock.now()
        people = Roster(session).hold([row.by, row.to])
        if row.to not in people:
            raise NotFound(f"there is no account {row.to}")
        for shift in (swap.shift, swap.in_return):
            if shift is not None and shift.starts_at <= now:
                raise ShiftBegun("this shift has begun; it cannot change hands any more")
        if swap.shift.person != row.by or (swap.in_return is not None and swap.in_return.person != row.to):
            raise Conflict("the shift has changed hands meanwhile")
        both = [swap.shift.id, *([swap.in_return.id] if swap.in_return else [])]
        self._roster.check_taker(session, swap.shift, people[row.to], but=both)
        if swap.in_return is not None:
            self._roster.check_taker(session, swap.in_return, people[row.by], but=both)

"""Calling a citizen from his visit: by the claims and the engine of callbacks, the visitor's own telephone first."""

from callcenter.account.model import Person
from callcenter.callback.model import First, Policies, Policy, RequestState
from callcenter.callback.service import CallbackService
from callcenter.clock import Clock
from callcenter.ids import SeatId
from callcenter.ivr.table import CallerRequestRow
from callcenter.seat.service import seat_of
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.visit.model import Kind
from callcenter.visit.repository import OUTBOUND
from callcenter.visit.service import VisitService

LINE_MAX = 16


class Outbound:
    def __init__(self, database: Database, vault: NumberVault, node: str, clock: Clock, visits: VisitService) -> None:
        self._database = database
        self._vault = vault
        self._node = node
        self._clock = clock
        self._visits = visits

    def dial(self, person: Person, kind: Kind, call: str) -> str:
        """The attempt, which is also the id of the call that comes of it. Raises NoSeat, NotFound, Conflict,
        NotToBeCalled; whoever has the visit may call again until it is closed, whatever came of it before."""
        seat, now = seat_of(person), self._clock.now()
        of = self._visits.may_call(person, kind, call)
        line = (of.line or of.language or "")[:LINE_MAX]
        with self._database.begin() as session:
            row = session.get(CallerRequestRow, (call, OUTBOUND), with_for_update=True)
            if row is None:
                row = CallerRequestRow(call=call, kind=OUTBOUND, at=now, language=line)
                row.number, row.number_hash = of.caller, of.caller_hash
                session.add(row)
            if row.state != RequestState.DIALLING.value:
                row.state, row.taken_by, row.taken_at, row.ended_at = RequestState.TAKEN.value, person.id, now, None
        return self._calls(line).order(call, OUTBOUND, person.id, now, seat)

    def heard_a_machine(self, call: str, seat: SeatId) -> None:
        """Raises NotFound when this seat is not calling him now."""
        self._calls("").heard_a_machine(call, OUTBOUND, seat)

    def _calls(self, line: str) -> CallbackService:
        policies = Policies(lines={line: Policy(first=First.SEAT)})
        return CallbackService(self._database, self._vault, self._node, policies)

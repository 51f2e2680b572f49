"""Who may make a visit: nobody who took part in what it is about."""

from collections.abc import Sequence

from callcenter.account.model import Role
from callcenter.account.table import PersonRow
from callcenter.call.model import RingResult
from callcenter.call.rows import party_from, ring_from
from callcenter.call.table import CallRow
from callcenter.visit.repository import Visits
from callcenter.visit.table import VisitRow

VISITING = frozenset({Role.SEAT.value, Role.SUPERVISOR.value, Role.MANAGER.value})


def visitors(visits: Visits, row: VisitRow, call: CallRow) -> Sequence[PersonRow]:
    """Everybody who may be sent."""
    seats = {call.seat}
    seats |= {ring.seat for ring in map(ring_from, call.rings) if ring.result is RingResult.ANSWERED}
    seats |= {party.seat for party in map(party_from, call.parties) if party.joined_at}
    barred = visits.supervisors_in(call.id) | {row.about}
    return [
        person
        for person in visits.people()
        if person.role in VISITING and person.id not in barred and (person.seat is None or person.seat not in seats)
    ]

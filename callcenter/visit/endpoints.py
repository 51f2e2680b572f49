"""`/api/visits`, `/api/complaints`: return visits."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.seat.service import seat_of
from callcenter.survey.spoken import heard
from callcenter.visit import schemas as out
from callcenter.visit.draws import Draws
from callcenter.visit.model import Closing, Due, Kind, VisitState
from callcenter.visit.outbound import Outbound
from callcenter.visit.repository import Wanted
from callcenter.visit.service import VisitService

router = APIRouter(prefix="/api", tags=["visits"])

Worker = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER))]
Reader = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Overseer = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]
Checker = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]

STATES = {
    "unsettled": (VisitState.OPEN.value, VisitState.ASSIGNED.value),
    "open": (VisitState.OPEN.value,),
    "closed": (VisitState.CLOSED.value,),
    "all": tuple(VisitState),
}


def _service(api: TheApi) -> VisitService:
    return VisitService(api.database, api.vault, api.clock, api.visit_rules)


def _draws(api: TheApi) -> Draws:
    return Draws(api.database, api.clock, api.visit_rules)


def _outbound(api: TheApi) -> Outbound:
    return Outbound(api.database, api.vault, api.settings.node, api.clock, _service(api))


Visits = Annotated[VisitService, Depends(_service)]
TheDraws = Annotated[Draws, Depends(_draws)]
TheOutbound = Annotated[Outbound, Depends(_outbound)]


@router.get("/visits")
def page(
    who: Reader,
    api: TheApi,
    visits: Visits,
    shown: Literal["unsettled", "open", "closed", "all"] = "unsettled",
    due: Due | None = None,
    kind: Kind | None = None,
    assigned_to: Annotated[str | None, Query(max_length=64)] = None,
    language: Annotated[str | None, Query(max_length=16)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> out.VisitsOut:
    """What is due first stands first. A seat has its own only: nobody else is to know who was dissatisfied."""
    wanted = Wanted(
        states=STATES[shown],
        due=due,
        kind=kind,
        assigned_to=who.person.id if who.person.role is Role.SEAT else assigned_to,
        language=language,
        not_about=who.person.id,
        limit=limit,
        offset=offset,
    )
    found, total = visits.page(wanted)
    return out.VisitsOut(items=[out.VisitOut.of(visit, api.clock.now()) for visit in found], total=total)


@router.post("/complaints")
def complain(given: out.ComplaintIn, who: Worker, visits: Visits) -> out.Ok:
    """Register a complaint: a visit is opened at once, for somebody else than the one complained of."""
    visits.complain(who.person, given.call, given.words, given.about)
    return out.Ok()


@router.get("/visits/draws")
def draws(_who: Checker, made: TheDraws) -> list[out.DrawOut]:
    return [out.DrawOut.of(row, closed) for row, closed in made.all()]


@router.post("/visits/draws")
def draw(given: out.DrawIn, who: Overseer, made: TheDraws) -> out.DrawOut:
    """A share of the matters closed in a week or month that is over; once per period."""
    return out.DrawOut.of(made.draw(who.person, given.period, given.of, given.share), 0)


@router.get("/visits/draws/{id}/again")
def again(id: str, _who: Checker, made: TheDraws) -> out.RepeatedOut:
    """Draws once more with the recorded seed, and says whether it gives the same."""
    return out.RepeatedOut(same=made.repeats(id))


@router.get("/visits/{kind}/{call}")
def one(kind: Kind, call: str, who: Reader, api: TheApi, visits: Visits) -> out.OneVisitOut:
    return out.OneVisitOut.whole(visits.get(who.person, kind, call), api.clock.now())


@router.get("/visits/{kind}/{call}/comment", response_class=FileResponse)
def comment(kind: Kind, call: str, who: Worker, api: TheApi, visits: Visits) -> FileResponse:
    """What the caller said after the grade, for whoever makes the visit; it is noted who heard it."""
    visits.get(who.person, kind, call)
    path = heard(api.database, api.settings.recordings_dir, who.person, call, api.clock.now())
    return FileResponse(path, media_type="audio/wav", headers={"Cache-Control": "private, no-store"})


@router.get("/visits/{kind}/{call}/visitors")
def visitors(kind: Kind, call: str, _who: Overseer, visits: Visits) -> list[out.VisitorOut]:
    """Who may be sent: nobody who took part in the talk."""
    return [out.VisitorOut.of(person) for person in visits.visitors(kind, call)]


@router.post("/visits/{kind}/{call}/assign")
def assign(kind: Kind, call: str, given: out.AssignIn, who: Overseer, api: TheApi, visits: Visits) -> out.OneVisitOut:
    visits.assign(who.person, kind, call, given.person)
    return one(kind, call, who, api, visits)


@router.post("/visits/{kind}/{call}/attempts")
def attempt(kind: Kind, call: str, given: out.AttemptIn, who: Worker, api: TheApi, visits: Visits) -> out.OneVisitOut:
    """One that was made in another way than by the button."""
    visits.attempt(who.person, kind, call, given.how, given.reached, given.note)
    return one(kind, call, who, api, visits)


@router.post("/visits/{kind}/{call}/dial")
def dial(kind: Kind, call: str, who: Worker, outbound: TheOutbound) -> out.DialledOut:
    """The person's own telephone rings first, then the citizen's."""
    return out.DialledOut(attempt=outbound.dial(who.person, kind, call))


@router.post("/visits/{call}/machine")
def machine(call: str, who: Worker, outbound: TheOutbound) -> out.Ok:
    """A carrier's voicemail answered: this attempt did not reach him."""
    outbound.heard_a_machine(call, seat_of(who.person))
    return out.Ok()


@router.post("/visits/{kind}/{call}/close")
def close(kind: Kind, call: str, given: out.CloseIn, who: Worker, api: TheApi, visits: Visits) -> out.OneVisitOut:
    """Result, cause and correction; 400 `visit-not-complete` names what is missing."""
    closing = Closing(result=given.result, cause=given.cause, correction=given.correction)
    visits.close(who.person, kind, call, closing)
    return one(kind, call, who, api, visits)

"""`/api/roster…`, `/api/me/roster`."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Depends, Query
from fastapi.responses import Response

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.instants import china_day
from callcenter.ivr.site import read_site
from callcenter.knowledge.exchange.xlsx import KIND
from callcenter.roster import schemas as out
from callcenter.roster.model import hours_from, midnight
from callcenter.roster.repository import Roster
from callcenter.roster.service import Cover, RosterService
from callcenter.roster.state import SwapState
from callcenter.roster.swaps import Swaps

router = APIRouter(prefix="/api", tags=["roster"])

Reader = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Planner = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]
Lawyer = Annotated[SignedIn, Depends(require(Role.SEAT))]
Days = Annotated[int, Query(ge=1, le=31)]
From = Annotated[date | None, Query(alias="from", description="first day, in China; today if not given")]
Content = Annotated[bytes, Body(media_type="application/octet-stream")]
OWN_AHEAD = timedelta(days=28)
OWN_BEFORE = timedelta(hours=12)


def _service(api: TheApi) -> RosterService:
    return RosterService(api.settings, api.database, api.clock)


TheRoster = Annotated[RosterService, Depends(_service)]


def _swaps(api: TheApi, roster: TheRoster) -> Swaps:
    return Swaps(roster, api.database, api.clock)


TheSwaps = Annotated[Swaps, Depends(_swaps)]


@router.get("/me/roster")
def own(who: Lawyer, api: TheApi, swaps: TheSwaps) -> out.OwnRoster:
    """One's next shifts, and the swaps one has to do with."""
    now, person = api.clock.now(), who.person.id
    with api.database.read() as session:
        shifts = Roster(session).between(now - OWN_BEFORE, now + OWN_AHEAD, person)
    return out.OwnRoster(
        shifts=[out.ShiftOut.of(row) for row, _ in shifts], swaps=[out.SwapOut.of(swap) for swap in swaps.shown(person)]
    )


@router.get("/roster")
def shifts(_who: Reader, api: TheApi, roster: TheRoster, start: From = None, days: Days = 7) -> list[out.PlannedOut]:
    first = start or china_day(api.clock.now())
    return [out.PlannedOut.of_person(row, person) for row, person in roster.shifts(first, days)]


@router.get("/roster/coverage")
def coverage(_who: Reader, api: TheApi, start: From = None, days: Days = 7) -> out.CoverageOut:
    """Language by hour: who is on duty, how many there have to be, and how many our own calls of late ask for."""
    now = api.clock.now()
    hours = hours_from(midnight(start or china_day(now)), 24 * days)
    cover = Cover(api.settings, read_site(api.settings.flows_dir).hours)
    with api.database.read() as session:
        persons, advice = cover.persons(session, hours), cover.advice(session, now, hours)
        in_use = Roster(session).in_use()
    lines = {
        line: out.LineCover(least=cover.least(line), persons=persons[line], advice=advice[line]) for line in persons
    }
    return out.CoverageOut(hours=hours, lines=lines, in_use=in_use)


@router.post("/roster/shifts", status_code=201)
def add(given: out.ShiftIn, who: Planner, roster: TheRoster) -> out.ShiftOut:
    return out.ShiftOut.of(roster.add(who.person.id, given.as_line()))


@router.delete("/roster/shifts/{shift}", status_code=204)
def remove(shift: int, who: Planner, roster: TheRoster) -> None:
    roster.remove(who.person.id, shift)


@router.post("/roster/import")
def take(content: Content, who: Planner, roster: TheRoster, replace: bool = False) -> out.ImportedOut:
    """An XLSX file, all of it or nothing: 400 `faulty-roster` names every fault by row and column."""
    return out.ImportedOut(shifts=roster.take(who.person.id, content, replace=replace))


@router.get("/roster/template")
def template(_who: Planner, roster: TheRoster) -> Response:
    return _file(roster.template(), "roster-template.xlsx")


@router.get("/roster/export")
def export(_who: Planner, api: TheApi, roster: TheRoster, start: From = None, days: Days = 7) -> Response:
    """In the form in which it can be imported."""
    first = start or china_day(api.clock.now())
    return _file(roster.export(first, days), f"roster-{first}.xlsx")


@router.get("/roster/swaps")
def all_swaps(_who: Planner, swaps: TheSwaps) -> list[out.SwapOut]:
    return [out.SwapOut.of(swap) for swap in swaps.shown()]


@router.post("/roster/swaps", status_code=201)
def ask(given: out.SwapIn, who: Lawyer, swaps: TheSwaps) -> out.SwapOut:
    return out.SwapOut.of(swaps.ask(who.person, given.shift, given.to, given.in_return, given.note))


@router.post("/roster/swaps/{swap}/answer")
def answer(swap: int, given: out.AnswerIn, who: Lawyer, swaps: TheSwaps) -> out.SwapOut:
    """By the colleague who is asked, or, to take it back, by who asked."""
    return out.SwapOut.of(swaps.move(who.person, swap, SwapState(given.answer), given.note))


@router.post("/roster/swaps/{swap}/decision")
def decide(swap: int, given: out.DecisionIn, who: Planner, swaps: TheSwaps) -> out.SwapOut:
    state = SwapState.APPROVED if given.approve else SwapState.REFUSED
    return out.SwapOut.of(swaps.move(who.person, swap, state, given.note))


def _file(content: bytes, name: str) -> Response:
    return Response(content, media_type=KIND, headers={"Content-Disposition": f'attachment; filename="{name}"'})

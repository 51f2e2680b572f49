"""`/api/people`, `/api/skill-proposals`, `/api/audit`."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query

from callcenter.account import people_schemas as out
from callcenter.account.model import Role
from callcenter.account.repository import Audit, People, Wanted
from callcenter.account.service import SignedIn
from callcenter.account.skills import Skills, skills_of
from callcenter.account.table import PersonRow
from callcenter.api.auth import require
from callcenter.api.deps import Api, TheApi
from callcenter.errors import BadInput
from callcenter.instants import china_day

router = APIRouter(prefix="/api", tags=["people"])

Admin = Annotated[SignedIn, Depends(require(Role.ADMIN))]
Reader = Annotated[SignedIn, Depends(require(Role.ADMIN, Role.MANAGER, Role.SUPERVISOR, Role.AUDITOR))]
Lawyer = Annotated[SignedIn, Depends(require(Role.SEAT))]
Proposer = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER, Role.ADMIN))]
Decider = Annotated[SignedIn, Depends(require(Role.MANAGER))]
Auditor = Annotated[SignedIn, Depends(require(Role.AUDITOR))]
Id = Annotated[str, Path(max_length=64)]
DEFAULT_SPAN = timedelta(days=7)


def _changed(api: Api, row: PersonRow) -> out.AccountOut:
    api.hub.compare_soon = True
    return _account(api, row)


def _account(api: Api, row: PersonRow) -> out.AccountOut:
    now = api.clock.now()
    return out.AccountOut.of(row, api.administration.mobile(row), now, china_day(now), api.settings.licence_warn_days)


@router.get("/people")
def people(_who: Reader, api: TheApi) -> list[out.AccountOut]:
    return [_account(api, row) for row in api.administration.people()]


@router.post("/people", status_code=201)
def add(given: out.PersonIn, who: Admin, api: TheApi) -> out.HandedOut:
    row, secret = api.administration.add(who.person.id, given.id, given.details())
    return out.HandedOut(person=_changed(api, row), one_time_password=secret)


@router.put("/people/{id}")
def change(id: Id, given: out.DetailsIn, who: Admin, api: TheApi) -> out.AccountOut:
    return _changed(api, api.administration.change(who.person.id, id, given.details()))


@router.post("/people/{id}/close")
def close(id: Id, who: Admin, api: TheApi) -> out.AccountOut:
    return _changed(api, api.administration.close(who.person.id, id))


@router.post("/people/{id}/open")
def reopen(id: Id, who: Admin, api: TheApi) -> out.HandedOut:
    row, secret = api.administration.open(who.person.id, id)
    return out.HandedOut(person=_changed(api, row), one_time_password=secret)


@router.post("/people/{id}/reset")
def reset(id: Id, who: Admin, api: TheApi) -> out.HandedOut:
    """Password and second factor anew."""
    row, secret = api.administration.reset(who.person.id, id)
    return out.HandedOut(person=_changed(api, row), one_time_password=secret)


@router.post("/people/{id}/unlock")
def unlock(id: Id, who: Admin, api: TheApi) -> out.AccountOut:
    return _changed(api, api.administration.unlock(who.person.id, id))


@router.get("/people/{id}/skills")
def skill_history(id: Id, _who: Reader, api: TheApi) -> list[out.ProposalOut]:
    """Who proposed and who decided, the newest first."""
    return [out.ProposalOut.of(row) for row in api.proposals.of(id)]


@router.post("/people/{id}/skills", status_code=201)
def propose(id: Id, given: out.SkillsIn, who: Proposer, api: TheApi) -> out.ProposalOut:
    return out.ProposalOut.of(api.proposals.propose(who, id, given.skills()))


@router.get("/me/skills")
def own_skills(who: Lawyer, api: TheApi) -> out.OwnSkillsOut:
    """What counts, and what one proposed or was proposed, the newest first."""
    rows = api.proposals.of(who.person.id)
    with api.database.read() as session:
        person = People(session).get(who.person.id)
    skills = skills_of(person) if person is not None else Skills()
    return out.OwnSkillsOut(now=out.SkillsOut.of(skills), proposals=[out.ProposalOut.of(row) for row in rows])


@router.get("/skill-proposals")
def open_proposals(_who: Reader, api: TheApi) -> list[out.OpenProposalOut]:
    return [
        out.OpenProposalOut(proposal=out.ProposalOut.of(row), name=person.name, now=out.SkillsOut.of(skills_of(person)))
        for row, person in api.proposals.open()
    ]


@router.post("/skill-proposals/{number}")
def decide(number: int, given: out.DecisionIn, who: Decider, api: TheApi) -> out.ProposalOut:
    decided = api.proposals.decide(who, number, given.approve, given.note)
    api.hub.compare_soon = True
    return out.ProposalOut.of(decided)


@router.get("/audit")
def audit(
    _who: Auditor,
    api: TheApi,
    since: Annotated[datetime | None, Query(alias="from", description="with offset; a week ago if not given")] = None,
    until: Annotated[datetime | None, Query(alias="to", description="with offset; now if not given")] = None,
    person: Annotated[str, Query(max_length=64)] = "",
    action: Annotated[str, Query(max_length=40)] = "",
    object: Annotated[str, Query(max_length=255)] = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0)] = 0,
) -> out.AuditPage:
    """Who did what, the newest first. The table is only ever appended to."""
    end = _with_zone("to", until) or api.clock.now() + timedelta(seconds=1)
    start = _with_zone("from", since) or end - DEFAULT_SPAN
    wanted = Wanted(since=start, until=end, person=person, action=action, object=object, limit=limit, offset=offset)
    with api.database.read() as session:
        rows, total = Audit(session).page(wanted)
    return out.AuditPage(items=[out.AuditOut.of(row) for row in rows], total=total)


@router.get("/audit/actions")
def audit_actions(_who: Auditor, api: TheApi) -> out.ActionsOut:
    with api.database.read() as session:
        return out.ActionsOut(actions=list(Audit(session).actions()))


def _with_zone(name: str, at: datetime | None) -> datetime | None:
    if at is not None and at.tzinfo is None:
        raise BadInput(f"{name}: write the offset behind the time, +08:00 or Z", field=name)
    return at

"""`/api/alarms`: what is up, what was, and the rules."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.alarm.model import Rule
from callcenter.alarm.repository import Wanted
from callcenter.alarm.schemas import Acknowledge, AlarmOut, AlarmsOut, RuleIn, RuleOut, RulesOut
from callcenter.alarm.service import AlarmService
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.call.endpoints import Instant

router = APIRouter(prefix="/api/alarms", tags=["alarms"])

OVERSEERS = (Role.SUPERVISOR, Role.MANAGER, Role.ADMIN)
Overseer = Annotated[SignedIn, Depends(require(*OVERSEERS))]
Reader = Annotated[SignedIn, Depends(require(*OVERSEERS, Role.AUDITOR))]
RuleKeeper = Annotated[SignedIn, Depends(require(Role.MANAGER, Role.ADMIN))]


def _service(api: TheApi) -> AlarmService:
    return AlarmService(api.settings, api.database, api.clock)


Alarms = Annotated[AlarmService, Depends(_service)]


@router.get("")
def page(
    _who: Reader,
    alarms: Alarms,
    start: Annotated[Instant | None, Query(alias="from")] = None,
    end: Annotated[Instant | None, Query(alias="to")] = None,
    rule: Rule | None = None,
    up: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> AlarmsOut:
    """The newest first; `from` <= raised_at < `to`."""
    return alarms.page(Wanted(start=start, end=end, rule=rule, up=up, limit=limit, offset=offset))


@router.get("/rules")
def rules(_who: Reader, alarms: Alarms) -> RulesOut:
    return alarms.rules()


@router.put("/rules/{rule}")
def change(rule: Rule, given: RuleIn, who: RuleKeeper, alarms: Alarms) -> RuleOut:
    return alarms.change(who.person, rule, given.setting())


@router.post("/{alarm}/acknowledge")
def acknowledge(alarm: int, given: Acknowledge, who: Overseer, alarms: Alarms) -> AlarmOut:
    return alarms.acknowledge(who.person, alarm, given.note.strip())

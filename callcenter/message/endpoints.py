"""`/api/messages`: what was sent and what was not, the texts, who wants none, the gateway."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.call.endpoints import Instant
from callcenter.message import jobs
from callcenter.message import schemas as out
from callcenter.message.desk import MessageDesk
from callcenter.message.model import MessageState, Purpose
from callcenter.message.repository import Wanted

router = APIRouter(prefix="/api/messages", tags=["messages"])

Reader = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Keeper = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]
Looker = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER, Role.ADMIN, Role.AUDITOR))]
Admin = Annotated[SignedIn, Depends(require(Role.ADMIN))]


def _desk(api: TheApi) -> MessageDesk:
    return MessageDesk(api.settings, api.secrets, api.database, api.vault, api.clock)


Desk = Annotated[MessageDesk, Depends(_desk)]


@router.get("")
def page(
    _who: Reader,
    desk: Desk,
    start: Annotated[Instant | None, Query(alias="from")] = None,
    end: Annotated[Instant | None, Query(alias="to")] = None,
    purpose: Purpose | None = None,
    state: MessageState | None = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> out.MessagesOut:
    """The newest first; `from` <= made_at < `to`."""
    return desk.page(Wanted(start=start, end=end, purpose=purpose, state=state, limit=limit, offset=offset))


@router.get("/templates")
def templates(_who: Looker, desk: Desk) -> list[out.TemplateOut]:
    return desk.templates()


@router.post("/templates")
def write(given: out.TemplateIn, who: Keeper, desk: Desk) -> out.TemplateOut:
    return desk.write(who.person, given)


@router.post("/templates/{id}/approve")
def approve(id: int, who: Keeper, desk: Desk) -> out.TemplateOut:
    return desk.approve(who.person, id)


@router.get("/opt-outs")
def opt_outs(_who: Reader, desk: Desk) -> list[out.OptOutOut]:
    return desk.opt_outs()


@router.post("/opt-outs")
def opt_out(given: out.NumberIn, who: Keeper, desk: Desk) -> out.Ok:
    desk.opt_out(who.person, given.number)
    return out.Ok()


@router.delete("/opt-outs/{id}")
def opt_in(id: str, who: Keeper, desk: Desk) -> out.Ok:
    desk.opt_in(who.person, id)
    return out.Ok()


@router.get("/gateway")
def gateway(_who: Looker, desk: Desk) -> out.GatewayOut:
    return desk.gateway()


@router.post("/test")
def test(given: out.NumberIn, who: Admin, desk: Desk, api: TheApi) -> out.Ok:
    """Whether it arrived is seen in the list; who may not read the list looks at his telephone."""
    jobs.remind_soon(api.redis, desk.test(who.person, given.number))
    return out.Ok()


@router.post("/{id}/settle")
def settle(id: str, given: out.SettledIn, who: Keeper, desk: Desk) -> out.MessageOut:
    return desk.settle(who.person, id, given.arrived)

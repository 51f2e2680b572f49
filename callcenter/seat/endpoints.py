from typing import Annotated

from fastapi import APIRouter, Depends

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.seat import service
from callcenter.seat.schemas import Asked, Want, WrapUp

router = APIRouter(prefix="/api/me", tags=["seat"])

Lawyer = Annotated[SignedIn, Depends(require(Role.SEAT))]


@router.post("/state")
def want(asked: Want, who: Lawyer, api: TheApi) -> Asked:
    service.want(api.commands, who.person, asked.state, asked.reason.strip())
    return Asked()


@router.post("/wrap-up")
def wrap_up(asked: WrapUp, who: Lawyer, api: TheApi) -> Asked:
    service.wrap_up(api.commands, who.person, asked.action)
    return Asked()

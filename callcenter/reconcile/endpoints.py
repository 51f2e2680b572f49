"""`/api/reconciliation`: what the nightly comparisons found, and why."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.errors import NotFound
from callcenter.ids import NodeName
from callcenter.reconcile import repository
from callcenter.reconcile.schemas import DayOut, ReportOut

router = APIRouter(prefix="/api/reconciliation", tags=["reconciliation"])

Reader = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
"""Differences tell of single calls; an administrator has no business with those."""


@router.get("")
def days(_who: Reader, api: TheApi, limit: Annotated[int, Query(ge=1, le=400)] = 60) -> list[DayOut]:
    """The newest day first."""
    with api.database.read() as session:
        return [DayOut.of(row) for row in repository.newest(session, NodeName(api.settings.node), limit)]


@router.get("/{day}")
def one(day: date, _who: Reader, api: TheApi) -> ReportOut:
    """A day's comparison: every difference with what each witness says, the unexplained ones first."""
    with api.database.read() as session:
        row = repository.result(session, NodeName(api.settings.node), day)
    if row is None:
        raise NotFound(f"{day} has not been compared yet; it is each night, or by `callcenter reconcile --day {day}`")
    return ReportOut.model_validate(row.report)

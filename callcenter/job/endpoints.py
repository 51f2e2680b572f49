"""`GET /api/jobs`: long work that runs, and what ended lately."""

from typing import Annotated

from fastapi import APIRouter, Depends

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.job.progress import newest
from callcenter.job.schemas import JobOut

router = APIRouter(prefix="/api/jobs", tags=["jobs"])

Reader = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER, Role.ADMIN, Role.AUDITOR))]
LIST_MAX = 20


@router.get("")
def every(_who: Reader, api: TheApi) -> list[JobOut]:
    """The newest first."""
    with api.database.read() as session:
        return [JobOut.of(row, api.clock.now()) for row in newest(session, LIST_MAX)]

"""`/api/surveys`: what callers added to their grades. Not for seats: the comment names the talk, often the person."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.survey.repository import Surveys
from callcenter.survey.schemas import SurveyOut
from callcenter.survey.spoken import heard

router = APIRouter(prefix="/api/surveys", tags=["survey"])

Reader = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Listener = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]


@router.get("/{call:path}/audio", response_class=FileResponse)
def sound(call: str, who: Listener, api: TheApi) -> FileResponse:
    """What was said after a bad grade; it is noted who heard it."""
    path = heard(api.database, api.settings.recordings_dir, who.person, call, api.clock.now())
    return FileResponse(path, media_type="audio/wav", headers={"Cache-Control": "private, no-store"})


@router.get("/{call:path}")
def one(call: str, _who: Reader, api: TheApi) -> SurveyOut:
    """Empty where nobody was invited and nothing was said."""
    with api.database.read() as session:
        row = Surveys(session).get(call)
    return SurveyOut.of(row, api.vault.open(row.comment) if row else "")

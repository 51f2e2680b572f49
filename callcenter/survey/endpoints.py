"""`/api/surveys`: what callers added to their grades. Not for seats: the comment names the talk, often the person."""

from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse

from callcenter.account.model import Role
from callcenter.account.repository import Audit
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.errors import NotFound
from callcenter.survey.repository import Surveys
from callcenter.survey.schemas import SurveyOut

router = APIRouter(prefix="/api/surveys", tags=["survey"])

Reader = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Listener = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]


@router.get("/{call:path}/audio", response_class=FileResponse)
def sound(call: str, who: Listener, api: TheApi) -> FileResponse:
    """What was said after a bad grade; it is noted who heard it."""
    with api.database.read() as session:
        row = Surveys(session).get(call)
    path = api.settings.recordings_dir / row.spoken if row and row.spoken else None
    if path is None or not path.is_file():
        raise NotFound(f"no comment was spoken in the survey of call {call}")
    with api.database.begin() as session:
        Audit(session).add(api.clock.now(), who.person.id, "comment-heard", call)
    return FileResponse(path, media_type="audio/wav", headers={"Cache-Control": "private, no-store"})


@router.get("/{call:path}")
def one(call: str, _who: Reader, api: TheApi) -> SurveyOut:
    """Empty where nobody was invited and nothing was said."""
    with api.database.read() as session:
        row = Surveys(session).get(call)
    return SurveyOut.of(row, api.vault.open(row.comment) if row else "")

"""`/api/prompts`: what callers hear, in what state it is, recordings uploaded and approved."""

import io
import wave
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import FileResponse, Response
from starlette.datastructures import UploadFile

from callcenter.account.model import Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.errors import BadInput
from callcenter.prompt.catalogue import hash_of
from callcenter.prompt.repository import DECIDE
from callcenter.prompt.schemas import HistoryOut, PromptOut, PromptsOut, RejectIn, TakeOut
from callcenter.prompt.service import RATE, Prompts
from callcenter.prompt.uploaded import LARGEST_BYTES, BadRecording

router = APIRouter(prefix="/api/prompts", tags=["prompts"])

Reading = Annotated[SignedIn, Depends(require(*DECIDE, Role.AUDITOR))]
Deciding = Annotated[SignedIn, Depends(require(*DECIDE))]
FORM_BYTES = 64 * 1024
"""What a form has besides its file."""
NOT_KEPT = {"Cache-Control": "private, no-store"}


def service(api: TheApi) -> Prompts:
    return Prompts(api.settings, api.database, api.clock)


Service = Annotated[Prompts, Depends(service)]


async def uploaded(request: Request, _who: Deciding) -> tuple[bytes, str]:
    """(bytes of the file, speaker). Read here, after the rights and the size were looked at: FastAPI itself would take
    any stranger's body of any size onto the disk first."""
    stated = request.headers.get("content-length", "")
    if not stated.isdecimal():
        raise BadInput("the request does not say how long it is (Content-Length)")
    if int(stated) > LARGEST_BYTES + FORM_BYTES:
        message = f"the file has about {int(stated):,} bytes, {LARGEST_BYTES:,} are allowed; cut it"
        raise BadRecording(message, faults=["too-large"])
    async with request.form(max_files=1, max_fields=5) as form:
        file, speaker = form.get("file"), form.get("speaker", "")
        if not isinstance(file, UploadFile) or not isinstance(speaker, str):
            raise BadInput("send a form (multipart/form-data) with the fields `file` and `speaker`")
        return await file.read(), speaker


@router.get("")
def prompts(
    _who: Reading,
    prompts: Service,
    lang: Annotated[str, Query(max_length=16)] = "",
    missing: Annotated[bool, Query(description="only what a person has still to record")] = False,
) -> PromptsOut:
    return PromptsOut(items=[PromptOut.of(item) for item in prompts.items(lang, missing=missing)])


@router.get("/{lang}/{prompt}/history")
def history(lang: str, prompt: str, _who: Reading, prompts: Service) -> HistoryOut:
    now = hash_of(prompts.item(lang, prompt).prompt.words)
    return HistoryOut(items=[TakeOut.of(row, now) for row in prompts.history(lang, prompt)])


@router.get("/{lang}/{prompt}/sound", response_class=Response)
def sound(
    lang: str, prompt: str, _who: Reading, prompts: Service, of: Literal["current", "waiting"] = "current"
) -> Response:
    """WAV: what callers hear, or what waits as it was uploaded."""
    if of == "waiting":
        return FileResponse(prompts.waiting_sound(lang, prompt), media_type="audio/wav", headers=NOT_KEPT)
    return Response(as_wav(prompts.heard(lang, prompt).read_bytes()), media_type="audio/wav", headers=NOT_KEPT)


@router.post("/{lang}/{prompt}/recording", status_code=201)
def upload(
    lang: str, prompt: str, who: Deciding, prompts: Service, given: Annotated[tuple[bytes, str], Depends(uploaded)]
) -> PromptOut:
    data, speaker = given
    return PromptOut.of(prompts.upload(lang, prompt, data, speaker, who.person.id))


@router.post("/{lang}/{prompt}/approve")
def approve(lang: str, prompt: str, who: Deciding, prompts: Service) -> PromptOut:
    """Callers hear it from the next call on."""
    return PromptOut.of(prompts.approve(lang, prompt, who.person.id))


@router.post("/{lang}/{prompt}/reject")
def reject(lang: str, prompt: str, given: RejectIn, who: Deciding, prompts: Service) -> PromptOut:
    return PromptOut.of(prompts.reject(lang, prompt, who.person.id, given.why))


def as_wav(linear: bytes) -> bytes:
    """16 kHz, 16 bits, mono: the bytes of an `.sln16` with a header."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(linear)
    return out.getvalue()

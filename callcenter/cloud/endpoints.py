"""`/api/cloud`: what the provider of the number in the cloud asks. No sign-in: every request carries his signature."""

import re
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from callcenter.api.deps import Api, TheApi
from callcenter.cloud.flow import entry_flow
from callcenter.cloud.service import ROOT, CloudLine
from callcenter.cloud.setup import Cloud, cloud_of
from callcenter.cloud.signature import signed_form
from callcenter.errors import NotFound
from callcenter.prompt.catalogue import Manifest
from callcenter.prompt.endpoints import as_wav

router = APIRouter(prefix=ROOT, tags=["cloud"])

PLAIN_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
HEARD_FOR_S = 300
"""The provider may keep a prompt so long before it asks again."""


def cloud(api: TheApi) -> Cloud:
    return cloud_of(api.settings, api.secrets)


TheCloud = Annotated[Cloud, Depends(cloud)]


async def signed(request: Request, cloud: TheCloud) -> dict[str, str]:
    """The form's fields, if the provider has signed them. Raises `ForgedRequest`, `BadInput`."""
    return await signed_form(request, cloud.public_url, cloud.token)


Signed = Annotated[dict[str, str], Depends(signed)]


def line(api: TheApi, cloud: TheCloud) -> CloudLine:
    return CloudLine(api.settings, cloud, api.database, api.vault, api.clock, entry_flow(api.settings))


Line = Annotated[CloudLine, Depends(line)]


@router.post("/voice", response_class=Response)
def voice(params: Signed, line: Line) -> Response:
    """A call comes in."""
    return _twiml(line.first(params))


@router.post("/voice/step", response_class=Response)
def step(params: Signed, line: Line, s: Annotated[str, Query(max_length=4000)]) -> Response:
    """What the caller did, and what follows."""
    return _twiml(line.next(params, s))


@router.post("/recording", status_code=204)
def recording(params: Signed, line: Line, language: Annotated[str, Query(max_length=16)] = "") -> None:
    """A message can be fetched. Told again, it changes nothing."""
    line.recorded(params, language)


@router.get("/prompts/{language}/{file}", response_class=Response)
def prompt(language: str, file: str, api: TheApi, _cloud: TheCloud) -> Response:
    """A prompt as every caller hears it. Nothing else lies in that folder, and a name has no way out of it."""
    id_ = file.removesuffix(".wav")
    if language not in api.settings.languages or not PLAIN_NAME.fullmatch(id_) or not file.endswith(".wav"):
        raise NotFound("there is no such prompt")
    return _sound(api, language, id_)


def _sound(api: Api, language: str, id_: str) -> Response:
    path = api.settings.prompts_dir / language / f"{id_}.sln16"
    if f"{language}/{id_}" in Manifest(api.settings.prompts_dir).borrowed or not path.is_file():
        raise NotFound("there is no such prompt")
    headers = {"Cache-Control": f"public, max-age={HEARD_FOR_S}", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(as_wav(path.read_bytes()), media_type="audio/wav", headers=headers)


def _twiml(text: str) -> Response:
    return Response(text, media_type="text/xml; charset=utf-8")

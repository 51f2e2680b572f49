"""Reading calls and their recordings."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import FileResponse
from pydantic import AfterValidator

from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.call.model import Outcome
from callcenter.call.repository import Wanted
from callcenter.call.schemas import CallerOut, CallOut, CallsOut
from callcenter.call.service import FULL_NUMBER, READERS, CallService
from callcenter.call.way import WayThroughOut
from callcenter.report.drill import Part

router = APIRouter(prefix="/api/calls", tags=["calls"])

MAX_PAGE = 500


def _with_offset(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("write the offset, e.g. 2026-01-05T09:30:00+08:00")
    return at


Instant = Annotated[datetime, AfterValidator(_with_offset)]
Reading = Annotated[SignedIn, Depends(require(*READERS))]


def _service(api: TheApi) -> CallService:
    return CallService(api.settings, api.database, api.vault, api.clock)


Calls = Annotated[CallService, Depends(_service)]


@router.get("")
def page(
    who: Reading,
    calls: Calls,
    start: Annotated[Instant | None, Query(alias="from")] = None,
    end: Annotated[Instant | None, Query(alias="to")] = None,
    outcome: Outcome | None = None,
    seat: Annotated[str | None, Query(max_length=64)] = None,
    language: Annotated[str | None, Query(max_length=64)] = None,
    line: Annotated[str | None, Query(max_length=64)] = None,
    source: Annotated[str | None, Query(max_length=64)] = None,
    topic: Annotated[str | None, Query(max_length=64)] = None,
    place: Annotated[str | None, Query(max_length=64)] = None,
    law_firm: Annotated[str | None, Query(max_length=64)] = None,
    record_topic: Annotated[str | None, Query(max_length=64, description="As written into the case record.")] = None,
    order_no: Annotated[str | None, Query(max_length=16, description="What the caller keys in to ask.")] = None,
    grade: Annotated[int | None, Query(ge=1, le=5)] = None,
    live: bool | None = None,
    figure: Annotated[str | None, Query(max_length=64, description="Only its calls, e.g. service_level:SL3.")] = None,
    part: Annotated[Part, Query(description="Of the figure.")] = "denominator",
    threshold: Annotated[str | None, Query(description="Of the figure; seconds.")] = None,
    short: Annotated[str | None, Query(description="Of the figure; seconds.")] = None,
    caller: Annotated[str | None, Query(max_length=32, description="the whole number")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE)] = 50,
    offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> CallsOut:
    """The newest first; `from` <= started_at < `to`."""
    wanted = Wanted(
        start=start,
        end=end,
        outcome=outcome.value if outcome else None,
        seat=seat,
        language=language,
        line=line,
        source=source,
        topic=topic,
        record_topic=record_topic,
        order_no=order_no,
        place=place,
        law_firm=law_firm,
        grade=grade,
        live=live,
        drill=calls.drill(figure, part, threshold, short) if figure else None,
        limit=limit,
        offset=offset,
    )
    return calls.page(who.person, wanted, caller)


@router.get("/{call:path}/recording", response_class=FileResponse)
def recording(call: str, who: Reading, calls: Calls) -> FileResponse:
    """Stereo WAV, the caller left, the seat right; pieces by Range."""
    path = calls.recording(who.person, call)
    return FileResponse(
        path, media_type="audio/wav", content_disposition_type="inline", headers={"Cache-Control": "private, no-store"}
    )


@router.get("/{call:path}/way")
def way(call: str, who: Reading, calls: Calls) -> WayThroughOut:
    """Flow and version, nodes entered and keys pressed."""
    return calls.way(who.person, call)


@router.get("/{call:path}/caller")
def caller(call: str, who: Annotated[SignedIn, Depends(require(*FULL_NUMBER))], calls: Calls) -> CallerOut:
    """The whole number; reading it is noted in the audit trail."""
    return CallerOut(caller=calls.number(who.person, call))


@router.get("/{call:path}")
def one(call: str, who: Reading, calls: Calls) -> CallOut:
    return calls.one(who.person, call)

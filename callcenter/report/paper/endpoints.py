"""`/api/report/papers`: reports that people hand in, and exports of the list of calls."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import FileResponse

from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.errors import BadInput
from callcenter.report.paper import jobs
from callcenter.report.paper.places import MEDIA
from callcenter.report.paper.schemas import AskIn, CallsIn, PaperOut, paper_out
from callcenter.report.paper.service import MAKERS, READERS, Papers

router = APIRouter(prefix="/api/report/papers", tags=["report"])


def _service(api: TheApi) -> Papers:
    return Papers(api.settings, api.database, api.vault, api.clock, lambda id_: jobs.remind(api.redis, id_))


ThePapers = Annotated[Papers, Depends(_service)]
Reading = Annotated[SignedIn, Depends(require(*READERS))]
Making = Annotated[SignedIn, Depends(require(*MAKERS))]


@router.get("")
def every(who: Reading, papers: ThePapers) -> list[PaperOut]:
    """The reports, the newest first, and the reader's own exports."""
    return [paper_out(row) for row in papers.all(who.person)]


@router.post("")
def ask(given: AskIn, who: Making, papers: ThePapers) -> PaperOut:
    """Make a report now, or again; a worker does it, this answers at once."""
    return paper_out(papers.ask(who.person, given.period, given.of))


@router.post("/calls")
def ask_calls(given: CallsIn, who: Reading, papers: ThePapers, api: TheApi) -> PaperOut:
    """Export the calls of a filter as a workbook; the file is kept for a day."""
    for at in (given.start, given.end):
        if at is not None and at.tzinfo is None:
            raise BadInput("write the offset, e.g. 2026-01-05T09:30:00+08:00")
    return paper_out(papers.ask_calls(who.person, given.wanted(api.settings), given.caller))


@router.post("/{paper}/cancel")
def cancel(paper: str, who: Reading, papers: ThePapers) -> PaperOut:
    return paper_out(papers.cancel(who.person, paper))


@router.get("/{paper}/{form}", response_class=FileResponse)
def file(paper: str, form: Literal["xlsx", "html", "pdf"], who: Reading, papers: ThePapers) -> FileResponse:
    """The newest version; the page and the PDF are shown, the workbook is saved."""
    path, name = papers.file(who.person, paper, form)
    shown = "attachment" if form == "xlsx" else "inline"
    return FileResponse(
        path,
        media_type=MEDIA[form],
        filename=name,
        content_disposition_type=shown,
        headers={"Cache-Control": "private, no-store"},
    )

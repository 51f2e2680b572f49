"""`/api/knowledge/export`, `/api/knowledge/import`."""

from typing import Annotated, Literal

from fastapi import APIRouter, Body, Query
from fastapi.responses import Response
from pydantic import BaseModel

from callcenter.account.repository import Audit
from callcenter.api.auth import Reader
from callcenter.api.deps import TheApi
from callcenter.errors import NotAllowed
from callcenter.knowledge.exchange import docx, xlsx
from callcenter.knowledge.exchange.service import Exchange, lines_to_export
from callcenter.knowledge.life.model import WRITERS

router = APIRouter()

Content = Annotated[bytes, Body(media_type="application/octet-stream")]


class TakenOut(BaseModel):
    new: int
    changed: int
    unchanged: int


@router.get("/export")
def export(
    who: Reader,
    api: TheApi,
    form: Annotated[Literal["xlsx", "docx"], Query()] = "xlsx",
    topic: str = "",
) -> Response:
    """The published entries as a table, to be changed and imported again."""
    if who.person.role not in WRITERS:
        raise NotAllowed(f"{who.person.role} may not do this", needs=sorted(WRITERS))
    api.knowledge.snapshot()
    with api.database.read() as session:
        lines = lines_to_export(session, topic)
    with api.database.begin() as session:
        Audit(session).add(api.clock.now(), who.person.id, "knowledge.export", topic, form=form, entries=len(lines))
    content, kind = (xlsx.write_xlsx(lines), xlsx.KIND) if form == "xlsx" else (docx.write_docx(lines), docx.KIND)
    name = f"knowledge-{api.knowledge.today()}.{form}"
    return Response(content, media_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/import")
def import_(content: Content, who: Reader, api: TheApi) -> TakenOut:
    """An exported table that was changed: every change becomes a draft. 400 `faulty-table` names every fault."""
    if who.person.role not in WRITERS:
        raise NotAllowed(f"{who.person.role} may not do this", needs=sorted(WRITERS))
    api.knowledge.snapshot()
    lines, wrong = docx.read_docx(content) if b"word/document.xml" in content else xlsx.read_xlsx(content)
    taken = Exchange(api.database, api.clock, api.entry_life).take(who.person, lines, wrong)
    return TakenOut(new=taken.new, changed=taken.changed, unchanged=taken.unchanged)

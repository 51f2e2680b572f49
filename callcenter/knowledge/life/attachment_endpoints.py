"""`/api/knowledge/attachments`: pictures and forms of entries."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Body, Query
from fastapi.responses import FileResponse

from callcenter.account.repository import Audit
from callcenter.api.auth import Reader
from callcenter.api.deps import TheApi
from callcenter.errors import BadInput, NotAllowed, NotFound
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.life.attachments import PER_ENTRY, PICTURES, Shelf, kind_of, plain_name
from callcenter.knowledge.life.model import WRITERS
from callcenter.knowledge.life.repository import Life
from callcenter.knowledge.life.table import AttachmentRow
from callcenter.knowledge.schemas import AttachmentOut

router = APIRouter()

Content = Annotated[bytes, Body(media_type="application/octet-stream")]


@router.get("/attached/{entry:path}")
def attached(entry: str, _who: Reader, api: TheApi) -> list[AttachmentOut]:
    with api.database.read() as session:
        return [AttachmentOut.of(row) for row in Life(session).attachments(entry)]


@router.post("/attached/{entry:path}", status_code=201)
def attach(
    entry: str, content: Content, who: Reader, api: TheApi, name: Annotated[str, Query(max_length=500)] = ""
) -> AttachmentOut:
    """The body is the file itself. What it is, is told from its content."""
    if who.person.role not in WRITERS:
        raise NotAllowed(f"{who.person.role} may not do this", needs=sorted(WRITERS))
    kind = kind_of(content)
    with api.database.begin() as session:
        life = Life(session)
        if not Entries(session).languages(entry) and life.draft(entry, "zh") is None:
            raise NotFound(f"there is no entry {entry!r}; save its draft first")
        if len(life.attachments(entry)) >= PER_ENTRY:
            raise BadInput(f"an entry has at most {PER_ENTRY} attachments; remove one first")
        row = AttachmentRow(
            entry=entry,
            name=plain_name(name),
            sha256=Shelf(api.settings.home).put(content),
            kind=kind,
            size=len(content),
            at=api.clock.now(),
            person=who.person.id,
        )
        life.add_attachment(row)
        Audit(session).add(api.clock.now(), who.person.id, "knowledge.attach", entry, name=row.name)
        return AttachmentOut.of(row)


@router.get("/attachments/{id}")
def attachment(id: int, _who: Reader, api: TheApi) -> FileResponse:
    """Pictures are shown, everything else is saved as a file; no browser may guess another kind."""
    with api.database.read() as session:
        row = Life(session).attachment(id)
    path = Shelf(api.settings.home).path(row.sha256) if row is not None else None
    if row is None or path is None or not path.is_file():
        raise NotFound(f"there is no attachment {id}")
    how = "inline" if row.kind in PICTURES else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(row.name)}",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(path, media_type=row.kind, headers=headers)


@router.delete("/attachments/{id}", status_code=204)
def remove(id: int, who: Reader, api: TheApi) -> None:
    if who.person.role not in WRITERS:
        raise NotAllowed(f"{who.person.role} may not do this", needs=sorted(WRITERS))
    with api.database.begin() as session:
        row = Life(session).attachment(id)
        if row is None:
            raise NotFound(f"there is no attachment {id}")
        Life(session).drop_attachment(id)
        Audit(session).add(api.clock.now(), who.person.id, "knowledge.detach", row.entry, name=row.name)

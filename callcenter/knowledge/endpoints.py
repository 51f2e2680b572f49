"""`/api/knowledge`: search, read, and say what was missing. For everybody who is signed in."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from callcenter.api.auth import Reader
from callcenter.api.deps import TheApi
from callcenter.errors import NotFound
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.exchange import endpoints as exchange
from callcenter.knowledge.life import attachment_endpoints as attachments
from callcenter.knowledge.life import endpoints as life
from callcenter.knowledge.life.repository import Life
from callcenter.knowledge.repository import Usage
from callcenter.knowledge.schemas import ArticleOut, AttachmentOut, EntryOut, GapIn, GapOut, SearchOut, TopicOut, UseIn
from callcenter.knowledge.search.model import LIMIT_MAX, Wanted
from callcenter.knowledge.statutes.reading import AROUND_MAX, read_article
from callcenter.knowledge.statutes.repository import Statutes
from callcenter.knowledge.table import UseRow

router = APIRouter(prefix="/api/knowledge", tags=["knowledge"])

QUERY_MAX = 20_000
"""Characters that are accepted; the search looks at the first 300."""


@router.get("/search")
def search(
    _who: Reader,
    api: TheApi,
    q: Annotated[str, Query(max_length=QUERY_MAX, description="As the lawyer types it.")] = "",
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX)] = 10,
    topic: Annotated[str, Query(description="Topic, or code of a case record.")] = "",
    group: str = "",
    region: str = "",
    language: str = "",
    valid: Annotated[str, Query(pattern="^(current|expired|future)?$")] = "",
) -> SearchOut:
    """Entries first, then articles. An empty query finds nothing."""
    wanted = Wanted(topic=topic, group=group, region=region, language=language, valid=valid, limit=limit)
    return SearchOut.of(api.knowledge.find(q, wanted))


@router.get("/topics")
def topics(_who: Reader, api: TheApi) -> list[TopicOut]:
    return [TopicOut(id=topic.id, name=topic.name) for topic in api.knowledge.snapshot().topics.all.values()]


@router.get("/entries/{entry:path}")
def entry(entry: str, _who: Reader, api: TheApi) -> EntryOut:
    """All language versions of one entry, with how often it was opened and cited."""
    api.knowledge.snapshot()  # entries come into the database with the first one
    with api.database.read() as session:
        today = api.knowledge.today()
        found = EntryOut.of(Entries(session).languages(entry), Statutes(session).standing(today), today)
        if found is None:
            raise NotFound(f"there is no entry {entry!r}; it may have been renamed, search for it")
        found.attachments = [AttachmentOut.of(row) for row in Life(session).attachments(entry)]
        found.used = Usage(session).counts("entry", entry)
    return found


@router.get("/articles")
def article(
    _who: Reader,
    api: TheApi,
    law: Annotated[str, Query(max_length=255)],
    article: Annotated[str, Query(max_length=20, description="47, 120-1 or 第四十七条.")],
    version: Annotated[date | None, Query(description="Day that names a version; without it the one in force.")] = None,
    around: Annotated[int, Query(ge=0, le=AROUND_MAX, description="Articles before and after.")] = 0,
) -> ArticleOut:
    with api.database.read() as session:
        found = read_article(session, law, article, version, around, api.knowledge.today())
    if found is None:
        raise NotFound(f"there is no article {article} of 《{law}》 among the imported statutes")
    return ArticleOut.of(found)


@router.post("/gaps", status_code=201)
def report_gap(given: GapIn, who: Reader, api: TheApi) -> None:
    """Nothing fitting was found: the words go to those who write entries."""
    with api.database.begin() as session:
        Usage(session).note_gap(api.clock.now(), given.words, given.topic, who.person.id, given.call)


@router.get("/gaps")
def gaps(_who: Reader, api: TheApi, limit: Annotated[int, Query(ge=1, le=500)] = 100) -> list[GapOut]:
    with api.database.read() as session:
        return [GapOut.of(row) for row in Usage(session).gaps(limit)]


@router.post("/uses", status_code=201)
def count_use(given: UseIn, who: Reader, api: TheApi) -> None:
    """Opened, or cited into a reply."""
    with api.database.begin() as session:
        Usage(session).note_use(UseRow(at=api.clock.now(), person=who.person.id, **given.model_dump()))


for part in (life, attachments, exchange):
    router.include_router(part.router)

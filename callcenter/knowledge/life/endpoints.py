"""`/api/knowledge/…`: the review list, drafts, acts, versions, comments."""

from typing import Annotated

from fastapi import APIRouter, Query

from callcenter.account.model import Role
from callcenter.api.auth import Reader
from callcenter.api.deps import Api, TheApi
from callcenter.errors import NotAllowed, NotFound
from callcenter.knowledge.entry.form import Form, fields_of, form_of
from callcenter.knowledge.entry.parser import read_entry
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.life.differences import differences
from callcenter.knowledge.life.hot import Hot, hot, month_of
from callcenter.knowledge.life.listing import Sort, in_order, listed
from callcenter.knowledge.life.model import WRITERS, possible
from callcenter.knowledge.life.repository import Life
from callcenter.knowledge.life.schemas import (
    ActIn,
    CommentIn,
    CommentOut,
    DifferenceOut,
    DraftIn,
    DraftOut,
    HotOut,
    ListedOut,
    VersionOut,
)
from callcenter.knowledge.life.service import Draft
from callcenter.knowledge.life.table import CommentRow
from callcenter.knowledge.repository import Usage
from callcenter.knowledge.search.model import Wanted

router = APIRouter()

SEE_RECORDS = frozenset({Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR})
"""The hot questions quote case records."""
DRAFT = "draft"


@router.get("/entries")
def entries(
    _who: Reader,
    api: TheApi,
    topic: str = "",
    owner: str = "",
    why: Annotated[str, Query(description="in-review, review-due, …; any: everything with a task.")] = "",
    sort: Sort = "topic",
) -> list[ListedOut]:
    """All entries, also those that are only drafts, with their use and what somebody has to do."""
    api.knowledge.snapshot()  # entries come into the database with the first one
    with api.database.read() as session:
        rows = listed(session, api.knowledge.today())
    wanted = [
        one
        for one in rows
        if topic in ("", one.topic)
        and owner in ("", one.owner)
        and (not why or why in one.why or (why == "any" and one.why))
    ]
    return [ListedOut.of(one) for one in in_order(wanted, sort)]


@router.get("/drafts/{language}/{entry:path}")
def draft(language: str, entry: str, who: Reader, api: TheApi) -> DraftOut:
    """The text as it is being written; without one the published text, to begin from."""
    api.knowledge.snapshot()
    return _out(api, who.person.id, who.person.role, api.entry_life.draft(entry, language))


@router.put("/drafts/{language}/{entry:path}")
def save_draft(language: str, entry: str, given: DraftIn, who: Reader, api: TheApi) -> DraftOut:
    """Complete or not: nothing that was typed is refused. 409: somebody else saved meanwhile."""
    api.knowledge.snapshot()
    kept = api.entry_life.save(who.person, entry, language, given.version, given.form)
    return _out(api, who.person.id, who.person.role, kept)


@router.post("/acts/{language}/{entry:path}", status_code=204)
def act(language: str, entry: str, given: ActIn, who: Reader, api: TheApi) -> None:
    """Send, return, publish, discard, confirm, retire. What is published is found within seconds."""
    api.knowledge.snapshot()
    api.entry_life.act(who.person, entry, language, given.act, given.version, given.words, given.due)
    api.knowledge.changed()


@router.get("/versions/{language}/{entry:path}")
def versions(language: str, entry: str, _who: Reader, api: TheApi) -> list[VersionOut]:
    """The newest first. Empty: still as it was shipped."""
    with api.database.read() as session:
        return [VersionOut.of(row) for row in Life(session).versions(entry, language)]


@router.get("/differences/{language}/{entry:path}")
def compare(
    language: str,
    entry: str,
    _who: Reader,
    api: TheApi,
    old: Annotated[str, Query(description="Number of a version; empty: the published text.")] = "",
    new: Annotated[str, Query(description="Number of a version, or `draft`.")] = DRAFT,
) -> list[DifferenceOut]:
    """Field by field, word by word; fields that are the same are left out."""
    with api.database.read() as session:
        before, after = (_form(api, entry, language, which, Life(session), Entries(session)) for which in (old, new))
    return [DifferenceOut.of(one) for one in differences(before, after, language)]


@router.get("/comments/{entry:path}")
def comments(entry: str, _who: Reader, api: TheApi) -> list[CommentOut]:
    """The oldest first, with what was done."""
    with api.database.read() as session:
        return [CommentOut.of(row) for row in Life(session).comments(entry)]


@router.post("/comments/{entry:path}", status_code=201)
def comment(entry: str, given: CommentIn, who: Reader, api: TheApi) -> None:
    if who.person.role not in WRITERS:
        raise NotAllowed(f"{who.person.role} reads entries, and does not write on them", needs=sorted(WRITERS))
    with api.database.begin() as session:
        if not Entries(session).languages(entry) and Life(session).draft(entry, given.language) is None:
            raise NotFound(f"there is no entry {entry!r}")
        Life(session).add_comment(
            CommentRow(
                entry=entry,
                language=given.language,
                at=api.clock.now(),
                person=who.person.id,
                act="comment",
                words=given.words.strip(),
            )
        )


@router.get("/hot")
def hot_questions(
    who: Reader, api: TheApi, month: Annotated[str, Query(description="2026-11; empty: this month.")] = ""
) -> HotOut:
    """What callers asked in a month, against the entries."""
    if who.person.role not in SEE_RECORDS:
        raise NotAllowed("the hot questions quote case records", needs=sorted(SEE_RECORDS))
    return HotOut.of(_hot(api, month or api.knowledge.today().isoformat()[:7]))


def _hot(api: Api, month: str) -> Hot:
    since, until = month_of(month)
    with api.database.read() as session:
        topics, asked = Usage(session).topics(since, until), Usage(session).asked(since, until)
    return hot(month, topics, asked, lambda words: api.knowledge.find(words, Wanted(limit=3)))


def _out(api: Api, person: str, role: Role, draft: Draft) -> DraftOut:
    faults = api.entry_life.check(draft.entry, draft.language, draft.form)
    acts = possible(draft.state, draft.exists, role, own=person in draft.authors)
    return DraftOut.of(draft, fields_of(draft.language), faults, acts)


def _form(api: Api, entry: str, language: str, which: str, life: Life, entries: Entries) -> Form:
    if which == DRAFT:
        return api.entry_life.draft(entry, language).form
    if not which:
        held = entries.get(entry, language)
        return {} if held is None else form_of(held)
    row = next((row for row in life.versions(entry, language) if str(row.number) == which), None)
    read = read_entry(row.text.encode(), entry) if row is not None else None
    if read is None or read.entry is None:
        raise NotFound(f"{entry}: there is no version {which[:20]!r}")
    return form_of(read.entry)

"""All entries with what their owners have to do: the review list."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from callcenter.knowledge.entry.model import Entry, Front, TranslationFront
from callcenter.knowledge.entry.repository import Entries
from callcenter.knowledge.life.model import DraftState
from callcenter.knowledge.life.repository import Life
from callcenter.knowledge.life.table import DraftRow
from callcenter.knowledge.repository import Usage, Use
from callcenter.knowledge.schemas import is_newer
from callcenter.knowledge.search.model import Valid, entry_validity
from callcenter.knowledge.statutes.repository import Standing, Statutes

Why = Literal["in-review", "returned", "writing", "expired", "review-due", "newer-version", "stale-translation"]
SORTS = ("topic", "used", "due", "owner")
Sort = Literal["topic", "used", "due", "owner"]


@dataclass(frozen=True, slots=True)
class LanguageState:
    language: str
    status: str
    stale: bool
    draft: DraftState | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    id: str
    title: str
    topic: str
    owner: str
    status: str
    """Of the Chinese version; `draft`: it was never published."""
    valid: Valid
    review_due: date | None
    use: Use
    languages: list[LanguageState] = field(default_factory=list)
    why: list[Why] = field(default_factory=list)
    """What somebody has to do, the most urgent first; empty: nothing."""


def listed(session: Session, today: date) -> list[Listed]:
    """By topic and title."""
    by_id: dict[str, list[Entry]] = {}
    for entry in Entries(session).all():
        by_id.setdefault(entry.id, []).append(entry)
    drafts: dict[str, list[DraftRow]] = {}
    for row in Life(session).drafts():
        drafts.setdefault(row.entry, []).append(row)
    uses, laws = Usage(session).of_entries(), Statutes(session).standing(today)
    found = [
        _listed(id, by_id.get(id, []), drafts.get(id, []), uses.get(id, Use()), laws, today)
        for id in by_id.keys() | drafts.keys()
    ]
    return sorted(found, key=lambda one: (one.topic, one.title))


def in_order(rows: list[Listed], sort: Sort) -> list[Listed]:
    if sort == "used":
        return sorted(rows, key=lambda one: (-one.use.cited, -one.use.opened, one.id))
    if sort == "due":
        return sorted(rows, key=lambda one: (not one.why, one.review_due or date.max, one.id))
    return sorted(rows, key=lambda one: (one.owner, one.topic, one.title)) if sort == "owner" else rows


def _listed(
    id: str, versions: Sequence[Entry], drafts: Sequence[DraftRow], use: Use, laws: dict[str, Standing], today: date
) -> Listed:
    chinese = next((one for one in versions if isinstance(one.front, Front)), None)
    if chinese is None or not isinstance(chinese.front, Front):
        return _unpublished(id, drafts, use)
    front = chinese.front
    states = {row.language: DraftState(row.state) for row in drafts}
    hash = chinese.content_hash()
    languages = [
        LanguageState(
            language=one.language,
            status=one.front.status,
            stale=isinstance(one.front, TranslationFront) and one.front.translates != hash,
            draft=states.get(one.language),
        )
        for one in versions
    ]
    there = {one.language for one in versions}
    languages += [
        LanguageState(language, "draft", False, state) for language, state in states.items() if language not in there
    ]
    valid = entry_validity(today, front)
    why: list[Why] = _of_drafts(drafts)
    if front.status != "retired":
        if valid == "expired":
            why.append("expired")
        if front.review_due <= today:
            why.append("review-due")
        if any(is_newer(front, citation, laws) for citation in front.laws):
            why.append("newer-version")
        if any(one.stale for one in languages):
            why.append("stale-translation")
    return Listed(
        id=id,
        title=front.title,
        topic=front.topic,
        owner=front.owner,
        status=front.status,
        valid=valid,
        review_due=front.review_due,
        use=use,
        languages=sorted(languages, key=lambda one: ("zh", "bo", "mn").index(one.language)),
        why=why,
    )


def _of_drafts(drafts: Sequence[DraftRow]) -> list[Why]:
    states = {row.state for row in drafts}
    order: tuple[tuple[DraftState, Why], ...] = (
        (DraftState.IN_REVIEW, "in-review"),
        (DraftState.RETURNED, "returned"),
        (DraftState.WRITING, "writing"),
    )
    return [why for state, why in order if state in states]


def _unpublished(id: str, drafts: Sequence[DraftRow], use: Use) -> Listed:
    form = next((row.form for row in drafts if row.language == "zh"), {})
    return Listed(
        id=id,
        title=form.get("title", "") or id,
        topic=form.get("topic", "") or id.split("/")[0],
        owner=form.get("owner", ""),
        status="draft",
        valid="future",
        review_due=None,
        use=use,
        languages=[LanguageState(row.language, "draft", False, DraftState(row.state)) for row in drafts],
        why=_of_drafts(drafts),
    )

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, StringConstraints

from callcenter.prompt.service import Item
from callcenter.prompt.table import PromptTakeRow

Source = Literal["recorded", "machine", "placeholder", "missing"]


class WaitingOut(BaseModel):
    """A recording that somebody has still to approve."""

    uploaded_by: str
    uploaded_at: datetime
    speaker: str
    length_s: float
    loudness_db: float
    words_changed: bool
    """Since the upload: it can only be rejected."""


class PromptOut(BaseModel):
    id: str
    lang: str
    words: str
    meaning: str
    """In Mandarin, for languages the reader may not know."""
    source: Source
    """What callers hear; `missing`: the default language in its place, or nothing."""
    speaker: str
    approved_by: str
    approved_at: datetime | None
    reviewed_by: str
    """Who read the words as a speaker of the language; empty: nobody yet."""
    changed_since_recording: bool
    length_s: float | None
    loudness_db: float | None
    """dBFS of the speech in the telephone file."""
    used_in: list[str]
    """Flows; `dialplan` for Asterisk itself."""
    waiting: WaitingOut | None

    @classmethod
    def of(cls, item: Item) -> "PromptOut":
        take, prompt, row = item.take, item.prompt, item.waiting
        return cls(
            id=item.id,
            lang=item.language,
            words=prompt.words,
            meaning=prompt.meaning,
            source=item.source,
            speaker=take.speaker if take else prompt.speaker,
            approved_by=take.approved_by if take else prompt.approved_by,
            approved_at=take.approved_at if take else None,
            reviewed_by=prompt.reviewed_by,
            changed_since_recording=item.changed,
            length_s=_rounded(item.length_s),
            loudness_db=_rounded(item.loudness_db),
            used_in=list(item.used_in),
            waiting=_waiting(row, item.words_hash) if row else None,
        )


class PromptsOut(BaseModel):
    items: list[PromptOut]


class TakeOut(BaseModel):
    """One line of a prompt's history."""

    id: int
    state: Literal["waiting", "approved", "rejected", "replaced"]
    words_hash: str
    same_words: bool
    """As they are now."""
    speaker: str
    length_s: float
    loudness_db: float
    uploaded_by: str
    uploaded_at: datetime
    decided_by: str
    decided_at: datetime | None
    why: str

    @classmethod
    def of(cls, row: PromptTakeRow, words_hash: str) -> "TakeOut":
        return cls(
            id=row.id,
            state=row.state,
            words_hash=row.words_hash,
            same_words=row.words_hash == words_hash,
            speaker=row.speaker,
            length_s=round(row.length_s, 2),
            loudness_db=round(row.loudness_db, 2),
            uploaded_by=row.uploaded_by,
            uploaded_at=row.uploaded_at,
            decided_by=row.decided_by,
            decided_at=row.decided_at,
            why=row.why,
        )


class HistoryOut(BaseModel):
    items: list[TakeOut]
    """The newest first."""


class RejectIn(BaseModel):
    why: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=400)]


def _waiting(row: PromptTakeRow, words_hash: str) -> WaitingOut:
    return WaitingOut(
        uploaded_by=row.uploaded_by,
        uploaded_at=row.uploaded_at,
        speaker=row.speaker,
        length_s=round(row.length_s, 2),
        loudness_db=round(row.loudness_db, 2),
        words_changed=row.words_hash != words_hash,
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)

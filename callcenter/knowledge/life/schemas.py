"""The life of an entry as JSON."""

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from callcenter.knowledge.entry.form import FIELD_MAX, Fault
from callcenter.knowledge.life.differences import Difference
from callcenter.knowledge.life.hot import Hot
from callcenter.knowledge.life.listing import Listed
from callcenter.knowledge.life.model import Act, DraftState
from callcenter.knowledge.life.service import Draft
from callcenter.knowledge.life.table import CommentRow, VersionRow

WORDS_MAX = 2_000


class LanguageStateOut(BaseModel):
    language: str
    status: str
    stale: bool
    draft: DraftState | None


class ListedOut(BaseModel):
    id: str
    title: str
    topic: str
    owner: str
    status: str
    valid: Literal["current", "expired", "future"]
    review_due: date | None
    opened: int
    cited: int
    dwell_s: int
    languages: list[LanguageStateOut]
    why: list[str]
    """What somebody has to do; empty: nothing."""

    @staticmethod
    def of(one: Listed) -> "ListedOut":
        return ListedOut(
            id=one.id,
            title=one.title,
            topic=one.topic,
            owner=one.owner,
            status=one.status,
            valid=one.valid,
            review_due=one.review_due,
            opened=one.use.opened,
            cited=one.use.cited,
            dwell_s=one.use.dwell_s,
            languages=[
                LanguageStateOut(language=state.language, status=state.status, stale=state.stale, draft=state.draft)
                for state in one.languages
            ],
            why=list(one.why),
        )


class FaultOut(BaseModel):
    field: str
    code: str
    message: str

    @staticmethod
    def of(fault: Fault) -> "FaultOut":
        return FaultOut(field=fault.field, code=fault.code, message=fault.message)


class DraftIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    version: int = Field(ge=0)
    """Of the draft that was read; 0: there was none."""
    form: dict[Annotated[str, Field(max_length=20)], Annotated[str, Field(max_length=FIELD_MAX)]] = Field(max_length=30)


class DraftOut(BaseModel):
    entry: str
    language: str
    form: dict[str, str]
    fields: list[str]
    """Keys of the form, in its order."""
    state: DraftState | None
    """None: nobody works on it; the form is the published text."""
    version: int
    authors: list[str]
    changed_by: str
    exists: bool
    faults: list[FaultOut]
    """What is missing or wrong until it can be sent to the reviewers."""
    acts: list[Act]
    """What the reader may do now."""

    @staticmethod
    def of(draft: Draft, fields: tuple[str, ...], faults: list[Fault], acts: list[Act]) -> "DraftOut":
        return DraftOut(
            entry=draft.entry,
            language=draft.language,
            form=draft.form,
            fields=list(fields),
            state=draft.state,
            version=draft.version,
            authors=draft.authors,
            changed_by=draft.changed_by,
            exists=draft.exists,
            faults=[FaultOut.of(fault) for fault in faults],
            acts=acts,
        )


class ActIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    act: Act
    version: int = Field(0, ge=0)
    words: str = Field("", max_length=WORDS_MAX)
    due: date | None = None
    """`confirm`: the next review; without it in a year."""


class VersionOut(BaseModel):
    number: int
    kind: str
    authors: list[str]
    reviewer: str | None
    at: datetime
    note: str

    @staticmethod
    def of(row: VersionRow) -> "VersionOut":
        return VersionOut(
            number=row.number, kind=row.kind, authors=row.authors, reviewer=row.reviewer, at=row.at, note=row.note
        )


class PartOut(BaseModel):
    kind: Literal["same", "gone", "new"]
    text: str


class DifferenceOut(BaseModel):
    field: str
    parts: list[PartOut]

    @staticmethod
    def of(one: Difference) -> "DifferenceOut":
        return DifferenceOut(field=one.field, parts=[PartOut(kind=part.kind, text=part.text) for part in one.parts])


class CommentIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: str = Field(min_length=1, max_length=WORDS_MAX)
    language: str = Field("zh", max_length=8)


class CommentOut(BaseModel):
    at: datetime
    person: str
    language: str
    act: str
    words: str

    @staticmethod
    def of(row: CommentRow) -> "CommentOut":
        return CommentOut(at=row.at, person=row.person, language=row.language, act=row.act, words=row.words)


class QuestionOut(BaseModel):
    words: str
    times: int
    sources: dict[str, int]
    """record, search, gap -> times"""
    entry: str | None
    title: str | None


class TopicTimesOut(BaseModel):
    topic: str
    records: int


class HotOut(BaseModel):
    month: str
    asked: int
    looked_at: int
    topics: list[TopicTimesOut]
    questions: list[QuestionOut]
    missing: list[QuestionOut]

    @staticmethod
    def of(one: Hot) -> "HotOut":
        def questions(found: list[object]) -> list[QuestionOut]:
            return [QuestionOut.model_validate(question, from_attributes=True) for question in found]

        return HotOut(
            month=one.month,
            asked=one.asked,
            looked_at=one.looked_at,
            topics=[TopicTimesOut(topic=topic, records=records) for topic, records in one.topics],
            questions=questions([*one.questions]),
            missing=questions([*one.missing]),
        )

"""Search results and entries as JSON. The names of the search are relied on by other programs."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from callcenter.knowledge.entry.model import Citation, Entry, Front, TranslationFront
from callcenter.knowledge.life.table import AttachmentRow
from callcenter.knowledge.search.model import Found, Hit, entry_validity
from callcenter.knowledge.statutes.reading import ArticleText
from callcenter.knowledge.statutes.repository import Standing
from callcenter.knowledge.table import EntryRow, GapRow


def number_out(number: str) -> int | str:
    """47 as a number, `120-1` as text."""
    return int(number) if number.isdecimal() else number


class CitationOut(BaseModel):
    law: str
    article: int | str


class EntryCitationOut(CitationOut):
    """A citation of an entry that is read: what became of the statute since."""

    version: date | None
    """Of a text that old facts need; None: the one in force."""
    in_force: date | None
    """The statute's present version; None: it is not imported."""
    valid: Literal["current", "expired", "future"] | None
    newer: bool
    """A version took force after the entry was reviewed or, if it never was, written: read the article again."""

    @staticmethod
    def cited(front: Front, one: Citation, laws: Mapping[str, Standing], today: date) -> "EntryCitationOut":
        law = laws.get(one.law)
        if law is None:
            valid: Literal["current", "expired", "future"] | None = None
        elif law.repealed or one.version not in (None, law.version):
            valid = "expired"
        else:
            valid = "future" if law.since > today else "current"
        newer = is_newer(front, one, laws)
        return EntryCitationOut(
            law=one.law,
            article=number_out(one.article),
            version=one.version,
            in_force=law.version if law is not None else None,
            valid=valid,
            newer=newer,
        )


def is_newer(front: Front, one: Citation, laws: Mapping[str, Standing]) -> bool:
    """Of a citation that means the version in force: whether that one began after the entry was reviewed or written."""
    law = laws.get(one.law)
    return law is not None and one.version is None and front.read_on is not None and law.since > front.read_on


class HitOut(BaseModel):
    kind: Literal["entry", "article"]
    id: str
    title: str
    law: str | None = None
    article: int | str | None = None
    version: str | None = None
    heading: str | None = None
    valid: Literal["current", "expired", "future"]
    valid_from: str | None = None
    valid_until: str | None = None
    citations: list[CitationOut]
    snippet: str
    highlights: list[tuple[int, int]]
    """[start, end) in `snippet`, in characters. The snippet is plain text: never put it into a page as HTML."""
    topic: str | None = None
    language: str | None = None
    status: str | None = None

    @staticmethod
    def of(hit: Hit) -> "HitOut":
        entry = hit.kind == "entry"
        return HitOut(
            kind=hit.kind,
            id=hit.id,
            title=hit.title,
            law=hit.law,
            article=number_out(hit.article) if hit.article is not None else None,
            version=hit.version.isoformat() if hit.version else None,
            heading=None if entry else hit.heading,
            valid=hit.valid,
            valid_from=hit.valid_from.isoformat() if hit.valid_from else None,
            valid_until=hit.valid_until.isoformat() if hit.valid_until else None,
            citations=[CitationOut(law=cited.law, article=number_out(cited.article)) for cited in hit.citations],
            snippet=hit.snippet,
            highlights=hit.highlights,
            topic=hit.topic if entry else None,
            language=hit.language if entry else None,
            status=hit.status if entry else None,
        )


class SearchOut(BaseModel):
    query: str
    understood: str
    """What the query was taken to mean: simplified characters, pinyin written out, mistakes mended."""
    took_ms: float
    results: list[HitOut]

    @staticmethod
    def of(found: Found) -> "SearchOut":
        results = [HitOut.of(hit) for hit in found.hits]
        return SearchOut(query=found.query, understood=found.understood, took_ms=found.took_ms, results=results)


class NeighbourOut(BaseModel):
    article: int | str
    title: str
    text: str


class ArticleOut(BaseModel):
    law: str
    article: int | str
    title: str
    heading: str
    text: str
    version: str
    valid: Literal["current", "expired", "future"]
    valid_from: str
    valid_until: str | None
    newest_version: str
    repealed_by: str | None
    around: list[NeighbourOut]
    """In order, with the article itself."""

    @staticmethod
    def of(found: ArticleText) -> "ArticleOut":
        return ArticleOut(
            law=found.law,
            article=number_out(found.number),
            title=f"{found.law} {found.spoken}",
            heading=found.heading,
            text=found.text,
            version=found.version.isoformat(),
            valid=found.valid,
            valid_from=found.valid_from.isoformat(),
            valid_until=found.valid_until.isoformat() if found.valid_until else None,
            newest_version=found.newest_version.isoformat(),
            repealed_by=found.repealed_by,
            around=[
                NeighbourOut(article=number_out(part.number), title=part.spoken, text=part.text)
                for part in found.around
            ],
        )


class TopicOut(BaseModel):
    id: str
    name: dict[str, str]


class LanguageOut(BaseModel):
    language: str
    title: str
    status: str
    questions: list[str]
    spoken: str | None
    sections: dict[str, str]
    """Heading -> Markdown without HTML."""
    stale: bool
    """The Chinese version changed after this was translated."""


class AttachmentOut(BaseModel):
    id: int
    name: str
    kind: str
    size: int
    picture: bool

    @staticmethod
    def of(row: AttachmentRow) -> "AttachmentOut":
        picture = row.kind.startswith("image/")
        return AttachmentOut(id=row.id, name=row.name, kind=row.kind, size=row.size, picture=picture)


class EntryOut(BaseModel):
    id: str
    topic: str
    groups: list[str]
    region: list[str]
    valid: Literal["current", "expired", "future"]
    valid_from: date
    valid_until: date | None
    owner: str
    reviewer: str | None
    reviewed_on: date | None
    review_due: date
    citations: list[EntryCitationOut]
    versions: list[LanguageOut]
    """Chinese first."""
    attachments: list[AttachmentOut] = []
    used: dict[str, int] = {}

    @staticmethod
    def of(rows: Sequence[EntryRow], laws: Mapping[str, Standing], today: date) -> "EntryOut | None":
        chinese = next((row for row in rows if row.language == "zh"), None)
        if chinese is None:
            return None
        front = Entry.from_data(chinese.path, chinese.data).front
        assert isinstance(front, Front)  # noqa: S101
        return EntryOut(
            id=front.id,
            topic=front.topic,
            groups=front.groups,
            region=front.region,
            valid=entry_validity(today, front),
            valid_from=front.valid_from,
            valid_until=front.valid_until,
            owner=front.owner,
            reviewer=front.reviewer,
            reviewed_on=front.reviewed_on,
            review_due=front.review_due,
            citations=[EntryCitationOut.cited(front, one, laws, today) for one in front.laws],
            versions=[
                _language_out(row, chinese.data["hash"]) for row in sorted(rows, key=lambda row: row.language != "zh")
            ],
        )


def _language_out(row: EntryRow, chinese_hash: str) -> LanguageOut:
    entry = Entry.from_data(row.path, row.data)
    front = entry.front
    return LanguageOut(
        language=row.language,
        title=front.title,
        status=front.status,
        questions=list(front.questions),
        spoken=front.spoken,
        sections=entry.sections,
        stale=isinstance(front, TranslationFront) and front.translates != chinese_hash,
    )


class GapIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: str = Field(min_length=1, max_length=2000)
    topic: str | None = Field(None, max_length=40)
    call: str | None = Field(None, max_length=80)


class GapOut(BaseModel):
    at: datetime
    words: str
    topic: str | None
    call: str | None

    @staticmethod
    def of(row: GapRow) -> "GapOut":
        return GapOut(at=row.at, words=row.words, topic=row.topic, call=row.call)


class UseIn(BaseModel):
    model_config = ConfigDict(extra="forbid")

    act: Literal["opened", "cited", "searched"]
    kind: Literal["entry", "article"]
    target: str = Field(min_length=1, max_length=300)
    call: str | None = Field(None, max_length=80)
    dwell_s: int | None = Field(None, ge=0, le=86_400)
    words: str | None = Field(None, max_length=300)

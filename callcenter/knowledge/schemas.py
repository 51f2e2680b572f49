"""Search results and entries as JSON. The names of the search are relied on by other programs."""

from typing import Literal

from pydantic import BaseModel

from callcenter.knowledge.search.model import Found, Hit
from callcenter.knowledge.statutes.reading import ArticleText


def number_out(number: str) -> int | str:
    """47 as a number, `120-1` as text."""
    return int(number) if number.isdecimal() else number


class CitationOut(BaseModel):
    law: str
    article: int | str


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

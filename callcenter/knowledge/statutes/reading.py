"""One article to read, with its neighbours and how long it is law."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.errors import BadInput
from callcenter.knowledge.search.model import Valid, validity
from callcenter.knowledge.statutes.names import loose
from callcenter.knowledge.statutes.numerals import canonical, spoken
from callcenter.knowledge.statutes.repository import Statutes, validity_of
from callcenter.knowledge.table import ArticleRow, LawRow

AROUND_MAX = 20


@dataclass(frozen=True, slots=True)
class Part:
    number: str
    text: str

    @property
    def spoken(self) -> str:
        return spoken(self.number)


@dataclass(frozen=True, slots=True)
class ArticleText:
    law: str
    number: str
    heading: str
    text: str
    version: date
    valid: Valid
    valid_from: date
    valid_until: date | None
    newest_version: date
    repealed_by: str | None
    around: list[Part]

    @property
    def spoken(self) -> str:
        return spoken(self.number)


def read_article(
    session: Session, law: str, number: str, version: date | None, around: int, today: date
) -> ArticleText | None:
    """Without `version` the one in force today. Raises BadInput for what is no article number."""
    try:
        wanted = canonical(number)
    except ValueError as problem:
        raise BadInput(str(problem)) from None
    row = _law(session, law)
    if row is None:
        return None
    versions = validity_of(Statutes(session).versions(), {row.id: row}).get(row.id, [])
    begun = [held for held in versions if held[1] <= today] or versions[:1]
    held = next((one for one in versions if one[0].version == version), None) if version else begun[-1]
    if held is None:
        return None
    kept, since, until = held
    article = session.scalar(select(ArticleRow).where(ArticleRow.version_id == kept.id, ArticleRow.number == wanted))
    if article is None:
        return None
    reach = max(0, min(around, AROUND_MAX))
    neighbours = session.scalars(
        select(ArticleRow)
        .where(
            ArticleRow.version_id == kept.id,
            ArticleRow.position.between(article.position - reach, article.position + reach),
        )
        .order_by(ArticleRow.position)
    )
    return ArticleText(
        law=row.name,
        number=article.number,
        heading=article.heading,
        text=article.text,
        version=kept.version,
        valid=validity(today, since, until),
        valid_from=since,
        valid_until=until,
        newest_version=versions[-1][0].version,
        repealed_by=row.repealed_by,
        around=[Part(neighbour.number, neighbour.text) for neighbour in neighbours],
    )


def _law(session: Session, name: str) -> LawRow | None:
    """By its full name, however its brackets are written."""
    exact = session.scalar(select(LawRow).where(LawRow.name == name))
    if exact is not None:
        return exact
    return next((row for row in Statutes(session).laws() if loose(row.name) == loose(name)), None)

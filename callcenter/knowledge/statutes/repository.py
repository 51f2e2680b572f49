"""Queries on statutes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from callcenter.knowledge.statutes.model import Article
from callcenter.knowledge.table import ArticleRow, KnowledgeStateRow, LawFileRow, LawRow, LawVersionRow

MARK = "statutes"


@dataclass(frozen=True, slots=True)
class StoredArticle:
    law: str
    kind: str
    version: date
    valid_from: date
    valid_until: date | None
    """First day on which it is no longer law; None: no end is known."""
    number: str
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A statute as it stands today."""

    version: date
    since: date
    """First day of the version in force; of a statute to come its first day."""
    repealed: bool
    versions: frozenset[date]


class Statutes:
    def __init__(self, session: Session) -> None:
        self._session = session

    def mark(self) -> str:
        """Changes whenever a statute does; empty: none was ever imported."""
        row = self._session.get(KnowledgeStateRow, MARK)
        return row.mark if row else ""

    def set_mark(self, mark: str) -> None:
        row = self._session.get(KnowledgeStateRow, MARK)
        if row is None:
            self._session.add(KnowledgeStateRow(name=MARK, mark=mark))
        else:
            row.mark = mark

    def files(self) -> dict[str, LawFileRow]:
        return {row.path: row for row in self._session.scalars(select(LawFileRow))}

    def keep_file(self, path: str, digest: str, version_id: int | None, remarks: Sequence[str]) -> None:
        row = self._session.get(LawFileRow, path) or LawFileRow(path=path)
        row.digest, row.version_id, row.remarks = digest, version_id, list(remarks)
        self._session.add(row)

    def files_of(self, name: str, version: date) -> list[str]:
        query = (
            select(LawFileRow.path)
            .join(LawVersionRow, LawVersionRow.id == LawFileRow.version_id)
            .join(LawRow)
            .where(LawRow.name == name, LawVersionRow.version == version)
        )
        return list(self._session.scalars(query))

    def law(self, name: str, kind: str) -> LawRow:
        """The statute of that name, made if it is new."""
        row = self._session.scalar(select(LawRow).where(LawRow.name == name))
        if row is None:
            row = LawRow(name=name, kind=kind)
            self._session.add(row)
            self._session.flush()
        return row

    def version(self, law: LawRow, version: date) -> LawVersionRow | None:
        return self._session.scalar(
            select(LawVersionRow).where(LawVersionRow.law_id == law.id, LawVersionRow.version == version)
        )

    def same_text(self, law: LawRow, digest: str) -> LawVersionRow | None:
        return self._session.scalar(
            select(LawVersionRow).where(LawVersionRow.law_id == law.id, LawVersionRow.digest == digest).limit(1)
        )

    def keep_version(
        self,
        law: LawRow,
        version: date,
        in_force: date,
        digest: str,
        repeals: Sequence[str],
        articles: Sequence[Article],
    ) -> LawVersionRow:
        row = self.version(law, version)
        if row is None:
            row = LawVersionRow(law_id=law.id, version=version)
            self._session.add(row)
        row.in_force, row.digest, row.repeals = in_force, digest, list(repeals)
        self._session.flush()
        self._session.execute(delete(ArticleRow).where(ArticleRow.version_id == row.id))
        self._session.execute(
            insert(ArticleRow),
            [
                {
                    "version_id": row.id,
                    "number": article.number,
                    "position": position,
                    "heading": article.heading,
                    "text": article.text,
                }
                for position, article in enumerate(articles)
            ],
        )
        return row

    def laws(self) -> Sequence[LawRow]:
        return self._session.scalars(select(LawRow).order_by(LawRow.name)).all()

    def standing(self, today: date) -> dict[str, Standing]:
        """By full name."""
        rows = {row.id: row for row in self.laws()}
        found = {}
        for law_id, versions in validity_of(self.versions(), rows).items():
            begun = [held for held in versions if held[1] <= today] or versions[:1]
            row, since, until = begun[-1]
            repealed = until is not None and until <= today
            known = frozenset(held[0].version for held in versions)
            found[rows[law_id].name] = Standing(row.version, since, repealed, known)
        return found

    def versions(self) -> Sequence[LawVersionRow]:
        return self._session.scalars(select(LawVersionRow).order_by(LawVersionRow.law_id, LawVersionRow.version)).all()

    def numbers(self) -> dict[int, set[str]]:
        """Version id -> the numbers of its articles."""
        found: dict[int, set[str]] = {}
        for version_id, number in self._session.execute(select(ArticleRow.version_id, ArticleRow.number)):
            found.setdefault(version_id, set()).add(number)
        return found

    def counts(self) -> tuple[int, int, int]:
        """Statutes, versions, articles."""
        tables = (LawRow, LawVersionRow, ArticleRow)
        laws, versions, articles = (
            self._session.scalar(select(func.count()).select_from(table)) or 0 for table in tables
        )
        return laws, versions, articles

    def articles(self, law: str | None = None) -> Iterator[StoredArticle]:
        """All of them, or those of one statute: each statute's newest version first, articles in order."""
        laws = {row.id: row for row in self.laws() if law is None or row.name == law}
        validity = validity_of(self.versions(), laws)
        for law_id, row in laws.items():
            for version, since, until in reversed(validity.get(law_id, [])):
                query = (
                    select(ArticleRow.number, ArticleRow.heading, ArticleRow.text)
                    .where(ArticleRow.version_id == version.id)
                    .order_by(ArticleRow.position)
                )
                for number, heading, text in self._session.execute(query):
                    yield StoredArticle(row.name, row.kind, version.version, since, until, number, heading, text)


def validity_of(
    versions: Iterable[LawVersionRow], laws: dict[int, LawRow]
) -> dict[int, list[tuple[LawVersionRow, date, date | None]]]:
    """For each statute its versions, oldest first, with first day and first day after. A version ends where the next
    one takes force, all of them where the statute is repealed."""
    found: dict[int, list[tuple[LawVersionRow, date, date | None]]] = {}
    by_law: dict[int, list[LawVersionRow]] = {}
    for version in versions:
        if version.law_id in laws:
            by_law.setdefault(version.law_id, []).append(version)
    for law_id, own in by_law.items():
        own.sort(key=lambda row: (row.in_force, row.version))
        ends: list[date | None] = [row.in_force for row in own[1:]]
        repealed = laws[law_id].repealed_on
        found[law_id] = [
            (row, row.in_force, min((day for day in (end, repealed) if day), default=None))
            for row, end in zip(own, [*ends, None], strict=True)
        ]
    return found

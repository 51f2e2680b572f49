"""A statute as it was read from one file."""

from dataclasses import dataclass, field
from datetime import date

from callcenter.knowledge.statutes.numerals import sort_key


@dataclass(frozen=True, slots=True)
class Article:
    number: str
    """`47`, `120-1`; `0`: the whole of a text without articles."""
    heading: str
    """Part, chapter and section, outermost first, with ` > ` between them."""
    text: str
    """Paragraphs, one a line, without the number."""
    line: int
    """Of the file, from 1."""


@dataclass(frozen=True, slots=True)
class Statute:
    name: str
    version: date
    """Day of adoption or of the last amendment; it names the version."""
    in_force: date
    """First day of validity, as far as the text says; otherwise `version`."""
    kind: str
    articles: tuple[Article, ...]
    repeals: tuple[str, ...] = ()
    """Names that the closing articles declare repealed."""
    remarks: tuple[str, ...] = field(default=())
    """What a reader of the file should know: `line 631: article 128 …`."""

    def sorted_articles(self) -> list[Article]:
        return sorted(self.articles, key=lambda article: sort_key(article.number))


class Unreadable(ValueError):
    """The file is no statute; the message is the reason, and names the line where there is one."""

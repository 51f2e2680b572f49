"""An entry as its file says. Front matter is checked strictly: a key that is not here is an error, not a comment."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from callcenter.knowledge.statutes.names import law_name
from callcenter.knowledge.statutes.numerals import canonical

Language = Literal["zh", "bo", "mn"]
Status = Literal["starter", "draft", "in-review", "published", "retired"]
STARTER_NOTE = "starter content, to be reviewed by the site's lawyers"

SECTIONS = ("简短回答", "要问清", "步骤", "材料", "去哪里", "依据")
"""Level-2 headings of the body, in this order, all of them."""
SPOKEN_MAX = 300
"""Characters: at most a minute and a half on the telephone."""
EVERYWHERE = "全国"

Id = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)?$", min_length=3, max_length=80)]
"""The file's name without `.md`, with or without its folder."""


def _as_text(value: Any) -> Any:
    """`12315` without quotes is a number for YAML and a word for everybody else."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _as_list(value: Any) -> Any:
    """One region may be written without brackets; `national` is 全国."""
    regions = [value] if isinstance(value, str) else value
    return (
        [EVERYWHERE if region == "national" else region for region in regions] if isinstance(regions, list) else value
    )


Line = Annotated[str, BeforeValidator(_as_text), Field(min_length=1, max_length=200, pattern=r"^[^\n\r]+$")]
Question = Annotated[str, BeforeValidator(_as_text), Field(min_length=2, max_length=80, pattern=r"^[^\n\r]+$")]


def _number(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("an article number is 47, 120-1 or 第一百二十条之一")
    return canonical(value)


def _full_name(value: str) -> str:
    if value != law_name(value):
        raise ValueError(f"write the statute's name without 中华人民共和国 and without a date: {law_name(value)}")
    return value


class Citation(BaseModel):
    """An article of a statute. Without `version` the version in force is meant."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    law: Annotated[Line, AfterValidator(_full_name)]
    article: Annotated[str, BeforeValidator(_number)]
    version: date | None = None
    """Day that names a version, for questions that an old text still governs."""


class Front(BaseModel):
    """Front matter of the Chinese version."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    title: Line
    questions: Annotated[list[Question], Field(min_length=3, max_length=30)]
    """How callers put it; the search reads them."""
    asked_as: Annotated[list[Question], Field(max_length=30)] = []
    """The same matter in everyday words, in dialect, as a cry: for the search only, nobody is shown them."""
    keywords: Annotated[list[Line], Field(max_length=30)] = []
    """Other words by which lawyers look for it."""
    topic: Id
    groups: list[Annotated[str, Field(pattern=r"^[a-z_]{2,40}$")]] = []
    """Whom it concerns in particular; ids of the catalogue of case records."""
    region: Annotated[list[Line], BeforeValidator(_as_list), Field(min_length=1)] = [EVERYWHERE]
    valid_from: date
    valid_until: date | None = None
    """First day on which it is no longer valid."""
    status: Status
    owner: Line
    reviewer: Line | None = None
    reviewed_on: date | None = None
    written_on: date | None = None
    """Of starter content: the statutes were read on that day. Counts until somebody here has reviewed it."""
    review_due: date
    laws: Annotated[list[Citation], Field(min_length=1, max_length=40)]
    spoken: Annotated[str, Field(min_length=10, max_length=SPOKEN_MAX)] | None = None
    """What a caller may hear from the machine."""

    @model_validator(mode="after")
    def _dates_agree(self) -> "Front":
        if self.valid_until is not None and self.valid_until <= self.valid_from:
            raise ValueError("valid_until is not after valid_from")
        if self.status == "published" and (self.reviewer is None or self.reviewed_on is None):
            raise ValueError("a published entry needs reviewer and reviewed_on")
        if (self.reviewer is None) != (self.reviewed_on is None):
            raise ValueError("reviewer and reviewed_on belong together: give both or neither")
        return self

    @property
    def read_on(self) -> date | None:
        """Day on which the cited articles were last read; a version that took force later makes it stale."""
        return self.reviewed_on or self.written_on


class TranslationFront(BaseModel):
    """Front matter of `<id>.bo.md` and `<id>.mn.md`; everything else is taken from the Chinese version."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    language: Literal["bo", "mn"]
    title: Line
    questions: Annotated[list[Line], Field(min_length=1, max_length=30)]
    keywords: Annotated[list[Line], Field(max_length=30)] = []
    translates: Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]
    """`content_hash` of the Chinese version that was translated."""
    status: Status
    translator: Line
    reviewer: Line | None = None
    reviewed_on: date | None = None
    spoken: Annotated[str, Field(min_length=2, max_length=SPOKEN_MAX)] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One language version. `sections`: heading -> Markdown."""

    file: str
    front: Front | TranslationFront
    sections: dict[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return self.front.id

    @property
    def language(self) -> Language:
        return self.front.language if isinstance(self.front, TranslationFront) else "zh"

    def content_hash(self) -> str:
        """Of what a translator translates: a new review date does not make the translations stale."""
        front = self.front.model_dump(mode="json", include={"title", "questions", "keywords", "laws", "spoken"})
        text = json.dumps([front, self.sections], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def as_data(self) -> dict[str, Any]:
        return {"front": self.front.model_dump(mode="json"), "sections": self.sections, "hash": self.content_hash()}

    @staticmethod
    def from_data(file: str, data: dict[str, Any]) -> "Entry":
        kind = TranslationFront if "translates" in data["front"] else Front
        return Entry(file, kind.model_validate(data["front"]), data["sections"])

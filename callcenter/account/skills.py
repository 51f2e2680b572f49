"""The one place that says which languages and fields of law a person serves, and how well. A manager approved them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from callcenter.account.table import PersonRow
from callcenter.routing.model import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Skills:
    languages: Mapping[str, Level] = field(default_factory=dict)
    """Line -> how well he speaks it."""
    fields: Mapping[str, Level] = field(default_factory=dict)
    """Matter of `consultation/topics.yaml` -> how well he knows it."""


def skills_of(person: PersonRow) -> Skills:
    languages = {language: Level(person.levels.get(language, Level.NATIVE)) for language in person.languages}
    return Skills(languages=languages, fields={name: Level(level) for name, level in person.fields.items()})

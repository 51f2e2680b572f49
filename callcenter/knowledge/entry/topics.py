"""`knowledge_base/topics.yaml`: what entries are sorted by, and which statutes each topic mostly rests on."""

from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from callcenter.errors import BadInput


class Topic(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    name: dict[str, str]
    consultation: list[str]
    """Codes of the case record that mean this topic."""
    laws: list[str]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topics: list[Topic]


@dataclass(frozen=True, slots=True)
class Topics:
    all: dict[str, Topic]

    @property
    def laws(self) -> list[str]:
        """Statutes of all topics."""
        return list(dict.fromkeys(law for topic in self.all.values() for law in topic.laws))

    def of(self, code: str) -> list[Topic]:
        """By topic id, or by the code of a case record; empty: nothing of ours."""
        if code in self.all:
            return [self.all[code]]
        return [topic for topic in self.all.values() if code in topic.consultation]


def read_topics(folder: Path) -> Topics:
    """Raises BadInput."""
    path = folder / "topics.yaml"
    try:
        content = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
        topics = _File.model_validate(content).topics
    except (OSError, UnicodeDecodeError, YAMLError, ValidationError) as problem:
        raise BadInput(f"{path}: cannot be read: {str(problem).splitlines()[0]}") from problem
    return Topics({topic.id: topic for topic in topics})

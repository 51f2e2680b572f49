"""`knowledge_base/words/*.yaml`: what callers say, and how the statutes put it. Kept by lawyers, checked by `kb check`.

A matter is a set of expressions ("say") that mean the same: parts with spaces between them must all occur, in any
order; `<boss>` stands for any word of that class. `law` holds wording of the statutes to search for instead, `in` the
statutes in which it is most likely found.
"""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from callcenter.ivr.yaml_source import YamlSource, read_yaml
from callcenter.knowledge.entry.faults import faults_of
from callcenter.knowledge.entry.finding import Finding

File = TypeVar("File", bound=BaseModel)

GENERAL = "general.yaml"
LAWS = "laws.yaml"
NAMED = 3
"""A term given by itself counts as much as one that occurs so often."""

Text = Annotated[str, BeforeValidator(lambda value: str(value) if isinstance(value, int | float) else value)]
"""`996` and `12315` are words here."""


class _Matter(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    say: Annotated[list[Text], Field(min_length=1)]
    law: Annotated[list[Text], Field(min_length=1)]
    within: Annotated[list[str], Field(alias="in")] = []


class _TopicFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topic: str
    matters: list[_Matter]


class _GeneralFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    classes: dict[str, list[Text]]
    words: dict[Text, list[Text]]
    ignore: list[Text]
    terms: list[Text] = []


class _LawsFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    aliases: dict[str, str]


@dataclass(frozen=True, slots=True)
class Matter:
    topic: str
    say: tuple[tuple[tuple[str, ...], ...], ...]
    """Expressions; each is parts that must all occur; each part is one of several words."""
    law: tuple[str, ...]
    within: tuple[str, ...]
    file: str
    line: int


@dataclass(frozen=True)
class Words:
    synonyms: dict[str, tuple[str, ...]]
    """Everyday word -> words of the statutes."""
    ignored: frozenset[str]
    matters: tuple[Matter, ...]
    aliases: dict[str, str]
    """Short name of a statute -> its full name."""
    named: tuple[str, ...] = ()
    """Terms that lawyers type in pinyin, beside those that occur in the matters."""

    def matching(self, text: str) -> list[tuple[float, Matter]]:
        """Matters of which an expression occurs in `text`, with how much the most telling one tells, the most
        telling first."""
        lengths: dict[tuple[int, int], dict[int, float]] = {}
        for word in _substrings(text, self._longest):
            for matter, expression, part in self._places.get(word, ()):
                parts = lengths.setdefault((matter, expression), {})
                parts[part] = max(parts.get(part, 0), self._rarity[word])
        best: dict[int, float] = {}
        for (matter, expression), parts in lengths.items():
            if len(parts) == len(self.matters[matter].say[expression]):
                best[matter] = max(best.get(matter, 0), sum(parts.values()))
        return [(length, self.matters[at]) for at, length in sorted(best.items(), key=lambda item: (-item[1], item[0]))]

    @cached_property
    def _places(self) -> dict[str, list[tuple[int, int, int]]]:
        """Word -> (matter, expression, part) where it stands."""
        found: dict[str, list[tuple[int, int, int]]] = {}
        for at, matter in enumerate(self.matters):
            for number, parts in enumerate(matter.say):
                for part, words in enumerate(parts):
                    for word in words:
                        found.setdefault(word, []).append((at, number, part))
        return found

    @cached_property
    def _rarity(self) -> dict[str, float]:
        """How much a word tells: more if it is long, and if few matters have it."""
        whole = len(self.matters)
        return {
            word: math.sqrt(len(word)) * math.log(2 + whole / len({at for at, _, _ in places}))
            for word, places in self._places.items()
        }

    @cached_property
    def _longest(self) -> int:
        return max((len(word) for word in self._places), default=0)

    @cached_property
    def terms(self) -> tuple[str, ...]:
        """Words worth knowing by sound: typed as pinyin, or mistyped as another word of the same sound."""
        found = dict.fromkeys(self.named, NAMED)
        for matter in self.matters:
            for parts in matter.say:
                plain = [words[0] for words in parts if len(words) == 1]
                for word in (*plain, "".join(plain) if len(plain) > 1 else ""):
                    found[word] = found.get(word, 0) + 1
            for phrase in matter.law:
                for word in phrase.split():
                    found[word] = found.get(word, 0) + 1
        for word, meanings in self.synonyms.items():
            for term in (word, *meanings):
                found[term] = found.get(term, 0) + 1
        known = [word for word in found if 2 <= len(word) <= 8]
        return tuple(sorted(known, key=lambda word: (-found[word], word)))

    @cached_property
    def legal(self) -> tuple[str, ...]:
        """The statutes' own words."""
        phrases = [word for matter in self.matters for phrase in matter.law for word in phrase.split()]
        return (*self.named, *phrases, *(meaning for meanings in self.synonyms.values() for meaning in meanings))


NO_WORDS = Words({}, frozenset(), (), {})


def _substrings(text: str, longest: int) -> set[str]:
    return {
        text[start:end] for start in range(len(text)) for end in range(start + 1, min(len(text), start + longest) + 1)
    }


def read_words(folder: Path) -> tuple[Words, list[Finding]]:
    """All that can be read of `folder`, and what is wrong with the rest. Never raises for what is in a file."""
    findings: list[Finding] = []
    sources: dict[str, YamlSource] = {}
    for path in sorted(folder.glob("*.yaml")):
        name = f"{folder.name}/{path.name}"
        try:
            source = read_yaml(path.read_bytes(), name)
        except OSError as problem:
            findings.append(Finding(name, 1, "not-readable", f"cannot be read: {problem.strerror}"))
            continue
        if isinstance(source, YamlSource):
            sources[path.name] = source
        else:
            findings.append(Finding(name, source.line, "bad-words", source.message))
    general = _model(_GeneralFile, sources.pop(GENERAL, None), findings)
    laws = _model(_LawsFile, sources.pop(LAWS, None), findings)
    classes = (
        {name: tuple(word.lower() for word in words) for name, words in general.classes.items()} if general else {}
    )
    matters: list[Matter] = []
    for source in sources.values():
        file = _model(_TopicFile, source, findings)
        if file is not None:
            matters += _matters(file, source, classes, findings)
    words = Words(
        synonyms={word: tuple(meanings) for word, meanings in general.words.items()} if general else {},
        ignored=frozenset(general.ignore) if general else frozenset(),
        matters=tuple(matters),
        aliases=laws.aliases if laws else {},
        named=tuple(general.terms) if general else (),
    )
    return words, findings


def _model(kind: type[File], source: YamlSource | None, findings: list[Finding]) -> File | None:
    if source is None:
        return None
    try:
        return kind.model_validate(source.value)
    except ValidationError as problem:
        faults = faults_of(problem, kind, source, source.name)
        findings += [Finding(fault.file, max(fault.line - 1, 1), "bad-words", fault.message) for fault in faults]
        return None


def _matters(
    file: _TopicFile, source: YamlSource, classes: dict[str, tuple[str, ...]], findings: list[Finding]
) -> list[Matter]:
    found = []
    for at, matter in enumerate(file.matters):
        line = source.line("matters", str(at))
        say = []
        for expression in matter.say:
            parts = []
            for part in expression.lower().split():
                name = part[1:-1] if part.startswith("<") and part.endswith(">") else None
                if name is not None and name not in classes:
                    message = f"there is no class `{part}` in {GENERAL}; there are {', '.join(sorted(classes))}"
                    findings.append(Finding(source.name, line, "bad-words", message))
                parts.append(classes.get(name, ()) if name is not None else (part,))
            say.append(tuple(parts))
        found.append(Matter(file.topic, tuple(say), tuple(matter.law), tuple(matter.within), source.name, line))
    return found

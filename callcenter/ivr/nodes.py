"""Kinds of nodes that need nothing but the caller: play, questions, decisions, ends."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from callcenter.ivr.condition import Condition
from callcenter.ivr.names import FactName, FactValue, Key, LanguageCode, LineName, NodeId, PromptId
from callcenter.ivr.node import BaseNode, Exit, Prompts, Question, ids_of

BY_LANGUAGE = "by-language"
"""As the value of `queue`: the line of the language the caller chose."""


class Play(BaseNode):
    """Plays prompts in the call's language. A key ends it at once and counts for the next input."""

    kind: ClassVar[str] = "play"
    play: Prompts
    interrupt: bool = True
    next: NodeId

    def prompts(self) -> tuple[str, ...]:
        return ids_of(self.play)

    def exits(self) -> Iterator[Exit]:
        yield Exit("", self.next)


class Menu(Question):
    """One key, one way on."""

    kind: ClassVar[str] = "menu"
    menu: Prompts
    keys: dict[Key, NodeId] = Field(min_length=1)

    def asks(self) -> tuple[str, ...]:
        return ids_of(self.menu)


class Language(Question):
    """The call's language by one key; the prompt is played once in each language offered, each in its own voice."""

    kind: ClassVar[str] = "language"
    language: Prompts
    choices: dict[Key, LanguageCode] = Field(min_length=1)
    keys: dict[Key, NodeId] = Field(default_factory=dict)
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return ids_of(self.language)

    def exits(self) -> Iterator[Exit]:
        for key, language in self.choices.items():
            yield Exit(f"{key} {language}", self.next, by_key=True)
        yield from super().exits()


class Collect(Question):
    """A number of several keys, kept as a fact. An entry listed in `keys` (such as `0`) goes its own way."""

    kind: ClassVar[str] = "collect"
    collect: Prompts
    into: FactName
    min_digits: int = Field(1, ge=1, le=20)
    max_digits: int = Field(20, ge=1, le=20)
    terminator: Literal["#", "*", ""] = "#"
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return ids_of(self.collect)

    def exits(self) -> Iterator[Exit]:
        yield Exit("number", self.next, by_key=True)
        yield from super().exits()


class Survey(Question):
    """One grade by one key. 1 is the best (very satisfied), 5 the worst (very dissatisfied)."""

    kind: ClassVar[str] = "survey"
    survey: Prompts
    grades: dict[Key, Annotated[int, Field(ge=1, le=5)]] = Field(
        default_factory=lambda: {str(grade): grade for grade in range(1, 6)}, min_length=1
    )
    keys: dict[Key, NodeId] = Field(default_factory=dict)
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return ids_of(self.survey)

    def exits(self) -> Iterator[Exit]:
        yield Exit("grade", self.next, by_key=True)
        yield from super().exits()


class Branch(BaseNode):
    """The first condition that holds decides; else `otherwise`."""

    kind: ClassVar[str] = "branch"
    branch: Annotated[list[Condition], Field(min_length=1, max_length=30)]
    otherwise: NodeId

    def exits(self) -> Iterator[Exit]:
        for condition in self.branch:
            yield Exit(condition.text(), condition.go)
        yield Exit("otherwise", self.otherwise)


class Set(BaseNode):
    """Writes facts of the call: `topic`, `language`, or a name of the site's own. A grade only the caller gives."""

    kind: ClassVar[str] = "set"
    set: dict[FactName, FactValue] = Field(min_length=1, max_length=20)
    next: NodeId

    def exits(self) -> Iterator[Exit]:
        yield Exit("", self.next)


class Queue(BaseNode):
    """The end for this flow: the caller waits for a person. `by-language` is the line of the call's language."""

    kind: ClassVar[str] = "queue"
    queue: LineName


class Goodbye(BaseNode):
    """The end of the flow without a person. May play a last word; the dialplan says goodbye itself."""

    kind: ClassVar[str] = "goodbye"
    goodbye: PromptId | Annotated[list[PromptId], Field(max_length=20)]

    def prompts(self) -> tuple[str, ...]:
        return ids_of(self.goodbye)

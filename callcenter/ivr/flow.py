"""What a flow file says: one YAML file is one flow, a graph of nodes.

A node has exactly one kind word (`play`, `menu`, `queue`, …), which carries the node's main value, and its own fields.
Unknown fields are refused, so a misspelt `retires:` cannot silently mean "the default".
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from callcenter.ivr.condition import Condition
from callcenter.ivr.names import (
    Entry,
    FactName,
    FactValue,
    Key,
    LanguageCode,
    LineName,
    NodeId,
    PromptId,
)

KEYPAD = "0123456789*#"
BY_LANGUAGE = "by-language"
"""As the value of `queue`: the line of the language the caller chose."""

Prompts = PromptId | Annotated[list[PromptId], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class Exit:
    """One arrow of the graph. `by_key`: taken only when the caller presses something."""

    label: str
    target: str
    by_key: bool = False


class _Node(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: ClassVar[str]

    note: str = ""
    """For the reader of the file; the caller never hears it."""

    def exits(self) -> Iterator[Exit]:
        yield from ()

    def prompts(self) -> tuple[str, ...]:
        """Ids of all that this node may play."""
        return ()


class _Input(_Node):
    """A node that waits for a key. Whatever the caller does, it ends at a named node."""

    timeout_s: float = Field(5.0, ge=1, le=30)
    """Seconds of silence after the prompt (and between two keys) that count as "no key"."""
    retries: int = Field(1, ge=0, le=3)
    """So often it is asked again after a key that means nothing here."""
    silence_retries: int = Field(0, ge=0, le=3)
    """So often it is asked again after no key."""
    again: Prompts | None = None
    """Played instead of the prompt when it is asked again."""
    otherwise: NodeId
    """Where the call goes when the tries are used up."""

    keys: dict[Entry, NodeId] = Field(default_factory=dict)

    def asks(self) -> tuple[str, ...]:
        raise NotImplementedError

    def prompts(self) -> tuple[str, ...]:
        return self.asks() + _ids(self.again)

    def exits(self) -> Iterator[Exit]:
        for key, target in self.keys.items():
            yield Exit(key, target, by_key=True)
        yield Exit("otherwise", self.otherwise)


class Play(_Node):
    """Plays prompts in the call's language. A key ends it at once and counts for the next input."""

    kind: ClassVar[str] = "play"
    play: Prompts
    interrupt: bool = True
    next: NodeId

    def prompts(self) -> tuple[str, ...]:
        return _ids(self.play)

    def exits(self) -> Iterator[Exit]:
        yield Exit("", self.next)


class Menu(_Input):
    """One key, one way on."""

    kind: ClassVar[str] = "menu"
    menu: Prompts
    keys: dict[Key, NodeId] = Field(min_length=1)

    def asks(self) -> tuple[str, ...]:
        return _ids(self.menu)


class Language(_Input):
    """The call's language by one key; the prompt is played once in each language offered, each in its own voice."""

    kind: ClassVar[str] = "language"
    language: Prompts
    choices: dict[Key, LanguageCode] = Field(min_length=1)
    keys: dict[Key, NodeId] = Field(default_factory=dict)
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return _ids(self.language)

    def exits(self) -> Iterator[Exit]:
        for key, language in self.choices.items():
            yield Exit(f"{key} {language}", self.next, by_key=True)
        yield from super().exits()


class Collect(_Input):
    """A number of several keys, kept as a fact. An entry listed in `keys` (such as `0`) goes its own way."""

    kind: ClassVar[str] = "collect"
    collect: Prompts
    into: FactName
    min_digits: int = Field(1, ge=1, le=20)
    max_digits: int = Field(20, ge=1, le=20)
    terminator: Literal["#", "*", ""] = "#"
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return _ids(self.collect)

    def exits(self) -> Iterator[Exit]:
        yield Exit("number", self.next, by_key=True)
        yield from super().exits()


class Survey(_Input):
    """One grade by one key. 1 is the best (very satisfied), 5 the worst (very dissatisfied)."""

    kind: ClassVar[str] = "survey"
    survey: Prompts
    grades: dict[Key, Annotated[int, Field(ge=1, le=5)]] = Field(
        default_factory=lambda: {str(grade): grade for grade in range(1, 6)}, min_length=1
    )
    keys: dict[Key, NodeId] = Field(default_factory=dict)
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return _ids(self.survey)

    def exits(self) -> Iterator[Exit]:
        yield Exit("grade", self.next, by_key=True)
        yield from super().exits()


class Branch(_Node):
    """The first condition that holds decides; else `otherwise`."""

    kind: ClassVar[str] = "branch"
    branch: Annotated[list[Condition], Field(min_length=1, max_length=30)]
    otherwise: NodeId

    def exits(self) -> Iterator[Exit]:
        for condition in self.branch:
            yield Exit(condition.text(), condition.go)
        yield Exit("otherwise", self.otherwise)


class Set(_Node):
    """Writes facts of the call: `topic`, `language`, or a name of the site's own. A grade only the caller gives."""

    kind: ClassVar[str] = "set"
    set: dict[FactName, FactValue] = Field(min_length=1, max_length=20)
    next: NodeId

    def exits(self) -> Iterator[Exit]:
        yield Exit("", self.next)


class Queue(_Node):
    """The end for this flow: the caller waits for a person. `by-language` is the line of the call's language."""

    kind: ClassVar[str] = "queue"
    queue: LineName


class Goodbye(_Node):
    """The end of the flow without a person. May play a last word; the dialplan says goodbye itself."""

    kind: ClassVar[str] = "goodbye"
    goodbye: PromptId | Annotated[list[PromptId], Field(max_length=20)]

    def prompts(self) -> tuple[str, ...]:
        return _ids(self.goodbye)


InputNode = Menu | Language | Collect | Survey
Node = Play | Menu | Language | Collect | Survey | Branch | Set | Queue | Goodbye
NODE_CLASSES: Mapping[str, type[_Node]] = MappingProxyType(
    {cls.kind: cls for cls in (Play, Menu, Language, Collect, Survey, Branch, Set, Queue, Goodbye)}
)


def kind_of(raw: Any) -> str | None:
    """The one kind word of a node as written, or None when there is none or more than one."""
    if isinstance(raw, _Node):
        return raw.kind
    if not isinstance(raw, Mapping):
        return None
    kinds = [word for word in raw if word in NODE_CLASSES]
    return str(kinds[0]) if len(kinds) == 1 else None


AnyNode = Annotated[
    Annotated[Play, Tag("play")]
    | Annotated[Menu, Tag("menu")]
    | Annotated[Language, Tag("language")]
    | Annotated[Collect, Tag("collect")]
    | Annotated[Survey, Tag("survey")]
    | Annotated[Branch, Tag("branch")]
    | Annotated[Set, Tag("set")]
    | Annotated[Queue, Tag("queue")]
    | Annotated[Goodbye, Tag("goodbye")],
    Discriminator(kind_of),
]


class Flow(BaseModel):
    """One flow. Immutable: a call keeps the flow it began with."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: NodeId
    """The same as the file's name without `.yaml`."""
    title: str = Field("", max_length=80)
    purpose: Literal["entry", "survey"] = "entry"
    """`entry`: a caller comes in and must be able to reach a person. `survey`: after the talk; no queue."""
    deadline_s: int = Field(180, ge=20, le=480)
    """Seconds after which the call leaves the flow by itself: to a person, or from a survey to the goodbye."""
    start: NodeId
    nodes: dict[NodeId, AnyNode] = Field(min_length=1, max_length=200)

    @cached_property
    def outside_facts(self) -> frozenset[str]:
        """Facts a branch looks at and no node of this flow writes: they come with the call."""
        asked: set[str] = set()
        written = {"language", "topic", "grade"}
        for node in self.nodes.values():
            if isinstance(node, Branch):
                asked |= {condition.fact for condition in node.branch}
            elif isinstance(node, Set):
                written |= set(node.set)
            elif isinstance(node, Collect):
                written.add(node.into)
        return frozenset(asked - written)


def _ids(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)

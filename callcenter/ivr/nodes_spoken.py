"""Kinds of nodes that know something or listen: a knowledge entry, how an order stands, a spoken word."""

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from callcenter.ivr.names import EntryId, Key, LanguageCode, NodeId, Word
from callcenter.ivr.node import BaseNode, Exit, Prompts, Question, ids_of
from callcenter.ivr.order import STATES


def entry_prompt(entry_id: str) -> str:
    """Id of the prompt that speaks an entry."""
    return f"kb-{entry_id.replace('/', '-')}"[:40].rstrip("-")


class Knowledge(BaseNode):
    """Speaks the short text of an entry of the knowledge base, as the prompt `kb-<entry>`.

    `languages`: those in which it is spoken; none named: all. `otherwise`: a caller of another language, an entry that
    is retired or not valid today or says something else than the prompt, or nobody knows.
    """

    kind: ClassVar[str] = "knowledge"
    knowledge: EntryId
    languages: list[LanguageCode] = Field(default_factory=list)
    next: NodeId
    otherwise: NodeId

    @property
    def prompt(self) -> str:
        return entry_prompt(self.knowledge)

    def speaks(self, language: str) -> bool:
        return not self.languages or language in self.languages

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,)

    def prompts_in(self, language: str) -> tuple[str, ...]:
        return self.prompts() if self.speaks(language) else ()

    def exits(self) -> Iterator[Exit]:
        yield Exit("spoken", self.next)
        yield Exit("otherwise", self.otherwise)


class Progress(Question):
    """How an order stands (a message, a wish to be called back): the caller keys its number and hears `order-<state>`.

    From another telephone than the order's the last four digits of that number are asked for, too, whether there is
    such an order or not. Without an engine, or when nobody can look: `otherwise`.
    """

    kind: ClassVar[str] = "progress"
    progress: Prompts
    last_four: Prompts = "order-last-four"
    again: Prompts | None = "order-not-found"
    retries: int = Field(2, ge=0, le=3)
    """Numbers that lead to nothing; after them `otherwise`."""
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return ids_of(self.progress)

    def prompts(self) -> tuple[str, ...]:
        told = tuple(f"order-{state}" for state in STATES)
        return (*self.asks(), *ids_of(self.last_four), *ids_of(self.again), *told)

    def exits(self) -> Iterator[Exit]:
        yield Exit("told", self.next, by_key=True)
        yield from super().exits()


class Speech(Question):
    """A spoken word or a key. Where nothing listens, and without an engine, it is a menu of keys with its own prompt.

    Every way a word leads a key leads, too: not everybody is understood.
    """

    kind: ClassVar[str] = "speech"
    speech: Prompts
    by_key: Prompts
    words: dict[Word, NodeId] = Field(min_length=1, max_length=50)
    keys: dict[Key, NodeId] = Field(min_length=1)
    listen_s: int = Field(6, ge=2, le=15)
    """Longest utterance; two seconds of silence end it."""

    def asks(self) -> tuple[str, ...]:
        return ids_of(self.by_key)

    def prompts(self) -> tuple[str, ...]:
        return (*ids_of(self.speech), *ids_of(self.by_key), *ids_of(self.again))

    def exits(self) -> Iterator[Exit]:
        for word, target in self.words.items():
            yield Exit(word, target, by_key=True)
        yield from super().exits()

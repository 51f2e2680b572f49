"""Kinds of nodes that ask the site something (hours, switches) or leave something behind (a message, a request)."""

from collections.abc import Iterator
from typing import ClassVar, Literal

from pydantic import Field

from callcenter.ivr.names import FactName, Key, LineName, NodeId, PromptId
from callcenter.ivr.node import BaseNode, Exit, Prompts, Question, ids_of
from callcenter.ivr.order import ORDER_WORDS


class Hours(BaseNode):
    """Whether a line is open now, by `site/hours.yaml`. `by-language`: the line of the call's language."""

    kind: ClassVar[str] = "hours"
    hours: LineName
    open: NodeId
    closed: NodeId

    def exits(self) -> Iterator[Exit]:
        yield Exit("open", self.open)
        yield Exit("closed", self.closed)


class Emergency(BaseNode):
    """An announcement that is heard only while a supervisor has switched it on. No key ends it."""

    kind: ClassVar[str] = "emergency"
    emergency: Prompts
    next: NodeId

    def prompts(self) -> tuple[str, ...]:
        return ids_of(self.emergency)

    def exits(self) -> Iterator[Exit]:
        yield Exit("", self.next)


class Say(BaseNode):
    """Speaks a fact by recorded words: a number, its digits, a date (2026-10-01) or a time (0830). Nothing, if the
    fact is not known or is not of that form."""

    kind: ClassVar[str] = "say"
    say: FactName
    form: Literal["number", "digits", "date", "time"] = "number"
    before: Prompts | None = None
    after: Prompts | None = None
    next: NodeId

    def prompts(self) -> tuple[str, ...]:
        return ids_of(self.before) + ids_of(self.after)

    def exits(self) -> Iterator[Exit]:
        yield Exit("", self.next)


class Voicemail(BaseNode):
    """The caller speaks after the prompt and a tone; `#`, silence, the time or a hang-up ends it.

    `otherwise`: nothing was said, or there is no engine to keep it.
    """

    kind: ClassVar[str] = "voicemail"
    voicemail: Prompts
    max_s: int = Field(120, ge=10, le=240)
    silence_s: int = Field(6, ge=2, le=20)
    comment: bool = False
    """In a survey: what is said belongs to the grade, and nobody is owed an answer."""
    thanks: Prompts
    next: NodeId
    otherwise: NodeId

    def prompts(self) -> tuple[str, ...]:
        return (*ids_of(self.voicemail), "tone", *ids_of(self.thanks), *ORDER_WORDS)

    def exits(self) -> Iterator[Exit]:
        yield Exit("kept", self.next)
        yield Exit("otherwise", self.otherwise)


class Callback(Question):
    """Offers to call back: the prompt, the caller's number digit by digit (or the one kept as `callback_number`), then
    `confirm`. The key `accept` files the request; without any number, or without an engine, `otherwise`."""

    kind: ClassVar[str] = "callback"
    callback: Prompts
    confirm: Prompts
    accept: Key = "1"
    thanks: Prompts
    next: NodeId

    def asks(self) -> tuple[str, ...]:
        return ids_of(self.callback)

    def prompts(self) -> tuple[str, ...]:
        return (*ids_of(self.callback), *ids_of(self.confirm), *ids_of(self.thanks), *ids_of(self.again), *ORDER_WORDS)

    def exits(self) -> Iterator[Exit]:
        yield Exit(f"{self.accept} accept", self.next, by_key=True)
        yield from super().exits()


class Transfer(BaseNode):
    """The end for this flow: on to a number outside, one of those named in `site/destinations.yaml`. If nobody answers
    there, the caller waits in the line of his language."""

    kind: ClassVar[str] = "transfer"
    transfer: PromptId


class Subflow(BaseNode):
    """Another file's nodes in this place. Its `return` goes on at `next`."""

    kind: ClassVar[str] = "subflow"
    subflow: NodeId
    next: NodeId

    def exits(self) -> Iterator[Exit]:
        yield Exit("return", self.next)


class Return(BaseNode):
    """The end of a subflow. The value is for the reader."""

    kind: ClassVar[str] = "return"
    return_: str = Field("", alias="return", max_length=40)

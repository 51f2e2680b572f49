"""What every node of a flow has, and every question."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from callcenter.ivr.names import Entry, NodeId, PromptId

KEYPAD = "0123456789*#"

Prompts = PromptId | Annotated[list[PromptId], Field(min_length=1, max_length=20)]


@dataclass(frozen=True, slots=True)
class Exit:
    """One arrow of the graph. `by_key`: taken only when the caller presses something."""

    label: str
    target: str
    by_key: bool = False


def ids_of(value: str | list[str] | None) -> tuple[str, ...]:
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


class BaseNode(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    kind: ClassVar[str]

    note: str = ""
    """For the reader of the file; the caller never hears it."""

    def exits(self) -> Iterator[Exit]:
        yield from ()

    def prompts(self) -> tuple[str, ...]:
        """Ids of all that this node may play."""
        return ()

    def prompts_in(self, _language: str) -> tuple[str, ...]:
        """Those that a caller of the language may hear."""
        return self.prompts()


class Question(BaseNode):
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

    @abstractmethod
    def asks(self) -> tuple[str, ...]:
        """Prompts of the question itself."""

    def prompts(self) -> tuple[str, ...]:
        return self.asks() + ids_of(self.again)

    def exits(self) -> Iterator[Exit]:
        for key, target in self.keys.items():
            yield Exit(key, target, by_key=True)
        yield Exit("otherwise", self.otherwise)

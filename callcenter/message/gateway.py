"""What every gateway can do. An adapter knows how one kind of provider is asked, and nothing of rows and rules."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`number` as `13812345678`. `template`: the carrier's own name of the text."""

    id: str
    number: str
    text: str
    values: Mapping[str, str]
    template: str = ""

    def __repr__(self) -> str:
        return f"Letter({self.id})"


@dataclass(frozen=True, slots=True)
class Taken:
    """The gateway has it. `parts` 0: it does not say."""

    id: str
    parts: int = 0


@dataclass(frozen=True, slots=True)
class Rejected:
    """It will never take this one. `code` is the provider's."""

    code: str


@dataclass(frozen=True, slots=True)
class NotSent:
    """It certainly did not take it: it may be asked again."""

    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """Nobody can say whether it has it: it must not be asked again."""

    why: str


Answer = Taken | Rejected | NotSent | Lost


class Gateway(Protocol):
    """Blocks; no method raises for what happens on the way."""

    name: str

    def send(self, letter: Letter) -> Answer: ...

    def find(self, letter: Letter, since: datetime) -> Taken | NotSent | Lost:
        """Whether a letter whose answer was lost is there. `Lost`: it cannot be told (yet)."""
        ...

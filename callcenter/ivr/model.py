"""A caller in a flow, what comes in and what is to be done, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from callcenter.asterisk.channel_control import ChannelGone, Digits, Finished, NoInput


@dataclass(frozen=True, slots=True)
class Started:
    """The caller is on the line. First input of every session, and given once."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """The flow's time is up, or a question cannot be asked because its prompt is not there: on to a person."""


@dataclass(frozen=True, slots=True)
class Known:
    """Answer to `Look`. What could not be told is not in it."""

    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kept:
    """Answer to `Record` and `File`: whether there is now a message, or a request, on record."""

    kept: bool
    order: str = ""
    """Its number, which the caller is told."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Answer to `Listen`: which of its words was said; empty: none of them."""

    word: str


@dataclass(frozen=True, slots=True)
class Deaf:
    """Answer to `Listen`: nothing listens any more."""


Input = Started | Finished | Digits | NoInput | ChannelGone | Overdue | Known | Kept | Heard | Deaf


@dataclass(frozen=True, slots=True)
class Spoken:
    """One prompt in one language. `own_voice`: Mandarin must not stand in; an offer of Tibetan is made in Tibetan."""

    prompt: str
    language: str
    own_voice: bool = False


@dataclass(frozen=True, slots=True)
class PlayPrompts:
    """Answered by `Finished`, or by `Digits` when a key ended it."""

    prompts: tuple[Spoken, ...]
    interrupt: bool = True


@dataclass(frozen=True, slots=True)
class Ask:
    """Answered by `Digits` or `NoInput`. `timeout_s` as in `ChannelControl.collect`."""

    prompts: tuple[Spoken, ...]
    digits: int
    timeout_s: float
    terminator: str = ""


@dataclass(frozen=True, slots=True)
class Listen:
    """Answered by `Heard`, by `Digits` (one key), `NoInput` when nothing was said, or `Deaf`."""

    prompts: tuple[Spoken, ...]
    words: tuple[str, ...]
    listen_s: int


@dataclass(frozen=True, slots=True)
class Note:
    """A fact of the call, for its record. Names as in `callcenter.asterisk.events.Fact`."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class SetVariable:
    """A channel variable the dialplan reads."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Look:
    """Answered by `Known`. Names as in `callcenter.ivr.facts`."""

    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """The caller's message. Answered by `Kept`; a message is also kept when he hangs up at its end."""

    max_s: int
    silence_s: int
    comment: bool = False
    """To the grade, not a message that wants an answer."""


@dataclass(frozen=True, slots=True)
class File:
    """A request to be called back. Answered by `Kept`."""

    number: str


@dataclass(frozen=True, slots=True)
class Leave:
    """The flow is over; the dialplan goes on at `next`. Always the last instruction of a session.

    `queue`: the line. `to`: the destination of a transfer.
    """

    next: Literal["queue", "goodbye", "transfer"]
    queue: str = ""
    to: str = ""


Instruction = PlayPrompts | Ask | Listen | Note | SetVariable | Look | Record | File | Leave


@dataclass(frozen=True, slots=True)
class Session:
    """Where one caller is. `step` returns the next one; nothing changes in place."""

    language: str
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Written by `set` and `collect`, or brought along by the call (`source`, …)."""
    node: str = ""
    path: tuple[str, ...] = ()
    """Nodes entered, in order."""
    told_language: str = ""
    """The language that is on the call's record and on its channel."""
    line: str = ""
    topic: str = ""
    grade: int | None = None
    wrong: int = 0
    silent: int = 0
    """Tries used at the present input."""
    typed: str = ""
    """Keys pressed before they were asked for."""
    part: str = ""
    """First keys of a number, typed ahead."""
    order: str = ""
    """An order's number, while its last four digits are asked for."""
    known: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Looked up for the present node."""
    thanked: bool = False
    """The present node has done its work and says so."""
    ended: bool = False

    def fact(self, name: str) -> str | None:
        match name:
            case "language":
                return self.language
            case "topic":
                return self.topic or self.facts.get("topic")
            case "grade":
                return None if self.grade is None else str(self.grade)
        return self.facts.get(name, self.known.get(name))

"""What a telephone menu can do to a caller's channel, whoever carries it out.

Results are values. A caller who hangs up is an ordinary end (`ChannelGone`), not an exception.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

ALL_KEYS = "0123456789*#"


@dataclass(frozen=True, slots=True)
class Digits:
    """Keys the caller pressed, without the terminator. Empty when only the terminator was pressed."""

    value: str


@dataclass(frozen=True, slots=True)
class NoInput:
    """The time was up and no key was pressed."""


@dataclass(frozen=True, slots=True)
class Finished:
    """Done. `value`: the variable that was asked for, the result of an application, otherwise empty."""

    value: str = ""


@dataclass(frozen=True, slots=True)
class ChannelGone:
    """The caller hung up, or the line to Asterisk broke. Nothing more can be done on this channel."""

    reason: str = "hangup"


class ChannelControl(Protocol):
    """One caller in a menu. Calls are made one at a time.

    Keys pressed while an announcement that does not listen is playing are kept, in order, for the next call that
    listens: a caller who knows the menu may type ahead.
    """

    async def play(self, files: Sequence[str], keys: str = "") -> Digits | Finished | ChannelGone:
        """Play sound files one after another (absolute paths without extension).

        A key of `keys` ends the whole prompt and is returned as `Digits` of one key. With no `keys` the prompt plays
        to its end. A file that cannot be played is skipped, logged and counted.
        """
        ...

    async def collect(
        self, files: Sequence[str], digits: int = 1, timeout_s: float = 5.0, terminator: str = ""
    ) -> Digits | NoInput | ChannelGone:
        """Play `files` and read up to `digits` keys; the first key ends the prompt.

        `timeout_s`: longest silence after the prompt, and between two keys. `terminator`: keys of which one ends the
        input; a terminator is not a key of the input.
        """
        ...

    async def record(self, file: str, max_s: float, silence_s: int, keys: str = "") -> Digits | Finished | ChannelGone:
        """Record the caller into `<file>.wav` until he is silent, presses one of `keys` (returned), or time is up."""
        ...

    async def set(self, name: str, value: str) -> Finished | ChannelGone:
        """Set a channel variable."""
        ...

    async def set_all(self, values: Mapping[str, str]) -> Finished | ChannelGone:
        """Set channel variables in this order, all in one command."""
        ...

    async def get(self, name: str) -> Finished | ChannelGone:
        """Read a channel variable; `value` is empty when it is not set."""
        ...

    async def exec(self, app: str, args: str = "") -> Finished | ChannelGone:
        """Run a dialplan application, e.g. `exec("Wait", "1")`. Ends when it ends, within the session's deadline."""
        ...

"""AGI on the wire: a command's words made safe, and a reply's lines read (Asterisk `res/res_agi.c`)."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from callcenter.asterisk.actions import UnsafeValue

COMMAND_MAX = 8000
"""Bytes. Asterisk cuts a longer line in two (`AGI_BUF_LEN` 8192) and would read its rest as another command."""
LINES_MAX = 200
"""Lines of one reply: a usage text, or a variable that holds line breaks."""

STATUS = re.compile(r"(\d{3})([ -])(.*)", re.DOTALL)
RESULT = re.compile(r"result=([^\s(]*)\s*(?:\((.*)\))?(?:\s+endpos=(-?\d+))?\s*", re.DOTALL)


class AgiGarbled(Exception):
    """What came is no AGI reply; the two sides are out of step."""


@dataclass(frozen=True, slots=True)
class Reply:
    code: int
    """200 done, 510 unknown command, 511 not on a dead channel, 520 wrong usage."""
    result: str = ""
    data: str = ""
    """What stands in brackets: a variable's value, or a note such as `timeout`."""
    endpos: int = 0
    """Samples played."""
    text: str = ""
    """The whole reply where it is not a result."""

    @property
    def number(self) -> int:
        """The result as a number; -1, which means hang-up or failure, when it is none."""
        try:
            return int(self.result)
        except ValueError:
            return -1


@dataclass(frozen=True, slots=True)
class HungUp:
    """Asterisk's unasked line `HANGUP`: the caller is gone."""


def command_line(*words: str) -> bytes:
    """One AGI command. The first word stands as it is, the others are quoted.

    Raises UnsafeValue for a line break or NUL, which would start another command, and for a line too long.
    """
    head, *rest = words
    quoted = [head]
    for word in rest:
        if any(mark in word for mark in "\r\n\0"):
            raise UnsafeValue(f"an argument of {head} must be one line without control characters; nothing was sent")
        quoted.append('"' + word.replace("\\", "\\\\").replace('"', '\\"') + '"')
    line = " ".join(quoted).encode() + b"\n"
    if len(line) > COMMAND_MAX:
        raise UnsafeValue(f"{head}: the arguments have more than {COMMAND_MAX} bytes; nothing was sent")
    return line


async def read_reply(read_line: Callable[[], Awaitable[str]]) -> Reply | HungUp:
    """Read one reply. `read_line` gives a line without its end. Raises AgiGarbled."""
    line = await read_line()
    while line.startswith("100"):  # "100 Trying...": the reply is still to come
        line = await read_line()
    if line == "HANGUP":
        return HungUp()
    status = STATUS.fullmatch(line)
    if status is None:
        raise AgiGarbled("a line that is no AGI reply")
    code, mark, rest = int(status[1]), status[2], status[3]
    if mark == "-":
        return Reply(code, text=rest + "\n" + await _until(read_line, f"{code} "))
    if code != 200:
        return Reply(code, text=rest)
    if re.match(r"result=1 \(", rest):  # a value may hold line breaks; its end is the closing bracket
        rest = await _closed(rest, read_line)
    result = RESULT.fullmatch(rest)
    if result is None:
        return Reply(code, rest.removeprefix("result=").split(" ")[0], text=rest)
    return Reply(code, result[1], result[2] or "", int(result[3] or 0))


async def _until(read_line: Callable[[], Awaitable[str]], end: str) -> str:
    lines: list[str] = []
    for _ in range(LINES_MAX):
        line = await read_line()
        if line.startswith(end):
            return "\n".join(lines)
        lines.append(line)
    raise AgiGarbled("a usage text without end")


async def _closed(text: str, read_line: Callable[[], Awaitable[str]]) -> str:
    for _ in range(LINES_MAX):
        if re.search(r"\)(?:\s+endpos=\d+)?\s*$", text):
            return text
        text += "\n" + await read_line()
    raise AgiGarbled("a value without end")

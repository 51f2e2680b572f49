"""The facts of a caller's way through the engine's menu, in one channel variable: the event log on file gets them in
one line when he leaves the menu, whoever ends it.

`<first, microseconds since 1970>;<microseconds after it>:<name>:<value>;…`, e.g.
`1763825791123456;0:node:welcome;2100345:key:language=1`.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

VARIABLE = "CC_TRAIL"
NAME = "trail"
"""Of the event in the CEL file."""
FULL = 3000
"""Characters. Asterisk cuts what it puts into an application's arguments at 8192, and a CEL line names it twice."""
_MARKS = str.maketrans(dict.fromkeys(';,"\\[]{}$', "_"))
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICRO = timedelta(microseconds=1)


@dataclass(slots=True)
class Trail:
    first: int = 0
    entries: list[str] = field(default_factory=list)
    length: int = 0

    def add(self, at: datetime, name: str, value: str) -> None:
        """Marks that mean something to Asterisk's dialplan are written `_`."""
        now = (at - _EPOCH) // _MICRO
        if not self.entries:
            self.first = now
        entry = f"{now - self.first}:{name}:{value.translate(_MARKS)}"
        self.entries.append(entry)
        self.length += len(entry) + 1

    @property
    def full(self) -> bool:
        return self.length > FULL

    @property
    def text(self) -> str:
        return ";".join([str(self.first), *self.entries]) if self.entries else ""


def read_trail(text: str) -> Iterator[tuple[datetime, str, str]]:
    """(at, name, value) of every entry that can be read; the file may be torn."""
    first, *entries = text.split(";")
    if not first.isdecimal():
        return
    for entry in entries:
        after, _, told = entry.partition(":")
        name, found, value = told.partition(":")
        if found and after.lstrip("-").isdecimal():
            yield _EPOCH + (int(first) + int(after)) * _MICRO, name, value

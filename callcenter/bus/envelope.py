"""A numbered event as it travels: engine -> Redis stream -> api -> screens."""

import json
from dataclasses import dataclass
from typing import Any

from callcenter.errors import CallCenterError

VERSION = 1


class WrongVersion(CallCenterError):
    code = "wrong-event-version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """`seq` counts without gaps per node; a reader that finds a gap reads the state anew."""

    seq: int
    node: str
    at: str
    """ISO 8601, UTC."""
    type: str
    call: str | None
    seat: str | None
    data: dict[str, Any]

    def to_json(self) -> str:
        return json.dumps(
            {
                "v": VERSION,
                "seq": self.seq,
                "node": self.node,
                "at": self.at,
                "type": self.type,
                "call": self.call,
                "seat": self.seat,
                "data": self.data,
            },
            ensure_ascii=False,
            separators=(",", ":"),
        )


def from_json(text: str | bytes) -> Envelope:
    """Raises WrongVersion for an envelope of another version: api and engine were upgraded apart."""
    fields = json.loads(text)
    if fields.pop("v", None) != VERSION:
        raise WrongVersion("an event of another version is on the bus; restart api and engine of the same release")
    return Envelope(**fields)

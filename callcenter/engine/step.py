"""What one turn of the pump leaves to be written: domain events, and the rows that they changed. One transaction."""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from callcenter.storage.columns import from_micros, to_micros

Values = dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Step:
    """Column values by table, ready to be written, so that the writer thread shares no object with the pump."""

    number: int
    events: list[Values] = field(default_factory=list)
    calls: list[Values] = field(default_factory=list)
    seats: list[Values] = field(default_factory=list)
    consultations: list[Values] = field(default_factory=list)
    recordings: list[Values] = field(default_factory=list)
    audits: list[Values] = field(default_factory=list)
    visits: list[Values] = field(default_factory=list)
    cel: tuple[int, int] | None = None
    """Inode and offset up to which Asterisk's CEL file is known to be in the database."""

    def to_json(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, default=_pack)


def from_json(line: str) -> Step:
    return Step(**json.loads(line, object_hook=_unpack))


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$at": to_micros(value)}
    if isinstance(value, bytes):
        return {"$hex": value.hex()}
    raise TypeError(f"a step holds a {type(value).__name__}")


def _unpack(values: dict[str, Any]) -> Any:
    if "$at" in values:
        return from_micros(values["$at"])
    if "$hex" in values:
        return bytes.fromhex(values["$hex"])
    return values

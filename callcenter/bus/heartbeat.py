"""The engine's sign of life, as others read it. Written by `engine/heartbeat.py`, gone from Redis when it stops."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Heartbeat:
    at: str
    asterisk: bool
    """The link to Asterisk is up and in step."""
    trunk: bool | None = None
    """The carrier's gateway answers; None: nobody knows."""
    problem: str = ""
    expected: Mapping[str, int] = field(default_factory=dict)
    """Minutes the next caller would wait, by line; a line that is not named: nobody can say."""


def read(text: str | bytes | None) -> Heartbeat | None:
    """None: the engine is silent."""
    if not text:
        return None
    values: dict[str, Any] = json.loads(text)
    return Heartbeat(
        at=str(values.get("at", "")),
        asterisk=bool(values.get("asterisk")),
        trunk=values.get("trunk"),
        problem=str(values.get("problem") or ""),
        expected=values.get("expected") or {},
    )

"""Domain events as rows of the log, and back. The log is the truth that records are folded from."""

import dataclasses
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, get_type_hints

from callcenter.call import events as call_events
from callcenter.call.events import CallEvent
from callcenter.call.table import EventRow
from callcenter.seat import events as seat_events
from callcenter.seat.events import SeatEvent
from callcenter.storage.columns import from_micros, to_micros
from callcenter.storage.numbers import mask

DomainEvent = CallEvent | SeatEvent

KINDS: dict[str, type[DomainEvent]] = {
    kind.__name__: kind
    for module, base in ((call_events, CallEvent), (seat_events, SeatEvent))
    for kind in vars(module).values()
    if isinstance(kind, type) and issubclass(kind, base) and kind is not base
}


def to_values(event: DomainEvent) -> dict[str, Any]:
    """Columns of an EventRow, without `node` and `seq`. A caller's number is masked: its clear form is only in the
    encrypted column of the call."""
    own = {
        f.name: _plain(f.name, getattr(event, f.name))
        for f in dataclasses.fields(event)
        if f.name not in ("at", "call", "seat")
    }
    return {
        "at": event.at,
        "type": type(event).__name__,
        "call": getattr(event, "call", None),
        "seat": getattr(event, "seat", None),
        "data": own,
    }


def from_row(row: EventRow) -> DomainEvent:
    """Raises KeyError for a type this release does not know."""
    kind = KINDS[row.type]
    hints = _hints(row.type)
    names = {f.name for f in dataclasses.fields(kind)}
    values: dict[str, Any] = {k: _typed(hints[k], v) for k, v in row.data.items() if k in names}
    values |= {k: v for k, v in (("at", row.at), ("call", row.call), ("seat", row.seat)) if k in names}
    return kind(**values)


@cache
def _hints(kind: str) -> dict[str, Any]:
    """Finding them costs more than all the rest of reading a row."""
    return get_type_hints(KINDS[kind])


def _plain(name: str, value: Any) -> Any:
    if name == "caller":
        return mask(value)
    if isinstance(value, datetime):
        return to_micros(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    return value.value if isinstance(value, StrEnum) else value


def _typed(hint: Any, value: Any) -> Any:
    if value is None:
        return None
    options = getattr(hint, "__args__", ()) or (hint,)
    for option in options:
        if option is datetime:
            return from_micros(value)
        if isinstance(option, type) and issubclass(option, StrEnum):
            return option(value)
    return value

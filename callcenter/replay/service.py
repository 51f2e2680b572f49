"""Recorded AMI bytes -> call records, through the same decoder and fold as the live engine.

An incident at a site becomes a file, a file becomes a test.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from callcenter.asterisk import events as t
from callcenter.asterisk.decode import Decoder
from callcenter.asterisk.headers import DecodeError, Headers
from callcenter.call.model import CallRecord
from callcenter.engine.registry import Registry
from callcenter.errors import IllegalTransition
from callcenter.ids import Linkedid
from callcenter.seat.model import phone_of

MESSAGE_END = re.compile(rb"\r?\n\r?\n")
EVENT = b"Event:"


@dataclass(slots=True)
class RecordedClock:
    """The time of the recording: a message without a `Timestamp` happened when the one before it did."""

    at: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at


class AnyCaller:
    """In a recording of unknown configuration every first channel that is not a seat's phone is a caller's."""

    def starts(self, event: t.ChannelStarted) -> bool:
        technology, _, name = event.channel.partition("/")
        endpoint = name.rpartition("-")[0]
        own = phone_of(endpoint) is not None or (endpoint.isdigit() and event.context != "from-trunk")
        return str(event.uniqueid) == event.linkedid and technology != "Local" and not own


@dataclass(slots=True)
class Replay:
    records: dict[Linkedid, CallRecord] = field(default_factory=dict)
    """In the order in which the calls began."""
    messages: int = 0
    """Events of any kind, also those that no call needs; 0 when the bytes are no recording."""
    undecodable: int = 0
    """Messages with a missing or malformed header, and events that no call could follow."""


def replay(data: bytes) -> Replay:
    result = Replay()
    registry = Registry(inbound=AnyCaller())
    for event in telephony_events(data):
        if event is None:
            result.undecodable += 1
            continue
        try:
            registry.hear(event)
        except IllegalTransition:
            result.undecodable += 1
        linkedid = Linkedid(getattr(event, "linkedid", ""))
        if (record := registry.record(linkedid)) is not None:
            result.records[linkedid] = record
        registry.settle()
    return result


def holds_events(data: bytes) -> bool:
    """Whether these bytes are a recording: no record out of one is a quiet day, out of anything else a mistake."""
    return any(block.lstrip(b"\r\n").startswith(EVENT) for block in MESSAGE_END.split(data))


def telephony_events(data: bytes) -> Iterator[t.TelephonyEvent | None]:
    """The typed events of recorded bytes, with LF or CRLF; None for one that could not be decoded."""
    clock = RecordedClock()
    decoder = Decoder(clock)
    for block in MESSAGE_END.split(data):
        message = block.strip(b"\r\n")
        if not message.startswith(EVENT):
            continue
        try:
            event = decoder.decode(Headers.parse(message.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")))
        except DecodeError:
            yield None
            continue
        if event is not None:
            clock.at = event.at
            yield event

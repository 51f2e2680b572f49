"""To which seat a caller is offered before his line: the one he asks for, the one that advised him last, the one that
knows his topic best. Pure.

`app_queue` knows one penalty for each member of a line, whoever the caller is; so a choice by caller is made here,
once, among seats that are free at that moment. He waits for nobody by it, and loses no place.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from callcenter.ids import QueueName, SeatId
from callcenter.routing.model import FirstSeat, Level

PREFIX = "seat-"
"""Begin of the name of the queue of one seat."""
UNKNOWN = 6
"""Penalty of a seat that does not know the field; the levels have 0, 2 and 4, as those of a language."""


class Why(StrEnum):
    ASKED = "asked"
    LAST_ADVISER = "last-adviser"
    FIELD = "field"


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """A seat that serves the caller's line."""

    seat: SeatId
    penalty: int
    """In the line, by its language."""
    fields: Mapping[str, Level] = field(default_factory=dict)
    free: bool
    """Could be rung now for this line."""
    since: datetime
    """Of its state: who has been free longest goes first among equals."""


@dataclass(frozen=True, slots=True)
class Offer:
    seat: SeatId
    wait_s: int
    why: Why


def queue_of(seat: str) -> QueueName:
    return QueueName(f"{PREFIX}{seat}")


def is_of_one_seat(queue: str) -> bool:
    return queue.startswith(PREFIX)


def field_penalty(fields: Mapping[str, Level], topic: str) -> int:
    """By its level in the topic or, when it has none there, in the matter above it (`civil` of `civil.housing`)."""
    level = fields.get(topic) or fields.get(topic.partition(".")[0])
    return UNKNOWN if level is None else 2 * (Level.NATIVE - level)


def first_seat(seats: Iterable[Able], rules: FirstSeat, asked: str, last: str, topic: str) -> Offer | None:
    """`seats`: those on duty that serve the line; None: he waits in his line, as everybody."""
    on_duty = {it.seat: it for it in seats}
    wanted = on_duty.get(SeatId(asked))
    if wanted is not None and rules.asked_s:
        return Offer(wanted.seat, rules.asked_s, Why.ASKED)
    adviser = on_duty.get(SeatId(last))
    if adviser is not None and adviser.free and rules.last_adviser_s:
        return Offer(adviser.seat, rules.last_adviser_s, Why.LAST_ADVISER)
    knowing = [it for it in on_duty.values() if it.free and topic and field_penalty(it.fields, topic) < UNKNOWN]
    if knowing and rules.field_s:
        best = min(knowing, key=lambda it: (it.penalty + field_penalty(it.fields, topic), it.since, it.seat))
        return Offer(best.seat, rules.field_s, Why.FIELD)
    return None


def offered(offer: Offer | None) -> dict[str, str]:
    """The channel variables that `[next-queue]` reads."""
    if offer is None:
        return {"CC_SEAT": ""}
    return {"CC_SEAT": offer.seat, "CC_SEAT_S": str(offer.wait_s), "CC_SEAT_WHY": offer.why.value}

"""Which function decodes which AMI event (the functions register themselves), and the headers that many share."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import TypedDict

from callcenter.asterisk import events as ev
from callcenter.asterisk.headers import Headers
from callcenter.ids import Interface, Linkedid, QueueName, SeatId, Uniqueid

DecodeOne = Callable[[Headers, datetime], ev.TelephonyEvent | None]
DECODERS: dict[str, DecodeOne] = {}

PHONE = re.compile(r"[wd]?(\d+)")


def decodes(*names: str) -> Callable[[DecodeOne], DecodeOne]:
    def register(decoder: DecodeOne) -> DecodeOne:
        for name in names:
            DECODERS[name] = decoder
        return decoder

    return register


class Leg(TypedDict):
    """Which channel of which call."""

    uniqueid: Uniqueid
    linkedid: Linkedid


class NamedLeg(Leg):
    channel: str


class QueuedLeg(Leg):
    queue: QueueName


class Member(TypedDict):
    """A seat's telephone in a queue."""

    queue: QueueName
    interface: Interface
    seat: SeatId


def leg(h: Headers) -> Leg:
    return {"uniqueid": Uniqueid(h.text("Uniqueid")), "linkedid": Linkedid(h.text("Linkedid"))}


def named_leg(h: Headers) -> NamedLeg:
    return {**leg(h), "channel": h.text("Channel")}


def queued_leg(h: Headers) -> QueuedLeg:
    return {**leg(h), "queue": QueueName(h.text("Queue"))}


def member(h: Headers) -> Member:
    interface = h.text("Interface")
    return {
        "queue": QueueName(h.text("Queue")),
        "interface": Interface(interface),
        "seat": seat_of(interface, h.text("MemberName", "")),
    }


def seat_of(interface: str, member_name: str = "") -> SeatId:
    """`PJSIP/w1001`, `PJSIP/d1001`, `PJSIP/1001`, `Local/1001@x/n` -> `1001`. A numeric member name wins."""
    if member_name.isascii() and member_name.isdigit():
        return SeatId(member_name)
    device = interface.partition("/")[2] or interface
    device = re.split("[@/;]", device, maxsplit=1)[0]
    phone = PHONE.fullmatch(device)
    return SeatId(phone[1] if phone else device)

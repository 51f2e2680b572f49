"""A seat: the place on duty with a phone, and the person who sits there."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from callcenter.errors import BadInput
from callcenter.ids import Interface, Linkedid, PersonId, SeatId


class SeatState(StrEnum):
    """A seat's day, as everybody sees it.

    signed_out -> ready <-> paused
                  | ^ \\______________________
                  v |                         v
               ringing -> talking <-> holding -> wrap_up -> ready | paused
    unreachable: wants to work, but no phone of the seat is registered and answers, or only a browser's whose microphone
    was not tried. Any state may go to signed_out.
    """

    SIGNED_OUT = "signed_out"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    HOLDING = "holding"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"
    UNREACHABLE = "unreachable"


class Desired(StrEnum):
    """What the person asked for. Kept in the database, brought about in Asterisk, compared at every resync."""

    SIGNED_OUT = "signed_out"
    READY = "ready"
    PAUSED = "paused"


class PhoneKind(StrEnum):
    WEBRTC = "webrtc"
    SIP = "sip"
    MOBILE = "mobile"
    """Dialled over the trunk; it registers nowhere."""

    @property
    def prefix(self) -> str:
        """Of the endpoints that register."""
        return {"webrtc": "w", "sip": "d"}[self.value]


REGISTERING = (PhoneKind.WEBRTC, PhoneKind.SIP)
MOBILE_CONTEXT = "mobile-seat"
"""Dials the mobile and asks for a 1 (asterisk_conf/extensions.d/mobile.conf)."""
PHONE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
OVERSEERS = frozenset(f"s{kind.prefix}" for kind in REGISTERING)


def endpoint_of(seat: str, kind: PhoneKind) -> str:
    """PJSIP endpoint of one phone of a seat, `w1001` or `d1001`. Never a bare number: a trunk caller whose number
    equals an endpoint's name would be asked for its password (endpoint_identifier_order = username,ip)."""
    return f"{kind.prefix}{seat}"


def overseer_endpoint(person: str, kind: PhoneKind) -> str:
    """PJSIP endpoint of a supervisor's or manager's phone, `sw-chen` or `sd-chen`: neither a number nor a seat's.

    Raises BadInput for a sign-in name that cannot be the name of an endpoint."""
    if not PHONE_NAME.fullmatch(person):
        raise BadInput(f"the sign-in name {person} cannot have a phone; it takes letters a-z, digits and . _ -")
    return f"s{kind.prefix}-{person}"


def overseer_of(endpoint: str) -> PersonId | None:
    """Whose phone that is; None for one that is no supervisor's."""
    head, _, person = endpoint.partition("-")
    return PersonId(person) if head in OVERSEERS and person else None


def phone_of(endpoint: str) -> tuple[SeatId, PhoneKind] | None:
    """The seat and the kind of phone behind an endpoint, or a Local channel's extension and context; None for one
    that is no seat's (the trunk)."""
    seat, _, context = endpoint.partition("@")
    if context == MOBILE_CONTEXT:
        return SeatId(seat), PhoneKind.MOBILE
    kind = next((kind for kind in REGISTERING if endpoint[:1] == kind.prefix), None)
    return (SeatId(endpoint[1:]), kind) if kind is not None and endpoint[1:].isdigit() else None


def interface_of(seat: str, kind: PhoneKind) -> Interface:
    """`/n`: the Local channel stays in the talk, or app_queue would lose it when it has been answered."""
    if kind is PhoneKind.MOBILE:
        return Interface(f"Local/{seat}@{MOBILE_CONTEXT}/n")
    return Interface(f"PJSIP/{endpoint_of(seat, kind)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatView:
    """A seat as stored and shown."""

    seat: SeatId
    state: SeatState = SeatState.SIGNED_OUT
    since: datetime
    desired: Desired = Desired.SIGNED_OUT
    reason: str = ""
    """Why it is paused."""
    call: Linkedid | None = None
    phone: PhoneKind | None = None
    """The phone that rings; None: none is registered."""
    wished_phone: PhoneKind | None = None
    """The one the person chose; None: whichever registered first. Another one rings while it is not registered."""
    microphone_tried: bool = True
    """In the page that has the browser phone; it is not rung before. What is no page of ours says nothing of it."""
    missed: int = 0
    """Rings not taken in a row."""
    wrap_up_ends: datetime | None = None

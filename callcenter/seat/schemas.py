from typing import Literal

from pydantic import BaseModel, Field

from callcenter.seat.model import Desired, PhoneKind


class Want(BaseModel):
    state: Desired
    reason: str = Field("", max_length=64, description="why paused; shown on the wallboard")


class WishedPhone(BaseModel):
    phone: PhoneKind
    """On which calls ring, as soon as it is registered; while it is not, another one of the seat."""


class Microphone(BaseModel):
    tried: Literal[True]
    """It opened and was not silent."""
    page: str = Field("", pattern=r"^[0-9a-f]{0,32}$")
    """As in `GET /api/me/phone`."""


class WrapUp(BaseModel):
    action: Literal["done", "extend"]


class Talk(BaseModel):
    """consult: the caller hears music, the seat talks with somebody else; join: all together; back: without the other;
    leave: the caller talks on with the other; transfer: the caller goes there, the seat is free; interpret: the
    on-call interpreter of a language comes into the talk; end: the talk is over, and why stays on record."""

    action: Literal["consult", "interpret", "join", "back", "leave", "transfer", "end"]
    to: Literal["", "seat", "outside", "line"] = ""
    """Of consult and transfer; a line only for transfer."""
    name: str = Field("", max_length=64)
    """A seat, a line, or a name of `site/destinations.yaml`; of `end` a reason of the catalogue; of `interpret` a
    language."""
    topic: str = Field("", pattern=r"^([a-z][a-z0-9_.-]{0,63})?$")
    """Of a transfer to a line; empty: the one in the consultation record. A seat that knows it is rung first."""


class Listen(BaseModel):
    """listen: the supervisor hears the talk; whisper: the seat hears him, the caller does not; barge: all three talk;
    take_over: the seat leaves; stop: he leaves. From each to each other, but not back from take_over."""

    mode: Literal["listen", "whisper", "barge", "take_over", "stop"]


class Asked(BaseModel):
    """The engine accepted it. It is done when the live feed shows it."""

    asked: Literal[True] = True


class SeatParty(BaseModel):
    seat: str
    name: str
    languages: list[str]
    state: str
    can_take: bool
    """Ready, and its phone is registered."""


class LineParty(BaseModel):
    line: str
    ready: int
    waiting: int


class OutsideParty(BaseModel):
    """Its number stays with the server."""

    name: str
    title: str


class Parties(BaseModel):
    seats: list[SeatParty]
    lines: list[LineParty]
    outside: list[OutsideParty]
    interpreters: list[str]
    """Languages for which one may be called in."""

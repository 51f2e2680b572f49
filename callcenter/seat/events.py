"""What happened to a seat, past tense."""

from dataclasses import dataclass
from datetime import datetime

from callcenter.ids import Linkedid, SeatId
from callcenter.seat.model import Desired, PhoneKind, SeatState


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatEvent:
    at: datetime
    seat: SeatId


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatDesired(SeatEvent):
    """The person, or a supervisor in his place, asked for this."""

    desired: Desired
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPhoneWished(SeatEvent):
    """The person chose on which phone calls ring."""

    phone: PhoneKind
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatMicrophone(SeatEvent):
    """What the page that has the browser phone says of it: tried with success since it was opened, or not yet."""

    tried: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatStateChanged(SeatEvent):
    before: SeatState
    after: SeatState
    reason: str = ""
    call: Linkedid | None = None
    wrap_up_ends: datetime | None = None
    missed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatPhoneChanged(SeatEvent):
    """Which phone of the seat rings now; None: none that could."""

    phone: PhoneKind | None

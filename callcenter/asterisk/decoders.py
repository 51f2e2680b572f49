"""Which function decodes which AMI event; the functions register themselves."""

import re
from collections.abc import Callable
from datetime import datetime

from callcenter.asterisk import events as ev
from callcenter.asterisk.headers import Headers
from callcenter.ids import SeatId

DecodeOne = Callable[[Headers, datetime], ev.TelephonyEvent | None]
DECODERS: dict[str, DecodeOne] = {}

PHONE = re.compile(r"[wd]?(\d+)")


def decodes(*names: str) -> Callable[[DecodeOne], DecodeOne]:
    def register(decoder: DecodeOne) -> DecodeOne:
        for name in names:
            DECODERS[name] = decoder
        return decoder

    return register


def seat_of(interface: str, member_name: str = "") -> SeatId:
    """`PJSIP/w1001`, `PJSIP/d1001`, `PJSIP/1001`, `Local/1001@x/n` -> `1001`. A numeric member name wins."""
    if member_name.isascii() and member_name.isdigit():
        return SeatId(member_name)
    device = interface.partition("/")[2] or interface
    device = re.split("[@/;]", device, maxsplit=1)[0]
    phone = PHONE.fullmatch(device)
    return SeatId(phone[1] if phone else device)

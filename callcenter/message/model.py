"""What may be sent, to whom, and where a message stands."""

import re
from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from callcenter.callback.model import Refused as NotDialable
from callcenter.callback.model import dialable
from callcenter.errors import BadInput


class Purpose(StrEnum):
    """Why a message is sent. Stored; each has its own templates."""

    SURVEY = "survey"
    """Invites who hung up first to grade the talk on a page."""
    ALARM = "alarm"
    """To the site's own staff, at the raising and the end of an alarm."""
    TEST = "test"
    """An administrator tries the gateway."""


PLACEHOLDERS: Mapping[Purpose, frozenset[str]] = {
    Purpose.SURVEY: frozenset({"link"}),
    Purpose.ALARM: frozenset({"what", "where", "at"}),
    Purpose.TEST: frozenset({"at"}),
}
"""A template names each of its purpose's placeholders, `{link}`, and no other."""
GOOD_FOR: Mapping[Purpose, timedelta] = {
    Purpose.SURVEY: timedelta(hours=24),
    Purpose.ALARM: timedelta(hours=1),
    Purpose.TEST: timedelta(minutes=10),
}
"""What could not be sent for so long is not sent any more: nobody would know what it is about."""
TO_CITIZENS = frozenset({Purpose.SURVEY})
"""Within the site's hours, and few a day. Messages to staff come at any time."""


class MessageState(StrEnum):
    """Where a message stands. Values are stored.

    queued -> sending -> sent -> delivered | undelivered
      ^          |-> queued (the gateway certainly has not got it) | failed (it refused) | unknown
      '- unknown: the answer was lost. Looked for at the gateway; never simply sent again
    queued -> refused | no_gateway
    """

    QUEUED = "queued"
    SENDING = "sending"
    """Claimed by one worker. Stands here before the gateway hears of it."""
    UNKNOWN = "unknown"
    SENT = "sent"
    """The gateway took it."""
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    REFUSED = "refused"
    """By us: see `Refusal`."""
    NO_GATEWAY = "no_gateway"

    @property
    def over(self) -> bool:
        return self not in (MessageState.QUEUED, MessageState.SENDING, MessageState.UNKNOWN)


class Refusal(StrEnum):
    """Why we do not send it."""

    NO_NUMBER = "no-number"
    FOREIGN = "foreign-number"
    NOT_A_MOBILE = "not-a-mobile"
    OPTED_OUT = "opted-out"
    DO_NOT_CALL = "do-not-call"
    TOO_MANY = "too-many"
    NO_TEMPLATE = "no-template"
    TOO_LATE = "too-late"


_MOBILE = re.compile(r"1[3-9]\d{9}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
TEXT_MAX = 400
"""Characters; six parts of a message in Chinese."""
_REFUSALS = {NotDialable.NO_NUMBER: Refusal.NO_NUMBER, NotDialable.FOREIGN: Refusal.FOREIGN}


def mobile(number: str) -> str | Refusal:
    """The number as `13812345678`, or why it gets no message."""
    national = dialable(number)
    if isinstance(national, NotDialable):
        return _REFUSALS.get(national, Refusal.NOT_A_MOBILE)
    return national if _MOBILE.fullmatch(national) else Refusal.NOT_A_MOBILE


def check_text(purpose: Purpose, text: str) -> None:
    """Raises BadInput for a text that could not be filled in, or says nothing."""
    found = set(_PLACEHOLDER.findall(text))
    wanted = PLACEHOLDERS[purpose]
    if unknown := sorted(found - wanted):
        known = ", ".join(f"{{{name}}}" for name in sorted(wanted))
        raise BadInput(f"text: {{{unknown[0]}}} is not known; there are {known}", field="text")
    if missing := sorted(wanted - found):
        raise BadInput(f"text: {{{missing[0]}}} is missing", field="text")
    if "{" in (bare := _PLACEHOLDER.sub("", text)) or "}" in bare:
        raise BadInput("text: a brace that belongs to no placeholder", field="text")
    if len(text) > TEXT_MAX:
        raise BadInput(f"text: {len(text)} characters; at most {TEXT_MAX}", field="text")


def check_values(purpose: Purpose, values: Mapping[str, str]) -> None:
    """Raises BadInput when they are not exactly what the purpose's templates name."""
    if set(values) != PLACEHOLDERS[purpose]:
        raise BadInput(f"a message `{purpose}` needs {sorted(PLACEHOLDERS[purpose])}, got {sorted(values)}")


def filled(text: str, values: Mapping[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda found: values[found[1]], text)


_LEAVES = frozenset({"TD", "T", "N", "R", "退订", "退", "拒收", "STOP", "UNSUBSCRIBE"})


def wants_out(reply: str) -> bool:
    """Whether a reply asks for no more messages. Only the word itself: `我要退订房子` is about something else."""
    return reply.strip(" \t\r\n.。!！“”\"'").upper() in _LEAVES

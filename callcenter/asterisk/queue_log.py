"""Lines of Asterisk's queue_log: what app_queue itself noted of each call, in whole seconds.

    1795352007|a-1795352005.9|zh|NONE|ENTERQUEUE||13900000001|1
    1795352010|a-1795352005.9|zh|1002|CONNECT|3|a-1795352010.11|0

The third parameter of ENTERQUEUE is the caller's number in clear: it is not kept.
"""

import re
from dataclasses import dataclass

from callcenter.errors import CallCenterError

LINE = re.compile(r"(\d{9,11})\|([^|]+)\|([^|]*)\|([^|]*)\|([A-Z]+)(?:\|(.*))?")
LINE_MAX = 4096
"""Characters. Longer is rubbish."""

ENTERED = "ENTERQUEUE"
CONNECTED = "CONNECT"
RANG_OUT = "RINGNOANSWER"
STARTED = "QUEUESTART"
"""Asterisk has started: whatever call it had before is gone without another line."""
ENDS = {"COMPLETECALLER": "caller", "COMPLETEAGENT": "seat"}
"""End of a talk -> who ended it."""
ABANDONED = "ABANDON"
TIMED_OUT = "EXITWITHTIMEOUT"
BY_KEY = "EXITWITHKEY"
"""Pressed 9 for a callback (extensions.d/callback.conf)."""


class QueueLogRubbish(CallCenterError):
    """A line that is none of ours. Never quoted: it may hold a number."""

    code = "unreadable-queue-log"


@dataclass(frozen=True, slots=True)
class QueueLine:
    at: int
    """Unix second in which it happened."""
    call: str
    """Uniqueid of the caller's channel; `NONE` or `MANAGER` when no call is meant."""
    queue: str
    agent: str
    """The member's name: a seat. `NONE` when no seat is meant."""
    event: str


def parse(text: str) -> QueueLine:
    """Raises QueueLogRubbish."""
    match = LINE.fullmatch(text) if len(text) <= LINE_MAX else None
    if match is None:
        raise QueueLogRubbish("not a line of a queue_log")
    at, call, queue, agent, event, _data = match.groups()
    return QueueLine(int(at), call, queue, agent, event)

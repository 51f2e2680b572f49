"""One line of Asterisk's CEL file. Columns as `callcenter/confgen/render.py` (CEL_COLUMNS) writes them."""

import csv
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from callcenter.asterisk.headers import WITHHELD, DecodeError, instant
from callcenter.errors import CallCenterError

COLUMNS = 13
LINE_MAX = 64 * 1024
"""Characters. Longer is rubbish."""


class CelRubbish(CallCenterError):
    """A line that is none of ours: torn, doubled into another, of another form. Never quoted: it holds numbers."""

    code = "unreadable-cel"


@dataclass(frozen=True, slots=True)
class CelLine:
    type: str
    at: datetime
    channel: str
    uniqueid: str
    linkedid: str
    number: str
    """Empty when withheld."""
    context: str
    exten: str
    app: str
    data: str
    name: str
    """Of a USER_DEFINED event."""
    extra: dict[str, Any]

    @property
    def interface(self) -> str:
        """`PJSIP/d1001-0000000a` -> `PJSIP/d1001`."""
        return self.channel.rpartition("-")[0] or self.channel

    @property
    def cause(self) -> int:
        """Q.850 of a HANGUP; 0: none."""
        cause = self.extra.get("hangupcause")
        return cause if isinstance(cause, int) else 0

    @property
    def source(self) -> str:
        """Of a HANGUP: the channel whose party hung up, `dialplan/builtin`, or empty."""
        return str(self.extra.get("hangupsource") or "")

    @property
    def bridge(self) -> str:
        return str(self.extra.get("bridge_id") or "")

    @property
    def value(self) -> str:
        """Of a USER_DEFINED event."""
        return str(self.extra.get("extra") or "")


def parse_line(text: str) -> CelLine:
    """Raises CelRubbish."""
    if len(text) > LINE_MAX:
        raise CelRubbish("a line without end")
    try:
        rows = list(csv.reader([text], strict=True))
    except csv.Error:
        raise CelRubbish("quotes that do not match") from None
    if len(rows) != 1 or len(rows[0]) != COLUMNS:
        raise CelRubbish(f"not {COLUMNS} columns")
    kind, time, channel, uniqueid, linkedid, number, context, exten, app, data, name, extra, _peer = rows[0]
    if not (kind and channel and uniqueid and linkedid):
        raise CelRubbish("a column is empty that never is")
    try:
        at = instant(time, "eventtime")
        more = json.loads(extra) if extra else {}
    except (DecodeError, ValueError, RecursionError):
        raise CelRubbish("a time or an extra that cannot be read") from None
    if not isinstance(more, dict):
        raise CelRubbish("an extra that is no object")
    number = "" if number.lower() in WITHHELD else number
    return CelLine(kind, at, channel, uniqueid, linkedid, number, context, exten, app, data, name, more)

"""Key 9 while waiting: the caller hangs up and keeps his place (asterisk_conf/extensions.d/callback.conf)."""

import asyncio
import logging
from datetime import UTC, datetime

from callcenter.asterisk.channel_control import ChannelGone
from callcenter.ivr.requests import CallerRequest, RequestBook
from callcenter.ivr.served import Caller

log = logging.getLogger(__name__)

SCRIPT = "keep-place"
"""Path of the AGI address."""


class PlaceKeeper:
    def __init__(self, book: RequestBook) -> None:
        self._book = book

    async def handle(self, caller: Caller) -> None:
        """Sets `CC_KEPT` to 1 when the request is on record; otherwise the dialplan lets him wait on."""
        arrived, line = await caller.get("CC_ARRIVED"), await caller.get("CC_LINE")
        if isinstance(arrived, ChannelGone) or isinstance(line, ChannelGone) or not arrived.value.isdecimal():
            return
        request = CallerRequest(
            call=caller.linkedid,
            kind="callback",
            at=datetime.fromtimestamp(int(arrived.value), UTC),
            number=caller.caller_number,
            language=line.value,
        )
        if await asyncio.to_thread(self._book.put, request):
            log.info("callback.place_kept call=%s line=%s", caller.linkedid, line.value)
            await caller.set("CC_KEPT", "1")

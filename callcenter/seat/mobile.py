"""The number of a seat's mobile, told to the dialplan when it is about to dial it: so it stands in no file of
Asterisk's configuration (asterisk_conf/extensions.d/mobile.conf)."""

import asyncio
import logging

from sqlalchemy.exc import DBAPIError

from callcenter.account.repository import People
from callcenter.asterisk.channel_control import ChannelGone
from callcenter.errors import CallCenterError
from callcenter.ivr.served import Caller
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

SCRIPT = "seat-mobile"
"""Path of the AGI address."""


class MobileNumbers:
    def __init__(self, database: Database, vault: NumberVault) -> None:
        self._database = database
        self._vault = vault

    async def handle(self, channel: Caller) -> None:
        """Sets `CC_MOBILE` to the number of the seat in `CC_MEMBER`; left empty, the seat is not rung."""
        seat = await channel.get("CC_MEMBER")
        if isinstance(seat, ChannelGone):
            return
        try:
            number = await asyncio.to_thread(self._number, seat.value)
        except (CallCenterError, DBAPIError) as error:
            log.error("seat.mobile_unknown seat=%s reason=%s", seat.value, str(error).splitlines()[0])
            return
        await channel.set("CC_MOBILE", number)

    def _number(self, seat: str) -> str:
        with self._database.read() as session:
            person = People(session).at_seat(seat)
            return self._vault.open(person.mobile) if person is not None else ""

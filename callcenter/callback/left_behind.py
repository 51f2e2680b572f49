"""Messages that the dialplan recorded by itself, at the end of an overflow (asterisk_conf/extensions.d/overflow.conf):
filed like those that the engine's menus record. So a message outlives an engine that was dead then."""

import logging
from datetime import timedelta
from typing import Literal

from sqlalchemy import exists, select

from callcenter.call.model import Outcome
from callcenter.call.table import CallRow
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.ids import Linkedid
from callcenter.ivr.messages import SHORTEST_MS, message_file, millis_of
from callcenter.ivr.requests import CallerRequest, StoredRequests
from callcenter.ivr.table import CallerRequestRow
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault

log = logging.getLogger(__name__)

LOOKS_BACK = timedelta(days=30)
"""An engine that was away longer tells nothing any more: its CEL file is gone, too."""
KIND: Literal["voicemail"] = "voicemail"


class LeftBehind:
    """A chore of the sweeper. A message that is filed twice is one: its call is the key."""

    def __init__(self, settings: Settings, database: Database, vault: NumberVault, clock: Clock) -> None:
        self._recordings = settings.recordings_dir
        self._database = database
        self._vault = vault
        self._book = StoredRequests(database, vault)
        self._clock = clock

    def look(self) -> None:
        filed = exists().where(CallerRequestRow.call == CallRow.id, CallerRequestRow.kind == KIND)
        unfiled = select(CallRow).where(
            CallRow.outcome == Outcome.VOICEMAIL.value,
            CallRow.started_at >= self._clock.now() - LOOKS_BACK,
            CallRow.node != "",
            CallRow.left_at.is_not(None),
            ~filed,
        )
        with self._database.read() as session:
            rows = session.scalars(unfiled).all()
        for row in rows:
            self._file(row)

    def _file(self, row: CallRow) -> None:
        """The file is named for the day on which the message began."""
        for at in dict.fromkeys((row.left_at or row.started_at, row.started_at)):
            name = message_file(Linkedid(row.id), at)
            millis = millis_of(self._recordings / name)
            if millis >= SHORTEST_MS:
                request = CallerRequest(
                    call=row.id,
                    kind=KIND,
                    at=at,
                    number=self._vault.open(row.caller),
                    language=row.language or "",
                    file=name,
                    millis=millis,
                )
                kept = self._book.put(request)
                log.info("callback.message_filed call=%s kept=%s", row.id, bool(kept))
                return

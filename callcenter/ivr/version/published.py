"""What follows a publication, for whoever published."""

import logging

from callcenter.bus.commands import CommandBus
from callcenter.config import Settings
from callcenter.errors import CallCenterError
from callcenter.ivr.version.following import follow
from callcenter.storage.database import Database

log = logging.getLogger(__name__)


class Published:
    """The version is on record by then: whatever fails here, each engine does it again within seconds."""

    def __init__(self, settings: Settings, database: Database, commands: CommandBus) -> None:
        self._settings = settings
        self._database = database
        self._commands = commands

    def __call__(self) -> None:
        try:
            follow(self._settings, self._database)
        except (OSError, CallCenterError) as error:
            log.warning("flows.not_followed reason=%s", error)
        if not self._commands.tell("flows.reload", "system"):
            log.warning("flows.not_told: Redis does not answer")

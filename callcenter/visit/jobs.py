"""The sweeper's chore: grades whose visit nobody opened, once a minute."""

import logging
from datetime import timedelta

from callcenter import secrets
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.ivr.site import read_site
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.visit.opening import rules_of
from callcenter.visit.service import VisitService

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)


class OpenMissing:
    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._look_at = clock.now()

    def look(self) -> int:
        """How many were opened now. Raises SQLAlchemyError, SecretsMissing."""
        now = self._clock.now()
        if now < self._look_at:
            return 0
        self._look_at = now + LOOK_EVERY
        rules = rules_of(self._settings, read_site(self._settings.flows_dir).hours)
        vault = NumberVault(secrets.read(self._settings.home))
        count = VisitService(self._database, vault, self._clock, rules).open_missing()
        if count:
            log.warning("visit.opened_later count=%d", count)
        return count

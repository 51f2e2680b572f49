"""The sweeper's chore, once a minute: grades whose visit nobody opened. The engine opens its own in the transaction
that records the grade."""

import logging
from datetime import timedelta

from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.ivr.site import read_site
from callcenter.storage.database import Database
from callcenter.visit.model import Kind
from callcenter.visit.opening import opened, rules_of
from callcenter.visit.repository import Visits

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
SINCE = timedelta(days=30)
AT_ONCE = 500


class OpenMissing:
    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._look_at = clock.now()

    def look(self) -> int:
        """How many were opened now. Raises SQLAlchemyError."""
        now = self._clock.now()
        if now < self._look_at:
            return 0
        self._look_at = now + LOOK_EVERY
        rules = rules_of(self._settings, read_site(self._settings.flows_dir).hours)
        with self._database.read() as session:
            calls = Visits(session).missing(rules.dissatisfied, now - SINCE, AT_ONCE)
        if not calls:
            return 0
        with self._database.begin() as session:
            visits = Visits(session)
            count = sum(visits.open(opened(rules, Kind.DISSATISFIED, call, now)) for call in calls)
        log.warning("visit.opened_later count=%d", count)
        return count

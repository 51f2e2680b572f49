"""The sweeper's part: invites who hung up first, and counts what has arrived as offered."""

from datetime import datetime, timedelta

from callcenter import secrets
from callcenter.clock import Clock
from callcenter.config import Settings
from callcenter.message.model import MessageState
from callcenter.message.rules import MessageRules, read_message_rules
from callcenter.message.setup import lacking, reports_are_expected
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.survey.repository import Surveys
from callcenter.survey.service import invite, note_offers

EVERY = timedelta(seconds=10)
INVITED_WITHIN = timedelta(hours=2)
"""Who hung up longer ago is left in peace: after a long standstill nobody is asked of yesterday's talk."""
LONGEST_CALL = timedelta(hours=12)
ARRIVES_WITHIN = timedelta(days=3)


class Invitations:
    def __init__(self, settings: Settings, database: Database, clock: Clock) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock
        self._next: datetime | None = None

    def look(self) -> int:
        """How many were invited. Raises SQLAlchemyError, SecretsMissing."""
        now = self._clock.now()
        if self._next is not None and now < self._next:
            return 0
        self._next = now + EVERY
        rules, _ = read_message_rules(self._settings.flows_dir)
        self._note(now, rules)
        return self._invite(now, rules) if rules.invite_after_hang_up else 0

    def _invite(self, now: datetime, rules: MessageRules) -> int:
        own = secrets.read(self._settings.home)
        if rules.gateway == "none" or lacking(self._settings, own, rules):
            return 0
        with self._database.read() as session:
            if not Surveys(session).to_invite(now - LONGEST_CALL, now - INVITED_WITHIN):
                return 0
        vault, good_for = NumberVault(own), timedelta(hours=rules.invitation_hours)
        with self._database.begin() as session:
            surveys = Surveys(session)
            surveys.lock()
            calls = surveys.to_invite(now - LONGEST_CALL, now - INVITED_WITHIN)
            for call in calls:
                invite(session, vault, now, call, self._settings.public_url, good_for)
        return len(calls)

    def _note(self, now: datetime, rules: MessageRules) -> None:
        there = [MessageState.DELIVERED.value]
        if not reports_are_expected(self._settings, rules):
            there.append(MessageState.SENT.value)
        with self._database.read() as session:
            arrived = list(Surveys(session).arrived(now - ARRIVES_WITHIN, there))
        if arrived:
            with self._database.begin() as session:
                note_offers(session, arrived, now)

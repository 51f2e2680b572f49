"""Grades by a page: who is invited, what counts as offered, and that a grade is taken once."""

import hashlib
import secrets as random
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from callcenter.call.events import SurveyAnswered, SurveyOffered
from callcenter.call.table import CallRow
from callcenter.clock import Clock
from callcenter.ids import Linkedid
from callcenter.message.model import Purpose
from callcenter.message.service import enqueue
from callcenter.storage.database import Database
from callcenter.storage.numbers import NumberVault
from callcenter.survey.repository import Surveys
from callcenter.survey.table import SurveyRow
from callcenter.visit.model import VisitRules
from callcenter.visit.opening import of_grade

WEB = "web"
TOKEN_BYTES = 16
"""128 bits from the system's generator: nobody guesses one."""
TOKEN_LENGTH = 22
COMMENT_MAX = 500


class Door(StrEnum):
    """What a link opens."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    UNKNOWN = "unknown"


class WebSurvey:
    def __init__(self, database: Database, vault: NumberVault, clock: Clock, visits: VisitRules) -> None:
        self._database = database
        self._vault = vault
        self._clock = clock
        self._visits = visits

    def look(self, token: str) -> tuple[Door, str]:
        """And the language of the call; empty when the link is unknown. Looking uses nothing up: telephones and
        carriers fetch links by themselves."""
        with self._database.read() as session:
            row = Surveys(session).by_token(hashed(token))
        return self._door(row), row.language if row else ""

    def answer(self, token: str, grade: int, comment: str) -> tuple[Door, str]:
        """`OPEN`: this grade, 1 to 5, is on record now. Anything else: nothing has changed."""
        now = self._clock.now()
        with self._database.begin() as session:
            surveys = Surveys(session)
            surveys.lock()
            row = surveys.by_token(hashed(token))
            door = self._door(row)
            if row is None or door is not Door.OPEN:
                return door, row.language if row else ""
            event = SurveyAnswered(at=now, call=Linkedid(row.call), grade=grade, via=WEB)
            if not _count_offer(surveys, row, now) or not surveys.tell(
                event, now, of_grade(self._visits, event), grade=grade, survey_via=WEB
            ):
                return Door.USED, row.language
            row.answered_at, row.comment = now, self._vault.seal(comment.strip()[:COMMENT_MAX])
            return Door.OPEN, row.language

    def _door(self, row: SurveyRow | None) -> Door:
        if row is None or row.expires_at is None:
            return Door.UNKNOWN
        if row.answered_at is not None:
            return Door.USED
        return Door.EXPIRED if self._clock.now() >= row.expires_at else Door.OPEN


def invite(session: Session, vault: NumberVault, now: datetime, call: CallRow, root: str, good_for: timedelta) -> None:
    """A link for this call, and the message that brings it. `root`: where citizens reach us, without the last /."""
    token = random.token_urlsafe(TOKEN_BYTES)
    language = call.language or ""
    row = SurveyRow(
        call=call.id, token_hash=hashed(token), language=language, invited_at=now, expires_at=now + good_for
    )
    Surveys(session).add(row)
    number, values = vault.open(call.caller), {"link": f"{root}/s/{token}"}
    enqueue(
        session, vault, now, purpose=Purpose.SURVEY, subject_id=call.id, language=language, number=number, values=values
    )


def note_offers(session: Session, calls: list[str], now: datetime) -> None:
    """These invitations have arrived."""
    surveys = Surveys(session)
    surveys.lock()
    for call in calls:
        row = surveys.get(call)
        if row is not None:
            _count_offer(surveys, row, now)


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _count_offer(surveys: Surveys, row: SurveyRow, now: datetime) -> bool:
    """Who answers was offered it, whatever the gateway says. False: it cannot be on record any more."""
    if row.offered_at is not None:
        return True
    row.offered_at = now
    offered = SurveyOffered(at=now, call=Linkedid(row.call), via=WEB)
    return surveys.tell(offered, now, survey_offered=True, survey_via=WEB)

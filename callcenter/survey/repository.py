"""Every query of surveys, and the one way by which a grade comes into a record after the call."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from callcenter.call.events import CallEvent
from callcenter.call.model import NOT_INBOUND, CallState, EndedBy, Outcome
from callcenter.call.table import CallRow
from callcenter.engine.repository import EngineRepository
from callcenter.engine.step import Step
from callcenter.ids import NodeName
from callcenter.message.model import Purpose
from callcenter.message.table import MessageRow
from callcenter.seat.table import SeatRow
from callcenter.storage.event_log import to_values
from callcenter.storage.turns import one_at_a_time
from callcenter.survey.table import SurveyRow

LOCK = 12_348_034
NODE = NodeName("-survey")
"""Whose events these are in the log. The dash: no engine's node can have this name."""
BATCH = 100


class Surveys:
    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self) -> None:
        """Answers, invitations and their events one at a time: events have numbers without gaps."""
        one_at_a_time(self._session, LOCK)

    def get(self, call: str) -> SurveyRow | None:
        return self._session.get(SurveyRow, call)

    def by_token(self, token_hash: str) -> SurveyRow | None:
        return self._session.scalar(select(SurveyRow).where(SurveyRow.token_hash == token_hash))

    def add(self, row: SurveyRow) -> None:
        self._session.add(row)

    def call(self, call: str) -> CallRow | None:
        return self._session.get(CallRow, call)

    def to_invite(self, started: datetime, left: datetime) -> Sequence[CallRow]:
        """Who was served, hung up first and so heard no survey; begun and left since these moments.

        Not while the seat is in wrap-up: until then the record is the engine's alone.
        """
        query = (
            select(CallRow)
            .where(
                CallRow.started_at >= started,
                CallRow.left_at >= left,
                CallRow.state == CallState.ENDED.value,
                CallRow.outcome == Outcome.ANSWERED.value,
                CallRow.ended_by == EndedBy.CALLER.value,
                CallRow.survey_offered.is_(False),
                CallRow.node != "",
                CallRow.caller.is_not(None),
                CallRow.source.not_in([source.value for source in sorted(NOT_INBOUND)]),
                ~exists().where(SurveyRow.call == CallRow.id),
                ~exists().where(SeatRow.call == CallRow.id),
            )
            .order_by(CallRow.left_at)
            .limit(BATCH)
        )
        return self._session.scalars(query).all()

    def arrived(self, since: datetime, states: Sequence[str]) -> Sequence[str]:
        """Calls whose invitation, made since, is with the citizen and not yet counted as an offer."""
        message = exists().where(
            MessageRow.purpose == Purpose.SURVEY.value,
            MessageRow.subject == SurveyRow.call,
            MessageRow.state.in_(states),
        )
        query = select(SurveyRow.call).where(SurveyRow.invited_at >= since, SurveyRow.offered_at.is_(None), message)
        return self._session.scalars(query.limit(BATCH)).all()

    def tell(self, event: CallEvent, now: datetime, visits: Sequence[dict[str, Any]] = (), **changes: object) -> bool:
        """Into the record and the log, both or neither, with the return visits that the event asks for. False: the call
        has a grade already, or is not there."""
        changed = self._session.execute(
            update(CallRow)
            .where(CallRow.id == event.call, CallRow.grade.is_(None))
            .values(**changes)
            .execution_options(synchronize_session=False)
        )
        if int(getattr(changed, "rowcount", 0)) != 1:
            return False
        engine = EngineRepository(self._session, NODE)
        engine.write([Step(number=engine.node(now).step + 1, events=[to_values(event)], visits=list(visits))], now)
        return True

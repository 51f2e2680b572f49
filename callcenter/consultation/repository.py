from datetime import datetime

from sqlalchemy import CursorResult, update
from sqlalchemy.orm import Session

from callcenter.call.table import CallRow
from callcenter.consultation.model import Consultation, Draft
from callcenter.consultation.table import ConsultationRow


class Consultations:
    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, call: str) -> Consultation | None:
        row = self._session.get(ConsultationRow, call, populate_existing=True)
        return None if row is None else _consultation(row)

    def save(self, call: str, version: int, draft: Draft, now: datetime, closed_at: datetime | None) -> bool:
        """False when somebody else saved since `version` was read; nothing is changed then."""
        changed = self._session.execute(
            update(ConsultationRow)
            .where(ConsultationRow.call == call, ConsultationRow.version == version)
            .values(
                version=version + 1,
                saved_at=now,
                closed_at=closed_at,
                topic=draft.topic,
                place=draft.place,
                identity=draft.identity,
                groups=list(draft.groups),
                request=draft.request,
                reply=draft.reply,
                outcome=draft.outcome,
            )
        )
        saved = isinstance(changed, CursorResult) and changed.rowcount == 1
        if saved:
            self._tell_call(call, draft.place or None)
        return saved

    def _tell_call(self, call: str, place: str | None) -> None:
        """Figures by place look at the call alone; a place that stays writes nothing, so no sums are made anew."""
        other = CallRow.place.is_distinct_from(place)
        self._session.execute(update(CallRow).where(CallRow.id == call, other).values(place=place))


def _consultation(row: ConsultationRow) -> Consultation:
    return Consultation(
        call=row.call,
        seat=row.seat,
        opened_at=row.opened_at,
        saved_at=row.saved_at,
        closed_at=row.closed_at,
        version=row.version,
        order_no=row.order_no,
        draft=Draft(
            topic=row.topic,
            place=row.place,
            identity=row.identity,
            groups=tuple(row.groups),
            request=row.request,
            reply=row.reply,
            outcome=row.outcome,
        ),
    )

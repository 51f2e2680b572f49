from datetime import datetime

from pydantic import BaseModel

from callcenter.instants import format_instant
from callcenter.storage.columns import to_micros
from callcenter.survey.table import SurveyRow


class SurveyOut(BaseModel):
    """What belongs to a talk's survey beside the grade. Times with China's offset; null: did not happen."""

    invited_at: str | None
    offered_at: str | None
    answered_at: str | None
    expires_at: str | None
    comment: str
    """As written on the page."""
    spoken_millis: int
    """Length of what was said after a bad grade; 0: nothing."""

    @staticmethod
    def of(row: SurveyRow | None, comment: str) -> "SurveyOut":
        def time(name: str) -> str | None:
            at: datetime | None = getattr(row, name, None)
            return None if at is None else format_instant(to_micros(at))

        return SurveyOut(
            invited_at=time("invited_at"),
            offered_at=time("offered_at"),
            answered_at=time("answered_at"),
            expires_at=time("expires_at"),
            comment=comment,
            spoken_millis=row.spoken_millis if row else 0,
        )

"""Reports and exports as JSON."""

from datetime import datetime

from pydantic import BaseModel, Field

from callcenter.call.model import Outcome
from callcenter.call.repository import Wanted
from callcenter.config import Settings
from callcenter.instants import CHINA
from callcenter.report.drill import Part, drill_of
from callcenter.report.paper.period import period
from callcenter.report.paper.table import PaperRow


class AskIn(BaseModel):
    period: str = Field(max_length=8, description="day | week | month | year")
    of: str = Field(max_length=10, description="2026-10-05 | 2026-W40 | 2026-10 | 2026")


class CallsIn(BaseModel):
    """The filter of the list of calls; times with their offset."""

    start: datetime | None = Field(None, alias="from")
    end: datetime | None = Field(None, alias="to")
    outcome: Outcome | None = None
    seat: str | None = Field(None, max_length=64)
    language: str | None = Field(None, max_length=64)
    line: str | None = Field(None, max_length=64)
    source: str | None = Field(None, max_length=64)
    topic: str | None = Field(None, max_length=64)
    record_topic: str | None = Field(None, max_length=64)
    order_no: str | None = Field(None, max_length=16)
    place: str | None = Field(None, max_length=64)
    law_firm: str | None = Field(None, max_length=64)
    grade: int | None = Field(None, ge=1, le=5)
    live: bool | None = None
    figure: str | None = Field(None, max_length=64, description="only its calls, e.g. service_level:SL3")
    part: Part = Field("denominator", description="of the figure")
    caller: str | None = Field(None, max_length=32, description="the whole number")

    def wanted(self, settings: Settings) -> Wanted:
        """Raises BadInput."""
        given = self.model_dump(exclude={"caller", "outcome", "figure", "part"})
        if self.figure:
            given["drill"] = drill_of(settings, self.figure, self.part)
        return Wanted(**given, outcome=self.outcome.value if self.outcome else None)


class PaperOut(BaseModel):
    id: str
    kind: str
    of: str
    title: str
    state: str
    """due | making | made | failed | cancelled"""
    progress: int
    problem: str
    asked_at: str
    made_at: str | None
    upto: str | None
    whole: bool
    """The period was over when it was made."""
    version: int
    corrected: bool
    files: list[str]


def paper_out(row: PaperRow) -> PaperOut:
    span = None if row.kind == "calls" else period(row.kind, row.of)
    return PaperOut(
        id=row.id,
        kind=row.kind,
        of=row.of,
        title=span.title if span else "通话清单",
        state=row.state,
        progress=row.progress,
        problem=row.problem,
        asked_at=_iso(row.asked_at) or "",
        made_at=_iso(row.made_at),
        upto=_iso(row.upto),
        whole=span is None or (row.upto is not None and row.upto >= span.end),
        version=row.version,
        corrected=row.corrected_at is not None,
        files=row.files,
    )


def _iso(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(CHINA).isoformat()

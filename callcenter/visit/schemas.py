"""Return visits as JSON. Numbers are masked here, for everybody."""

from datetime import datetime

from pydantic import BaseModel, Field

from callcenter.account.table import PersonRow
from callcenter.storage.numbers import mask
from callcenter.visit.model import WORDS_MAX, Cause, Due, How, Result, due
from callcenter.visit.service import Visit
from callcenter.visit.table import VisitDrawRow


class VisitAttemptOut(BaseModel):
    at: datetime
    by: str
    how: How
    reached: bool | None
    """null: still under way."""
    note: str
    call: str
    """That came of it, with its recording; empty: written down by hand."""


class VisitOut(BaseModel):
    kind: str
    call: str
    """Kind and call name it in every address."""
    opened_at: datetime
    opened_by: str
    due_at: datetime
    due: Due
    state: str
    assigned_to: str
    assigned_at: datetime | None
    number: str
    language: str | None
    topic: str | None
    called_at: datetime
    seat: str | None
    """That talked with him."""
    grade: int | None
    words: str
    about: str
    draw: str
    attempts: list[VisitAttemptOut]
    result: str
    cause: str
    correction: str
    closed_by: str
    closed_at: datetime | None

    @staticmethod
    def of(visit: Visit, now: datetime) -> "VisitOut":
        row, call = visit.row, visit.call
        return VisitOut(
            kind=row.kind,
            call=row.call,
            opened_at=row.opened_at,
            opened_by=row.opened_by,
            due_at=row.due_at,
            due=due(row.state, row.warn_at, row.due_at, row.closed_at, now),
            state=row.state,
            assigned_to=row.assigned_to,
            assigned_at=row.assigned_at,
            number=mask(visit.number),
            language=call.language,
            topic=call.topic,
            called_at=call.started_at,
            seat=call.seat,
            grade=call.grade,
            words=row.words,
            about=row.about,
            draw=row.draw,
            attempts=[
                VisitAttemptOut(at=it.at, by=it.by, how=it.how, reached=it.reached, note=it.note, call=it.id)
                for it in visit.attempts
            ],
            result=row.result,
            cause=row.cause,
            correction=row.correction,
            closed_by=row.closed_by,
            closed_at=row.closed_at,
        )


class VisitsOut(BaseModel):
    items: list[VisitOut]
    total: int


class OneVisitOut(BaseModel):
    visit: VisitOut
    record_topic: str
    request: str
    reply: str
    """As the lawyer wrote them into the case record."""
    comment: str
    """As the caller wrote it with the grade."""
    spoken_millis: int
    """Length of what he said after it on the telephone; 0: nothing."""

    @staticmethod
    def whole(visit: Visit, now: datetime) -> "OneVisitOut":
        record = visit.record
        words = {name: getattr(record, name, "") for name in ("request", "reply")}
        topic = record.topic if record else ""
        said = {"comment": visit.comment, "spoken_millis": visit.spoken_millis}
        return OneVisitOut(visit=VisitOut.of(visit, now), record_topic=topic, **said, **words)


class VisitorOut(BaseModel):
    id: str
    name: str
    seat: str | None

    @staticmethod
    def of(person: PersonRow) -> "VisitorOut":
        return VisitorOut(id=person.id, name=person.name, seat=person.seat)


class DrawOut(BaseModel):
    id: str
    share: float
    seed: str
    at: datetime
    by: str
    among: int
    drawn: int
    closed: int

    @staticmethod
    def of(row: VisitDrawRow, closed: int) -> "DrawOut":
        names = ("id", "share", "seed", "at", "by", "among", "drawn")
        return DrawOut(**{name: getattr(row, name) for name in names}, closed=closed)


class Ok(BaseModel):
    ok: bool = True


class RepeatedOut(BaseModel):
    same: bool


class DialledOut(BaseModel):
    attempt: str
    """The call that comes of it has this id."""


class AssignIn(BaseModel):
    person: str = Field(min_length=1, max_length=64)


class AttemptIn(BaseModel):
    how: How
    reached: bool
    note: str = Field("", max_length=1000)


class CloseIn(BaseModel):
    result: Result
    cause: Cause
    correction: str = Field("", max_length=WORDS_MAX)


class ComplaintIn(BaseModel):
    call: str = Field(min_length=1, max_length=80)
    words: str = Field(min_length=1, max_length=WORDS_MAX)
    about: str = Field("", max_length=64, description="A person; empty: whoever talked with him.")


class DrawIn(BaseModel):
    period: str = Field(max_length=8, description="week | month")
    of: str = Field(max_length=10, description="2026-W40 | 2026-10")
    share: float = Field(gt=0, le=1)

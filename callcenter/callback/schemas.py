"""Callbacks and messages as JSON. Numbers are masked here, for everybody."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

from callcenter.call.table import CallRow
from callcenter.callback.table import DoNotCallRow
from callcenter.callback.tasks import ESCALATE_AFTER, Done, Due, Task, due
from callcenter.storage.numbers import mask


class AttemptOut(BaseModel):
    id: str
    at: datetime
    state: str
    result: str | None
    ended_at: datetime | None
    ordered_by: str | None
    seat: str | None
    """That was rung first."""


class MessageOut(BaseModel):
    call: str
    at: datetime
    millis: int
    has_sound: bool


class TaskOut(BaseModel):
    call: str
    """The call in which it was left; names it in every address."""
    kind: str
    at: datetime
    number: str
    language: str
    state: str
    reason: str
    due: Due
    answer_by: datetime
    next_at: datetime | None
    """Not called before."""
    until_at: datetime | None
    """Of an appointment: its end."""
    topic: str
    made_by: str
    tries: int
    order_no: str | None
    taken_by: str
    taken_at: datetime | None
    ended_at: datetime | None
    result: str
    note: str
    served_call: str | None
    messages: list[MessageOut]
    """The oldest first; more than one when the same number called again."""
    attempts: list[AttemptOut]

    @staticmethod
    def of(task: Task, now: datetime) -> "TaskOut":
        row = task.row
        left = [row, *task.joined] if row.kind == "voicemail" else []
        return TaskOut(
            call=row.call,
            kind=row.kind,
            at=row.at,
            number=mask(task.number),
            language=row.language,
            state=row.state,
            reason=row.reason,
            due=due(row, now),
            answer_by=row.until_at or row.at + ESCALATE_AFTER,
            next_at=row.due_at,
            until_at=row.until_at,
            topic=row.topic,
            made_by=row.made_by,
            tries=row.tries,
            order_no=row.order_no,
            taken_by=row.taken_by,
            taken_at=row.taken_at,
            ended_at=row.ended_at,
            result=row.result,
            note=row.note,
            served_call=row.served_call,
            messages=[MessageOut(call=it.call, at=it.at, millis=it.millis, has_sound=bool(it.file)) for it in left],
            attempts=[
                AttemptOut(
                    id=it.id,
                    at=it.claimed_at,
                    state=it.state,
                    result=it.result,
                    ended_at=it.ended_at,
                    ordered_by=it.ordered_by,
                    seat=it.seat,
                )
                for it in task.attempts
            ],
        )


class TasksOut(BaseModel):
    items: list[TaskOut]
    total: int


class MissedOut(BaseModel):
    call: str
    at: datetime
    number: str
    language: str
    times: int

    @staticmethod
    def of(row: CallRow, times: int, number: str) -> "MissedOut":
        language = row.line or row.language or ""
        return MissedOut(call=row.id, at=row.started_at, number=mask(number), language=language, times=times)


class NotCalledOut(BaseModel):
    id: str
    number: str
    since: datetime
    by: str
    why: str

    @staticmethod
    def of(row: DoNotCallRow, number: str) -> "NotCalledOut":
        return NotCalledOut(id=row.number_hash, number=mask(number), since=row.since, by=row.by, why=row.why)


class DoneIn(BaseModel):
    result: Done
    note: str = Field("", max_length=1000)


class WhyIn(BaseModel):
    why: str = Field(min_length=1, max_length=200)


class OfferOut(BaseModel):
    """What a seat of a line that rings seats first is asked to take."""

    offered: TaskOut | None
    """Whose turn it is now."""
    calling: TaskOut | None
    """Whom it is calling back now; the attempt that has no end is the one."""


class AppointmentIn(BaseModel):
    call: str = Field(min_length=1, max_length=80)
    """Whose caller is to be called."""
    begins_at: AwareDatetime
    ends_at: AwareDatetime
    language: str = Field(min_length=1, max_length=16)
    topic: str = Field("", max_length=64)
    """As in the catalogue; empty: not named."""
    note: str = Field("", max_length=1000)


class NotCalledIn(BaseModel):
    number: str = Field(pattern=r"^\+?[0-9]{3,18}$")
    why: str = Field(min_length=1, max_length=200)


class OrderedOut(BaseModel):
    attempt: str
    """The call that comes of it has this id."""


class Ok(BaseModel):
    ok: bool = True

"""Messages as others see them: numbers masked, nothing of what a text was filled in with."""

from datetime import datetime

from pydantic import BaseModel, Field

from callcenter.instants import format_instant
from callcenter.message.model import MessageState, Purpose
from callcenter.message.table import MessageOptOutRow, MessageRow, MessageTemplateRow
from callcenter.storage.columns import to_micros


class MessageOut(BaseModel):
    """Times are ISO 8601 with China's offset; null: did not happen (yet). `number` is masked."""

    id: str
    purpose: Purpose
    subject: str
    language: str
    number: str
    state: MessageState
    reason: str
    made_at: str
    due_at: str
    ended_at: str | None
    tries: int
    parts: int
    gateway: str

    @staticmethod
    def of(row: MessageRow, masked: str) -> "MessageOut":
        return MessageOut(
            id=row.id,
            purpose=Purpose(row.purpose),
            subject=row.subject,
            language=row.language,
            number=masked,
            state=MessageState(row.state),
            reason=row.reason,
            made_at=_iso(row.made_at) or "",
            due_at=_iso(row.due_at) or "",
            ended_at=_iso(row.ended_at),
            tries=row.tries,
            parts=row.parts,
            gateway=row.gateway,
        )


class CountOut(BaseModel):
    """`parts`: short messages that the gateway made of them, as far as it says."""

    state: MessageState
    messages: int
    parts: int


class MessagesOut(BaseModel):
    items: list[MessageOut]
    total: int
    counts: list[CountOut]
    """Of the same interval and purpose, by state."""


class TemplateIn(BaseModel):
    purpose: Purpose
    language: str = Field(min_length=1, max_length=16)
    text: str = Field(min_length=1, max_length=400)
    carrier_id: str = Field("", max_length=64, pattern=r"^[A-Za-z0-9_.-]*$")


class TemplateOut(BaseModel):
    """`state`: in_use | waiting (for approval) | starter (nobody has written one yet; not sent)."""

    id: int | None
    purpose: Purpose
    language: str
    text: str
    carrier_id: str
    state: str
    written_by: str
    written_at: str | None
    approved_by: str | None
    approved_at: str | None

    @staticmethod
    def of(row: MessageTemplateRow) -> "TemplateOut":
        return TemplateOut(
            id=row.id,
            purpose=Purpose(row.purpose),
            language=row.language,
            text=row.text,
            carrier_id=row.carrier_id,
            state="in_use" if row.approved_at else "waiting",
            written_by=row.written_by,
            written_at=_iso(row.written_at),
            approved_by=row.approved_by,
            approved_at=_iso(row.approved_at),
        )

    @staticmethod
    def starter(purpose: Purpose, language: str, text: str) -> "TemplateOut":
        return TemplateOut(
            id=None,
            purpose=purpose,
            language=language,
            text=text,
            carrier_id="",
            state="starter",
            written_by="",
            written_at=None,
            approved_by=None,
            approved_at=None,
        )


class OptOutOut(BaseModel):
    id: str
    number: str
    since: str
    by: str

    @staticmethod
    def of(row: MessageOptOutRow, masked: str) -> "OptOutOut":
        return OptOutOut(id=row.number_hash, number=masked, since=_iso(row.since) or "", by=row.by)


class NumberIn(BaseModel):
    number: str = Field(min_length=1, max_length=32)


class SettledIn(BaseModel):
    arrived: bool
    """What a person has found out of a message whose outcome was unknown; false sends it again."""


class GatewayOut(BaseModel):
    gateway: str
    lacks: list[str]
    """What is still missing, in words."""
    faults: list[str]
    """Of `site/messages.yaml`, with their lines; a file with a fault counts as absent."""
    hours: str
    per_minute: int
    per_number_a_day: int
    invite_after_hang_up: bool
    alarm_numbers: list[str]
    """Masked."""
    waiting_since: str | None
    """Since when the oldest message waits that should have gone by now."""
    last_test: MessageOut | None


class Ok(BaseModel):
    ok: bool = True


def _iso(at: datetime | None) -> str | None:
    return None if at is None else format_instant(to_micros(at))

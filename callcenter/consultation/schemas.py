from datetime import datetime

from pydantic import BaseModel, Field

from callcenter.consultation.model import IDENTITY_MAX, TEXT_MAX, Consultation, Draft, Entry
from callcenter.consultation.service import WrapUp


class EntryOut(BaseModel):
    id: str
    name: dict[str, str]
    """By language."""


class TopicOut(EntryOut):
    children: list[EntryOut]


class SaveIn(BaseModel):
    version: int = Field(ge=0)
    """The one that was read."""
    topic: str = Field("", max_length=64)
    place: str = Field("", max_length=12)
    identity: str = Field("", max_length=IDENTITY_MAX)
    groups: list[str] = Field(default_factory=list, max_length=20)
    request: str = Field("", max_length=TEXT_MAX)
    reply: str = Field("", max_length=TEXT_MAX)
    outcome: str = Field("", max_length=32)
    closed: bool = False

    def draft(self) -> Draft:
        return Draft(
            topic=self.topic,
            place=self.place,
            identity=self.identity,
            groups=tuple(dict.fromkeys(self.groups)),
            request=self.request,
            reply=self.reply,
            outcome=self.outcome,
        )


class ConsultationOut(BaseModel):
    call: str
    seat: str
    version: int
    order_no: str | None
    """Eight digits; for the caller, who asks by them how his matter stands."""
    opened_at: datetime
    saved_at: datetime | None
    closed_at: datetime | None
    closed: bool
    topic: str
    place: str
    """Where the matter lies; of a record that nobody has saved yet the site's own."""
    identity: str
    groups: list[str]
    request: str
    reply: str
    outcome: str
    wrap_up: WrapUp | None = None
    """After saving: what became of the seat's wrap-up."""


def entry_out(entry: Entry) -> EntryOut:
    return EntryOut(id=entry.id, name=entry.name)


def topic_out(entry: Entry) -> TopicOut:
    return TopicOut(id=entry.id, name=entry.name, children=[entry_out(child) for child in entry.children])


def consultation_out(found: Consultation, wrap_up: WrapUp | None = None) -> ConsultationOut:
    draft = found.draft
    return ConsultationOut(
        call=found.call,
        seat=found.seat,
        version=found.version,
        order_no=found.order_no,
        opened_at=found.opened_at,
        saved_at=found.saved_at,
        closed_at=found.closed_at,
        closed=found.closed_at is not None,
        topic=draft.topic,
        place=draft.place,
        identity=draft.identity,
        groups=list(draft.groups),
        request=draft.request,
        reply=draft.reply,
        outcome=draft.outcome,
        wrap_up=wrap_up,
    )

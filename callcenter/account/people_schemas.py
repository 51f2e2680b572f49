"""Accounts, proposals of skills and the audit trail as JSON. No password, no secret of a second factor is in any."""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints

from callcenter.account.administration import Details
from callcenter.account.model import LicenceState, Role
from callcenter.account.repository import licence_of
from callcenter.account.skills import Skills, skills_of
from callcenter.account.table import AuditRow, PersonRow, SkillProposalRow
from callcenter.routing.model import Level
from callcenter.seat.model import PHONE_NAME

PersonName = Annotated[str, StringConstraints(pattern=f"^{PHONE_NAME.pattern}$")]
"""A sign-in name is also the name of a phone's account."""
Text = Annotated[str, StringConstraints(strip_whitespace=True)]


class DetailsIn(BaseModel):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
    role: Role
    seat: Annotated[str, StringConstraints(pattern=r"^[1-9]\d{1,9}$")] | None = None
    licence: Text = Field("", max_length=64)
    licence_until: date | None = None
    law_firm: Text = Field("", max_length=128)
    mobile: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^([0-9]{5,15})?$")] | None = None
    """As dialled over the trunk, digits only; null: as it is, empty: none. On it calls ring when she chooses so."""

    def details(self) -> Details:
        return Details(**self.model_dump(include=set(DetailsIn.model_fields)))


class PersonIn(DetailsIn):
    id: PersonName


class SkillsIn(BaseModel):
    languages: dict[str, Level] = {}
    fields_of_law: dict[str, Level] = {}

    def skills(self) -> Skills:
        return Skills(languages=self.languages, fields=self.fields_of_law)


class SkillsOut(BaseModel):
    languages: dict[str, int]
    fields_of_law: dict[str, int]

    @staticmethod
    def of(skills: Skills) -> "SkillsOut":
        return SkillsOut(
            languages={name: int(level) for name, level in skills.languages.items()},
            fields_of_law={name: int(level) for name, level in skills.fields.items()},
        )


class AccountOut(BaseModel):
    id: str
    name: str
    role: Role
    seat: str | None
    active: bool
    law_firm: str
    licence: str
    licence_until: date | None
    licence_state: LicenceState
    skills: SkillsOut
    mobile: str
    """Masked."""
    has_factor: bool
    one_time_until: datetime | None
    """He has not chosen a password of his own yet; the one handed out is good until then."""
    locked_until: datetime | None

    @staticmethod
    def of(row: PersonRow, mobile: str, now: datetime, today: date, warn_days: int) -> "AccountOut":
        return AccountOut(
            id=row.id,
            name=row.name,
            role=Role(row.role),
            seat=row.seat,
            active=row.active,
            law_firm=row.law_firm,
            licence=row.licence,
            licence_until=row.licence_until,
            licence_state=licence_of(row).state(today, warn_days),
            skills=SkillsOut.of(skills_of(row)),
            mobile=mobile,
            has_factor=row.factor is not None,
            one_time_until=row.one_time_until,
            locked_until=row.locked_until if row.locked_until and row.locked_until > now else None,
        )


class HandedOut(BaseModel):
    person: AccountOut
    one_time_password: str
    """Shown this one time; for the first sign-in, which asks for one's own."""


class ProposalOut(BaseModel):
    id: int
    person: str
    languages: dict[str, int]
    fields_of_law: dict[str, int]
    by: str
    at: datetime
    state: str
    decided_by: str
    decided_at: datetime | None
    note: str

    @staticmethod
    def of(row: SkillProposalRow) -> "ProposalOut":
        names = ("id", "person", "languages", "by", "at", "state", "decided_by", "decided_at", "note")
        return ProposalOut(fields_of_law=row.fields, **{name: getattr(row, name) for name in names})


class OpenProposalOut(BaseModel):
    proposal: ProposalOut
    name: str
    """Of the person."""
    now: SkillsOut
    """What counts so far."""


class OwnSkillsOut(BaseModel):
    now: SkillsOut
    proposals: list[ProposalOut]


class DecisionIn(BaseModel):
    approve: bool
    note: Text = Field("", max_length=200)


class AuditOut(BaseModel):
    id: int
    at: datetime
    person: str
    action: str
    object: str
    detail: dict[str, Any]

    @staticmethod
    def of(row: AuditRow) -> "AuditOut":
        return AuditOut(
            id=row.id, at=row.at, person=row.person, action=row.action, object=row.object, detail=row.detail
        )


class AuditPage(BaseModel):
    items: list[AuditOut]
    total: int


class ActionsOut(BaseModel):
    actions: list[str]

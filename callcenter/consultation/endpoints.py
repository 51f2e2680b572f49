"""Case records and the catalogue they choose from."""

from typing import Annotated

from fastapi import APIRouter, Depends

from callcenter.account.model import Person, Role
from callcenter.account.service import SignedIn
from callcenter.api.auth import Reader, require
from callcenter.api.deps import TheApi
from callcenter.consultation.catalogue import catalogue, places
from callcenter.consultation.schemas import (
    ConsultationOut,
    EntryOut,
    SaveIn,
    TopicOut,
    consultation_out,
    entry_out,
    topic_out,
)
from callcenter.consultation.service import ConsultationService
from callcenter.seat import service as seat

router = APIRouter(prefix="/api", tags=["consultations"])


def _service(api: TheApi) -> ConsultationService:
    def end_wrap_up(person: Person) -> None:
        seat.wrap_up(api.commands, person, "done")

    return ConsultationService(api.database, api.clock, end_wrap_up, api.visit_rules, places(api.settings))


Records = Annotated[ConsultationService, Depends(_service)]
Reading = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER, Role.AUDITOR))]
Writing = Annotated[SignedIn, Depends(require(Role.SEAT, Role.SUPERVISOR, Role.MANAGER))]


@router.get("/consultations/{call}")
def get(call: str, who: Reading, records: Records) -> ConsultationOut:
    return consultation_out(records.get(who.person, call))


@router.put("/consultations/{call}")
def save(call: str, given: SaveIn, who: Writing, records: Records) -> ConsultationOut:
    """`closed` finishes it: topic, reply and outcome must be there, and the seat's wrap-up ends."""
    found, wrap_up = records.save(who.person, call, given.version, given.draft(), given.closed)
    return consultation_out(found, wrap_up)


@router.get("/topics")
def topics(who: Reader) -> list[TopicOut]:
    return [topic_out(entry) for entry in catalogue().topics]


@router.get("/places")
def places_(who: Reader, api: TheApi) -> list[EntryOut]:
    """Where callers' matters may lie, by the settings; none: records do not ask."""
    return [entry_out(entry) for entry in places(api.settings).entries]


@router.get("/outcomes")
def outcomes(who: Reader) -> list[EntryOut]:
    return [entry_out(entry) for entry in catalogue().outcomes]


@router.get("/groups")
def groups(who: Reader) -> list[EntryOut]:
    """Whom a rule of law gives priority; more than one may fit."""
    return [entry_out(entry) for entry in catalogue().groups]


@router.get("/end-reasons")
def end_reasons(who: Reader) -> list[EntryOut]:
    """Why a seat may end a talk after two warnings."""
    return [entry_out(entry) for entry in catalogue().end_reasons]

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from callcenter.account.model import Role
from callcenter.account.repository import Audit, People, licence_of
from callcenter.account.service import SignedIn
from callcenter.api.auth import require
from callcenter.api.deps import TheApi
from callcenter.board.repository import read_board
from callcenter.consultation.catalogue import catalogue
from callcenter.errors import BadInput
from callcenter.instants import china_day
from callcenter.ivr.site import read_site
from callcenter.seat import service
from callcenter.seat.model import Desired
from callcenter.seat.parties import parties
from callcenter.seat.schemas import Asked, Listen, Microphone, Parties, Talk, Want, WishedPhone, WrapUp

router = APIRouter(prefix="/api", tags=["seat"])

Lawyer = Annotated[SignedIn, Depends(require(Role.SEAT))]
Supervisor = Annotated[SignedIn, Depends(require(Role.SUPERVISOR, Role.MANAGER))]
SeatName = Annotated[str, Path(pattern=r"^\d{1,32}$")]


@router.post("/me/state")
def want(asked: Want, who: Lawyer, api: TheApi) -> Asked:
    if asked.state is Desired.READY:
        service.check_licence(who.licence, china_day(api.clock.now()), api.settings)
    service.want(api.commands, who.person, asked.state, asked.reason.strip())
    return Asked()


@router.post("/me/ringing-phone")
def wish_phone(asked: WishedPhone, who: Lawyer, api: TheApi) -> Asked:
    service.wish_phone(api.commands, who.person, asked.phone)
    return Asked()


@router.post("/me/microphone")
def microphone(tried: Microphone, who: Lawyer, api: TheApi) -> Asked:
    """The page that has the browser phone tried its microphone with success: from now on it may be rung."""
    service.microphone_tried(api.commands, api.redis, who.person, tried.page)
    return Asked()


@router.post("/me/wrap-up")
def wrap_up(asked: WrapUp, who: Lawyer, api: TheApi) -> Asked:
    service.wrap_up(api.commands, who.person, asked.action)
    return Asked()


@router.get("/me/parties")
def whom(who: Lawyer, api: TheApi) -> Parties:
    """Whom a talk may be handed on to."""
    settings = api.settings
    with api.database.read() as session:
        board = read_board(session, settings.node, api.vault, settings.languages, api.clock.now())
    return parties(board, read_site(settings.flows_dir), who.person.seat)


@router.post("/me/talk")
def talk(asked: Talk, who: Lawyer, api: TheApi) -> Asked:
    if asked.action == "end" and asked.name not in {entry.id for entry in catalogue().end_reasons}:
        raise BadInput(f"there is no reason {asked.name} to end a talk; see /api/end-reasons")
    topic = asked.topic
    if asked.action == "transfer" and asked.to == "line" and not topic:
        with api.database.read() as session:
            topic = service.topic_written(session, service.seat_of(who.person))
    service.talk(api.commands, who.person, asked.action, asked.to, asked.name, topic)
    return Asked()


@router.post("/seats/{seat}/state")
def want_of(seat: SeatName, asked: Want, who: Supervisor, api: TheApi) -> Asked:
    """In the place of the person: pause him, make him ready, sign him out."""
    if asked.state is Desired.READY:
        with api.database.read() as session:
            person = People(session).at_seat(seat)
        if person is not None:
            service.check_licence(licence_of(person), china_day(api.clock.now()), api.settings)
    service.want_of(api.commands, who.person, seat, asked.state, asked.reason.strip())
    with api.database.begin() as session:
        Audit(session).add(api.clock.now(), who.person.id, "seat-state", seat, state=asked.state.value)
    return Asked()


@router.post("/seats/{seat}/free")
def free(seat: SeatName, who: Supervisor, api: TheApi) -> Asked:
    """A seat that looks busy and is not."""
    service.free(api.commands, who.person, seat)
    with api.database.begin() as session:
        Audit(session).add(api.clock.now(), who.person.id, "seat-freed", seat)
    return Asked()


@router.post("/seats/{seat}/listen")
def listen(seat: SeatName, asked: Listen, who: Supervisor, api: TheApi) -> Asked:
    """At a talk of this seat: with one's own phone, which must be registered."""
    service.listen(api.commands, who.person, seat, asked.mode)
    return Asked()

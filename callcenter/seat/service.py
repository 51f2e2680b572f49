"""What a person may ask of his seat. The engine decides; Asterisk's event confirms."""

from datetime import date

from redis import Redis
from sqlalchemy import select
from sqlalchemy.orm import Session

from callcenter.account import phone_page
from callcenter.account.model import Licence, LicenceState, Person
from callcenter.bus.commands import CommandBus
from callcenter.config import Settings
from callcenter.consultation.table import ConsultationRow
from callcenter.errors import Conflict
from callcenter.ids import SeatId
from callcenter.seat.model import Desired, PhoneKind, endpoint_of
from callcenter.seat.table import SeatRow


class NoSeat(Conflict):
    code = "no-seat"


def seat_of(person: Person) -> SeatId:
    if person.seat is None:
        raise NoSeat(f"{person.id} has no seat; an administrator can give one")
    return person.seat


class LicenceExpired(Conflict):
    code = "licence-expired"


def check_licence(licence: Licence, today: date, settings: Settings) -> None:
    """Raises LicenceExpired: whose licence has ended takes no calls, if the site says so (`licence_needed`)."""
    if settings.licence_needed and licence.state(today, settings.licence_warn_days) is LicenceState.EXPIRED:
        message = f"the licence ended on {licence.until}; an administrator enters the new one before calls come again"
        raise LicenceExpired(message, until=str(licence.until))


def want(commands: CommandBus, person: Person, desired: Desired, reason: str) -> None:
    """Raises what the engine refuses with, or Unavailable."""
    commands.ask("seat.want", by=person.id, seat=seat_of(person), desired=desired.value, reason=reason)


def want_of(commands: CommandBus, by: Person, seat: str, desired: Desired, reason: str) -> None:
    """What a supervisor asks for in the place of the person."""
    commands.ask("seat.want", by=by.id, seat=seat, desired=desired.value, reason=reason)


def wish_phone(commands: CommandBus, person: Person, phone: PhoneKind) -> None:
    """Raises what the engine refuses with, or Unavailable."""
    commands.ask("seat.phone", by=person.id, seat=seat_of(person), phone=phone.value)


class PhoneElsewhere(Conflict):
    code = "phone-elsewhere"


def microphone_tried(commands: CommandBus, redis: Redis, person: Person, page: str) -> None:
    """Raises PhoneElsewhere, what the engine refuses with, or Unavailable."""
    seat = seat_of(person)
    if not phone_page.has(redis, endpoint_of(seat, PhoneKind.WEBRTC), page):
        raise PhoneElsewhere("another page has the browser phone; test the microphone there, or take the phone over")
    commands.ask("seat.microphone", by=person.id, seat=seat, tried=True)


def page_opened(commands: CommandBus, person: Person, tried: bool) -> None:
    """Told before its phone can register. Nobody waits for an answer: an engine that is away keeps no phone away."""
    commands.tell("seat.microphone", by=person.id, seat=seat_of(person), tried=tried)


def free(commands: CommandBus, by: Person, seat: str) -> None:
    commands.ask("seat.free", by=by.id, seat=seat)


def listen(commands: CommandBus, by: Person, seat: str, mode: str) -> None:
    """`mode`: listen | whisper | barge | take_over | stop. The engine puts what came of it into the audit trail."""
    commands.ask("seat.listen", by=by.id, seat=seat, mode=mode)


def topic_written(session: Session, seat: SeatId) -> str:
    """What the seat has chosen in the consultation record of its talk."""
    chosen = select(ConsultationRow.topic).join(SeatRow, SeatRow.call == ConsultationRow.call).where(SeatRow.id == seat)
    return session.scalar(chosen) or ""


def talk(commands: CommandBus, person: Person, action: str, to: str, name: str, topic: str = "") -> None:
    """`action`: consult | interpret | join | back | leave | transfer | end; `to`: seat | outside | line, with its
    `name`."""
    commands.ask("talk", by=person.id, seat=seat_of(person), action=action, to=to, target=name, topic=topic)


def wrap_up(commands: CommandBus, person: Person, action: str) -> None:
    """`action`: done | extend."""
    commands.ask("seat.wrap_up", by=person.id, seat=seat_of(person), action=action)

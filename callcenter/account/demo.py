"""The people of the demo profile, made once on an empty home."""

from callcenter.account import passwords
from callcenter.account.model import Person, Role
from callcenter.account.repository import People
from callcenter.config import Settings
from callcenter.ids import PersonId, SeatId
from callcenter.storage.database import Database


def _seat(number: str, name: str, *languages: str) -> Person:
    return Person(id=PersonId(number), name=name, role=Role.SEAT, seat=SeatId(number), languages=languages)


PEOPLE = (
    _seat("1001", "王晓梅", "zh"),
    _seat("1002", "扎西卓玛", "zh", "bo"),
    _seat("1003", "乌云其其格", "zh", "mn"),
    _seat("1004", "李志强", "zh"),
    Person(id=PersonId("supervisor"), name="陈静", role=Role.SUPERVISOR),
    Person(id=PersonId("manager"), name="赵国栋", role=Role.MANAGER),
    Person(id=PersonId("admin"), name="孙磊", role=Role.ADMIN),
    Person(id=PersonId("auditor"), name="周敏", role=Role.AUDITOR),
)


def seed(database: Database, settings: Settings) -> list[tuple[str, str]]:
    """Make the demo people when there is nobody yet. Returns (name, password) of those made, to be shown once."""
    if settings.profile != "demo":
        return []
    given = settings.demo_password.get_secret_value() if settings.demo_password else None
    with database.read() as session:
        if People(session).count():
            return []
    made = [(person, given or passwords.readable()) for person in PEOPLE]
    hashes = [passwords.hashed(password) for _, password in made]
    with database.begin() as session:
        people = People(session)
        if people.count():
            return []
        for (person, _), password_hash in zip(made, hashes, strict=True):
            people.add(person, password_hash)
    return [(person.id, password) for person, password in made]

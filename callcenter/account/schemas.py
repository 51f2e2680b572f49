from typing import Literal

from pydantic import BaseModel, Field, SecretStr

from callcenter.account.model import Person, Role
from callcenter.account.service import SignedIn

CSRF_HEADER = "X-CSRF-Token"


class SignIn(BaseModel):
    username: str = Field(min_length=1, max_length=64)
    password: SecretStr = Field(min_length=1, max_length=256)
    code: str | None = Field(None, max_length=16, description="second factor; not asked for in the demo profile")


class PersonOut(BaseModel):
    id: str
    name: str
    role: Role
    seat: str | None
    languages: list[str]

    @staticmethod
    def of(person: Person) -> "PersonOut":
        return PersonOut(
            id=person.id, name=person.name, role=person.role, seat=person.seat, languages=list(person.languages)
        )


class Me(BaseModel):
    """Who is signed in, and the header that every unsafe request must carry."""

    person: PersonOut
    csrf_header: str = CSRF_HEADER
    csrf: str

    @staticmethod
    def of(who: SignedIn) -> "Me":
        return Me(person=PersonOut.of(who.person), csrf=who.csrf)


class WebRtcPhone(BaseModel):
    kind: Literal["webrtc"] = "webrtc"
    user: str
    password: str
    domain: str
    ws_url: str


class SipPhone(BaseModel):
    kind: Literal["sip"] = "sip"
    user: str
    password: str
    domain: str
    host: str
    port: int
    transport: Literal["udp"] = "udp"

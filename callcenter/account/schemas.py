from datetime import date
from typing import Literal

from pydantic import BaseModel, Field, SecretStr

from callcenter.account.model import LicenceState, Person, Role, Step
from callcenter.account.service import SignedIn

CSRF_HEADER = "X-CSRF-Token"


class SignIn(BaseModel):
    username: str = Field(min_length=1, max_length=64)
    password: SecretStr = Field(min_length=1, max_length=256)
    code: str | None = Field(None, max_length=16, description="second factor, or a recovery code; where it is needed")


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
    steps: list[Step]
    """To be taken before anything else; until then every other request is refused with `setup-needed`."""
    has_factor: bool
    licence: LicenceState
    licence_until: date | None

    @staticmethod
    def of(who: SignedIn, today: date, warn_days: int) -> "Me":
        return Me(
            person=PersonOut.of(who.person),
            csrf=who.csrf,
            steps=list(who.steps),
            has_factor=who.has_factor,
            licence=who.licence.state(today, warn_days),
            licence_until=who.licence.until,
        )


class NewPassword(BaseModel):
    old: SecretStr = Field(min_length=1, max_length=256)
    new: SecretStr = Field(min_length=1, max_length=256)


class FactorOffer(BaseModel):
    secret: str
    """For apps that cannot read the picture."""
    uri: str
    qr: str
    """An SVG picture as a `data:` address."""


class Code(BaseModel):
    code: str = Field(min_length=1, max_length=16)


class RecoveryCodes(BaseModel):
    codes: list[str]


class Password(BaseModel):
    password: SecretStr = Field(min_length=1, max_length=256)


class IceServer(BaseModel):
    """As the browser's RTCPeerConnection takes it."""

    urls: list[str]
    username: str
    credential: str


class WebRtcPhone(BaseModel):
    kind: Literal["webrtc"] = "webrtc"
    user: str
    password: str
    domain: str
    ws_url: str
    ice_servers: list[IceServer]
    """Empty: the browser reaches Asterisk by itself."""


class PhonePage(BaseModel):
    mine: bool


class SipPhone(BaseModel):
    kind: Literal["sip"] = "sip"
    user: str
    password: str
    domain: str
    host: str
    port: int
    transport: Literal["udp"] = "udp"

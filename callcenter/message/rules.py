"""`site/messages.yaml` of the flows' folder: by which gateway, when, how many, and to whom alarms go."""

from datetime import time
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from callcenter.ivr.finding import Finding
from callcenter.ivr.hours import Span
from callcenter.ivr.site_file import read_site_file

FILE = "messages.yaml"
TWILIO = "https://api.twilio.com"

Mobile = Annotated[str, StringConstraints(pattern=r"^1[3-9]\d{9}$")]
Address = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/\S*)?$", max_length=300)]
Pattern = Annotated[str, StringConstraints(max_length=500)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class TwilioRules(_Part):
    account: Annotated[str, StringConstraints(pattern=r"^AC[0-9a-fA-F]{32}$")]
    sender: Annotated[str, StringConstraints(pattern=r"^(\+\d{6,15}|MG[0-9a-fA-F]{32})$")]
    """Our number there, or a messaging service."""


class Signature(_Part):
    """Of a request: `of` is filled in like a field, and `{secret}` by `message_secret` of secrets.toml."""

    method: Literal["hmac-sha256", "sha256", "md5"] = "hmac-sha256"
    """A plain hash is what some carriers have; put `{secret}` into `of` then."""
    of: Pattern
    upper: bool = False


class Reports(_Part):
    """How the carrier tells us what became of a message: names of its fields, and how it signs them."""

    id: str
    """Holds the id it gave to the message, or ours when it was sent along as `{id}`."""
    state: str
    delivered: list[str] = Field(min_length=1)
    """Any other word means that it did not arrive."""
    signature: Signature
    """`of` names the carrier's fields: `{msgid}{status}{time}{secret}`."""
    signed_in: str
    """The field that holds the signature."""
    at: str = ""
    """The field with the seconds since 1970; what is older than ten minutes is not taken."""


class Replies(_Part):
    """How it hands on what a citizen answers."""

    number: str
    text: str
    signature: Signature
    signed_in: str
    at: str = ""


class HttpRules(_Part):
    """`{number} {text} {id} {template} {values} {at} {account} {signature}` are filled in."""

    url: Address
    form: Literal["json", "form"] = "json"
    account: str = Field("", max_length=100)
    fields: dict[str, Pattern] = Field(min_length=1, max_length=30)
    signature: Signature | None = None
    taken_at: str
    """Where its answer says whether it took the message: `code`, `result.status`."""
    taken_if: list[str] = Field(min_length=1)
    busy_if: list[str] = Field(default_factory=list)
    """Words by which it asks us to come again later."""
    id_at: str = ""
    reports: Reports | None = None
    replies: Replies | None = None


class MessageRules(_Part):
    gateway: Literal["none", "twilio", "http"] = "none"
    per_minute: int = Field(60, ge=1, le=6000)
    per_number_a_day: int = Field(3, ge=1, le=100)
    hours: Span = "08:00-21:00"
    """Citizens get messages then; China's time."""
    invite_after_hang_up: bool = False
    """Whether callers who hung up first are asked for their grade by a message."""
    invitation_hours: int = Field(72, ge=1, le=720)
    alarm_numbers: list[Mobile] = Field(default_factory=list, max_length=20)
    twilio: TwilioRules | None = None
    http: HttpRules | None = None

    @model_validator(mode="after")
    def _whole(self) -> "MessageRules":
        if self.gateway != "none" and getattr(self, self.gateway) is None:
            raise ValueError(f"gateway is {self.gateway}, so a part `{self.gateway}:` is needed")
        return self

    def span(self) -> tuple[time, time]:
        """The end 24:00 is the last moment of the day."""
        start, end = self.hours.split("-")
        return time.fromisoformat(start), time.max if end == "24:00" else time.fromisoformat(end)


def read_message_rules(flows: Path) -> tuple[MessageRules, tuple[Finding, ...]]:
    """Never raises for what is in the file; one with a fault counts as absent. Read anew when the file has changed."""
    path = flows / "site" / FILE
    try:
        found = path.stat()
    except OSError:
        return MessageRules(), ()
    return _read(path, found.st_mtime_ns, found.st_size)


@lru_cache(4)
def _read(path: Path, _changed_ns: int, _size: int) -> tuple[MessageRules, tuple[Finding, ...]]:
    rules, findings = read_site_file(path, MessageRules, "bad-messages")
    return rules, tuple(findings)
